"""What people are told of a software request: one function a letter, from the state to its facts (R11 to R13).

The wording is in `activities/letters/software_*.j2`. Keys are no facts here: they are put in where the letter is sent.
"""

from collections.abc import Iterable

from domain.promises import Promise, PromiseName
from domain.software_items import Item, ItemState
from domain.software_update import SoftwareUpdate
from domain.words import About, Fact, Words, words

_HOUSE_ZONE = "Europe/Paris"


def acknowledged(update: SoftwareUpdate) -> Words:
    """To the requester: what was understood, when it is due and how that is counted, and what is to be cleared up."""
    promises = [
        {"contract": each.contract, "due": promise.due_at, "reading": each.coverage.terms.software_reading.value}
        for each in update.contracts.values()
        for promise in each.promises
        if promise.name is PromiseName.SOFTWARE_DELIVERY and promise.due_at is not None and promise.is_owed
    ]
    return _words(
        update,
        "software_acknowledged",
        items=[_for_the_requester(update, item) for item in update.items],
        promises=promises,
        hours={each.contract: each.coverage.terms.software_hours for each in update.contracts.values()},
        received=update.received_at,
        unclear=[_for_the_requester(update, item) for item in update.in_state(ItemState.CLARIFICATION)],
    )


def unclear(update: SoftwareUpdate, *, is_reminder: bool) -> Words:
    """To the requester: what has to be cleared up before it can be supplied."""
    items = [_for_the_requester(update, item) for item in update.in_state(ItemState.CLARIFICATION)]
    return _words(update, "software_clarification", items=items, is_reminder=is_reminder)


def delivered(update: SoftwareUpdate, items: Iterable[Item]) -> Words:
    """To the registered contact: the software, where it is, and its keys; and how much of the request is still open."""
    shown = list(items)
    numbers = {item.number for item in shown}
    still_open = [item for item in update.open_items if item.number not in numbers]
    return _words(
        update,
        "software_delivered",
        items=[_item(update, item) | {"keys": []} for item in shown],
        open=[_item(update, item) for item in still_open],
    )


def answered(update: SoftwareUpdate, items: Iterable[Item]) -> Words:
    """To the requester: the answers that there are, and how much of the request is still open."""
    shown = [_for_the_requester(update, item) for item in items]
    still_open = [_for_the_requester(update, item) for item in update.open_items]
    return _words(update, "software_answered", items=shown, open=still_open)


def keys_asked(update: SoftwareUpdate, items: Iterable[Item]) -> Words:
    """To the vendor: activation keys are needed for these."""
    return _words(update, "software_keys_asked", items=[_item(update, item) for item in items])


def key_refused(update: SoftwareUpdate, item: Item, masked: Iterable[str]) -> Words:
    """To the coordinator: the vendor issued keys that somebody else has already."""
    return _words(update, "software_key_refused", item=_item(update, item), keys=list(masked))


def at_risk(update: SoftwareUpdate, contract: str, promise: Promise) -> Words:
    """To the coordinator: a promise comes near its end, and this is still open."""
    return _words(update, "software_at_risk", **_owed(update, contract, promise))


def breached(update: SoftwareUpdate, contract: str, promise: Promise, told_before: int) -> Words:
    """To the coordinator and the supervisor: a promise was missed, and this is still owed."""
    return _words(update, "software_breached", again=told_before > 0, **_owed(update, contract, promise))


def cancelled(update: SoftwareUpdate, reason: str) -> Words:
    """To the requester: the request is called off; what was delivered is delivered."""
    items = [_for_the_requester(update, item) for item in update.items]
    return _words(update, "software_cancelled", items=items, reason=reason)


def about_software(update: SoftwareUpdate) -> About:
    """What a letter is about: the one piece of equipment, or none by name."""
    only = update.items[0] if len(update.items) == 1 else None
    card = only.card if only else None
    kind = (card.type if card else only.type) if only else None
    equipment = " ".join(text for text in (kind, only.serial_number if only else None) if text)
    zone = update.provider.tz if update.provider else _HOUSE_ZONE
    return About(update.reference, equipment, card.site_name if card else "", zone)


def _owed(update: SoftwareUpdate, contract: str, promise: Promise) -> dict[str, Fact]:
    still_open = [item for item in update.of_contract(contract) if not item.is_answered]
    return {
        "contract": contract,
        "due": promise.due_at,
        "is_target": promise.name is PromiseName.SOFTWARE_DELIVERY_TARGET,
        "items": [_item(update, item) for item in still_open],
    }


def _item(update: SoftwareUpdate, item: Item) -> dict[str, Fact]:
    """An item as letters show it."""
    card, release = item.card, update.releases.get(item.release or "")
    return {
        "item": item.number,
        "name": item.name,
        "serial_number": item.serial_number or "",
        "type": (card.type if card else item.type) or "",
        "stated_type": item.type or "",
        "state": item.state.value,
        "contract": card.contract if card else "",
        "installed": card.installed_version if card else "",
        "version": release.version if release else "",
        "notes": release.notes if release else "",
        "file_uri": release.file_uri if release else "",
        "sha256": release.sha256 if release else "",
        "is_theirs": card.is_theirs if card else False,
        "is_step": item.is_step,
        "needs_key": release.needs_key if release else False,
    }


def _for_the_requester(update: SoftwareUpdate, item: Item) -> dict[str, Fact]:
    """An item as the requester is shown it: who writes from elsewhere is not told what stands at a customer's."""
    shown = _item(update, item)
    if shown["is_theirs"]:
        return shown
    return {**shown, "type": item.type or "", "installed": "", "contract": ""}


def _words(update: SoftwareUpdate, template: str, **facts: Fact) -> Words:
    return words(template, about_software(update), **facts)
