"""Activation keys: from the stock, else asked of the vendor and waited for in line (R11)."""

from datetime import timedelta

from temporalio import workflow

from workflows.software.execution import SoftwareExecution

with workflow.unsafe.imports_passed_through():
    from domain import software_notices as notices
    from domain.effects import CaseWord, CaseWords, KeyCallOff, KeyDemand, KeyDemands, KeyGrant, KeysIssued
    from domain.software_items import Item, ItemState
    from domain.software_messages import KeysGranted

FIRST_POLL, LONGEST_POLL = timedelta(hours=4), timedelta(hours=48)
"""When the stock is asked once more, after which it is asked ever more seldom: its own word may have been lost."""


async def give_out_keys(run: SoftwareExecution) -> None:
    """Demand keys for all items that wait for one, when there is a reason: one is new, or the stock may have some."""
    update = run.update
    waiting = update.in_state(ItemState.AWAITING_KEY)
    is_due = update.poll_at is not None and update.poll_at <= workflow.now()
    is_new = any(item.place_in_line is None for item in waiting)
    if not waiting or not (is_new or update.has_grants or is_due):
        update.has_grants = update.has_grants and bool(waiting)
        update.poll_at = update.poll_at if waiting else None
        return
    update.has_grants = False
    demands = KeyDemands(
        workflow_id=update.workflow_id, now=workflow.now(), demands=tuple(demand_of(run, item) for item in waiting)
    )
    answer = await run.effects.demand_keys(demands)
    for grant in answer.grants:
        _take_in(run, grant)
    await _tell_the_others(run, answer.others)
    _ask_the_vendors(run)
    _poll_later(run, is_due=is_due)


async def take_issued_keys(run: SoftwareExecution) -> None:
    """Store what the vendor has issued; it leaves the state once it is stored."""
    update = run.update
    while update.issued:
        word = update.issued[0]
        item = next((each for each in update.items if each.serial_number == word.serial_number), None)
        if item is not None and item.release is not None:
            issued = KeysIssued(
                demand=demand_of(run, item), workflow_id=update.workflow_id, now=workflow.now(), keys=word.keys
            )
            answer = await run.effects.issue_keys(issued)
            if answer.granted and item.state is ItemState.AWAITING_KEY:
                _have(item, answer.granted)
                run.note(f"item {item.number}, {item.name}: the vendor's keys {', '.join(answer.granted)}", kind="key")
            if answer.refused:
                run.note(f"item {item.number}: given out before, and refused: {', '.join(answer.refused)}", kind="key")
                run.tell("coordinator", notices.key_refused(update, item, answer.refused))
        del update.issued[0]


async def call_off(run: SoftwareExecution) -> None:
    """The request is cancelled: what is not on its way is called off; a key that was given out goes its way."""
    update, reason, at = run.update, run.update.cancelled_because, run.update.cancelled_at
    if reason is None or at is None:
        return
    waiting = [item for item in update.in_state(ItemState.AWAITING_KEY) if item.release]
    if waiting:
        demands = tuple(demand_of(run, item) for item in waiting)
        off = await run.effects.call_off_keys(
            KeyCallOff(now=workflow.now(), demands=demands, workflow_id=update.workflow_id)
        )
        for grant in off.granted:
            _take_in(run, grant)
    dropped = update.in_state(ItemState.CHECKING, ItemState.CLARIFICATION, ItemState.AWAITING_KEY)
    for item in dropped:
        item.answer(ItemState.CANCELLED, f"cancelled: {reason}", at)
        item.is_told = True
    if dropped:
        run.note(f"{len(dropped)} of {len(update.items)} items are called off", kind="cancellation")
        run.tell_the_requester(notices.cancelled(update, reason))


def demand_of(run: SoftwareExecution, item: Item) -> KeyDemand:
    """The key that an item needs; the oldest due instant is served first."""
    assert item.serial_number is not None
    assert item.release is not None
    return KeyDemand(
        key=run.update.item_key(item),
        item=item.number,
        serial_number=item.serial_number,
        release=item.release,
        due_at=run.clocks.due_at(item),
    )


def _take_in(run: SoftwareExecution, grant: KeyGrant) -> None:
    item = next(each for each in run.update.items if each.number == grant.item)
    if item.state is not ItemState.AWAITING_KEY:
        return
    if grant.keys:
        _have(item, grant.keys)
        run.note(f"item {item.number}, {item.name}: key {', '.join(grant.keys)} from the stock", kind="key")
    elif item.place_in_line != grant.place_in_line:
        item.place_in_line = grant.place_in_line or 1
        run.update.version += 1


def _have(item: Item, keys: tuple[str, ...]) -> None:
    item.keys, item.state, item.place_in_line = (*item.keys, *keys), ItemState.READY, None


async def _tell_the_others(run: SoftwareExecution, others: tuple[str, ...]) -> None:
    """Who was in line before, and was served as well, is told."""
    if others:
        words = tuple(CaseWord(workflow_id=each, name=KeysGranted.kind, payload={}) for each in others)
        key = run.update.next_key("keys-granted")
        await run.effects.tell_cases(CaseWords(key=key, now=workflow.now(), words=words))


def _ask_the_vendors(run: SoftwareExecution) -> None:
    """One letter a vendor, for all that it has not been asked for yet."""
    waiting = [item for item in run.update.in_state(ItemState.AWAITING_KEY) if item.vendor_asked_at is None]
    addresses = dict.fromkeys(item.card.vendor_email for item in waiting if item.card)
    for address in addresses:
        items = [item for item in waiting if item.card and item.card.vendor_email == address]
        run.tell("vendor", notices.keys_asked(run.update, items), address)
        for item in items:
            item.vendor_asked_at = workflow.now()


def _poll_later(run: SoftwareExecution, *, is_due: bool) -> None:
    update = run.update
    if not update.in_state(ItemState.AWAITING_KEY):
        update.poll_at = None
        return
    if is_due or update.poll_at is None:
        update.poll_at = workflow.now() + min(FIRST_POLL * 2**update.polled, LONGEST_POLL)
        update.polled = min(update.polled + 1, 10)
