"""The view of a software request: what query `case` and `submit` answer with, as JSON (SPEC §5)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.calendars import Reading
from domain.journal import JournalLine, newest_lines
from domain.software_items import DROPPED, Item, ItemState
from domain.software_messages import SOFTWARE_MESSAGES, ActivationKeys, Clarification, KeysGranted, Withdrawal
from domain.software_promises import reading_of
from domain.software_update import ROUND, SoftwareOutcome, SoftwareStage, SoftwareUpdate
from domain.view import PromiseView, next_due, promise_state, view_of_promise
from domain.waits import Party, Wait


class ItemView(BaseModel):
    """An item as people see it: what it is, how far it has come, and why. Keys are masked."""

    model_config = ConfigDict(frozen=True)

    item: int
    serial_number: str | None
    type: str | None
    stated_serial_number: str | None
    stated_type: str | None
    customer: str | None
    site: str | None
    contract: str | None
    installed_version: str | None
    release: str | None
    version: str | None
    state: ItemState
    reason: str
    keys: tuple[str, ...]
    asked_at: datetime | None
    answered_at: datetime | None


class SoftwarePromiseView(PromiseView):
    """A promise of the request, of the contract under which it is owed, in that contract's reading (R13)."""

    contract: str
    reading: Reading | None
    """None for the internal target, which runs on the strictest."""


class SoftwareView(BaseModel):
    """A software request as people see it."""

    model_config = ConfigDict(frozen=True)

    reference: str
    workflow_id: str
    run_id: str
    stage: SoftwareStage
    outcome: SoftwareOutcome | None
    outcome_reason: str | None
    check_pending: bool
    requested_by: str
    channel: str | None
    serial_number: str | None
    """Of a request for one piece of equipment."""
    customers: tuple[str, ...]
    customer: str | None
    site: str | None
    owner: str
    next_action: str
    waiting_for: Party
    waiting_since: datetime
    reported_at: datetime
    received_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    round: int
    items: tuple[ItemView, ...]
    answered: int
    delivered: int
    promise_state: str
    next_due_at: datetime | None
    next_messages: tuple[str, ...]
    promises: tuple[SoftwarePromiseView, ...]
    slots: tuple[str, ...] = ()
    """A request has no visits."""
    waits: tuple[Wait, ...]
    journal: tuple[JournalLine, ...]


class SoftwareSubmitAnswer(BaseModel):
    """What update `submit` answers: what became of the message, one sentence on it, and the new view."""

    model_config = ConfigDict(frozen=True)

    disposition: str
    text: str
    case: SoftwareView


def view_of_software(update: SoftwareUpdate) -> SoftwareView:
    """Show a request as it stands."""
    customers = tuple(dict.fromkeys(item.card.customer for item in update.items if item.card))
    sites = {item.card.site for item in update.items if item.card}
    request = update.request
    return SoftwareView(
        reference=update.reference,
        workflow_id=update.workflow_id,
        run_id=update.run_id,
        stage=update.stage,
        outcome=update.outcome,
        outcome_reason=update.outcome_reason,
        check_pending=update.check_pending,
        requested_by=request.requested_by.name if request else "",
        channel=request.channel if request else None,
        serial_number=update.items[0].serial_number if len(update.items) == 1 else None,
        customers=customers,
        customer=customers[0] if len(customers) == 1 else None,
        site=next(iter(sites)) if len(sites) == 1 else None,
        owner=update.owner,
        next_action=update.next_action,
        waiting_for=update.ball,
        waiting_since=update.waits[-1].since if update.waits else update.received_at,
        reported_at=update.received_at,
        received_at=update.received_at,
        opened_at=update.opened_at,
        closed_at=update.closed_at,
        round=ROUND,
        items=tuple(_item_view(update, item) for item in update.items),
        answered=sum(item.is_answered for item in update.items),
        delivered=len(update.in_state(ItemState.DELIVERED)),
        promise_state=promise_state(update.promises),
        next_due_at=next_due(update.promises),
        next_messages=next_software_messages(update),
        promises=_promise_views(update),
        waits=tuple(wait.model_copy() for wait in update.waits),
        journal=newest_lines(update.journal),
    )


def next_software_messages(update: SoftwareUpdate) -> tuple[str, ...]:
    """The kinds that the request takes now; the stock's own word is for no one to send."""
    if not update.is_open or update.outcome is not None:
        return ()
    idle = {
        Clarification.kind: not update.in_state(ItemState.CLARIFICATION),
        ActivationKeys.kind: not update.in_state(ItemState.AWAITING_KEY),
        KeysGranted.kind: True,
        Withdrawal.kind: True,
    }
    return tuple(kind for kind in SOFTWARE_MESSAGES if not idle.get(kind, False))


def items_shown(update: SoftwareUpdate) -> str:
    """How far a request has come, in a few words: `12 of 20 answered, 9 delivered`."""
    answered = sum(item.is_answered and item.state not in DROPPED for item in update.items)
    return f"{answered} of {len(update.items)} answered, {len(update.in_state(ItemState.DELIVERED))} delivered"


def _item_view(update: SoftwareUpdate, item: Item) -> ItemView:
    card, release = item.card, update.releases.get(item.release or "")
    return ItemView(
        item=item.number,
        serial_number=item.serial_number,
        type=card.type if card else item.type,
        stated_serial_number=item.stated.serial_number,
        stated_type=item.stated.type,
        customer=card.customer if card else None,
        site=card.site if card else None,
        contract=item.contract or None,
        installed_version=card.installed_version if card else None,
        release=item.release,
        version=release.version if release else None,
        state=item.state,
        reason=item.reason,
        keys=item.keys,
        asked_at=item.asked_at,
        answered_at=item.answered_at,
    )


def _promise_views(update: SoftwareUpdate) -> tuple[SoftwarePromiseView, ...]:
    return tuple(
        SoftwarePromiseView(
            **view_of_promise(promise).model_dump(exclude={"warnings"}),
            warnings=tuple(warning.model_copy() for warning in promise.warnings),
            contract=each.contract,
            reading=reading_of(each.coverage) if promise.budget.type == "software_reading" else None,
        )
        for each in update.contracts.values()
        for promise in each.promises
    )
