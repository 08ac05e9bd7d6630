"""What the requester hears: the acknowledgement, the questions, the answers; and the cases that wait for an answer."""

from temporalio import workflow

from workflows.software.execution import SoftwareExecution

with workflow.unsafe.imports_passed_through():
    from domain import software_notices as notices
    from domain.effects import CaseWord, CaseWords
    from domain.software_items import NEWS, Item, ItemState
    from domain.software_update import Teller

NEWS_KIND = "software_news"
REFUSED = "refused"


async def write_to_the_requester(run: SoftwareExecution) -> None:
    """Acknowledge once, with the due instants; ask what is unclear; answer what is answered; a letter of each kind."""
    update = run.update
    questions = _asked_since(run)
    if not update.is_acknowledged:
        update.is_acknowledged = True
        if update.open_items:  # it says how every item stands: what is answered already needs no other letter
            run.tell_the_requester(notices.acknowledged(update))
            for item in update.items:
                item.is_told = item.is_answered
    elif questions:
        run.tell_the_requester(notices.unclear(update, is_reminder=False))
    answered = [item for item in update.items if item.is_answered and not item.is_told]
    if answered:
        run.tell_the_requester(notices.answered(update, answered))
    for item in answered:
        item.is_told = True
    await _remind_later(run, is_asked_anew=bool(questions))


def _asked_since(run: SoftwareExecution) -> list[Item]:
    """What was asked since the requester was last written to about it."""
    asked_before = run.update.questions_asked
    unclear = [item for item in run.update.in_state(ItemState.CLARIFICATION) if item.asked_at]
    new = [item for item in unclear if asked_before.get(item.number) != item.asked_at]
    run.update.questions_asked |= {item.number: item.asked_at for item in new if item.asked_at}
    return new


async def remind(run: SoftwareExecution) -> None:
    """A question that nobody answers is asked again, ever more seldom; after the last time it is given up."""
    update = run.update
    if update.remind_at is None or update.remind_at > workflow.now():
        return
    unclear = update.in_state(ItemState.CLARIFICATION)
    gaps = update.our_own.terms.reminders
    if not unclear:
        update.remind_at = None
    elif update.reminders < len(gaps) - 1:
        update.reminders += 1
        update.remind_at = await run.after(gaps[update.reminders], "When to ask the requester again?")
        run.tell_the_requester(notices.unclear(update, is_reminder=True))
    else:
        update.remind_at = None
        for item in unclear:
            item.answer(ItemState.NOT_CLARIFIED, f"nobody answered: {item.reason}", workflow.now())
        run.note(f"no clarification came: {len(unclear)} of {len(update.items)} items are given up", kind="reminder")


async def _remind_later(run: SoftwareExecution, *, is_asked_anew: bool) -> None:
    update = run.update
    if not update.in_state(ItemState.CLARIFICATION):
        update.remind_at = None
    elif is_asked_anew:
        update.reminders = 0
        update.remind_at = await run.after(update.our_own.terms.reminders[0], "When to ask the requester again?")


async def tell_cases(run: SoftwareExecution) -> None:
    """A curative case that waits for one of the items is told its answer, once."""
    items = {item.serial_number: item for item in run.update.items} | {
        item.stated.serial_number: item for item in run.update.items if item.stated.serial_number
    }
    due = [
        (teller, items[teller.serial_number])
        for teller in run.update.tellers
        if teller.told is None and teller.serial_number in items and items[teller.serial_number].is_answered
    ]
    if not due:
        return
    words = tuple(_news(run, teller, item) for teller, item in due)
    key = run.update.next_key("software-news")
    await run.effects.tell_cases(CaseWords(key=key, now=workflow.now(), words=words))
    for teller, item in due:
        teller.told = item.state.value
        run.note(
            f"the case {teller.workflow_id} is told: {item.name} {item.state.value.replace('_', ' ')}", kind="news"
        )


def _news(run: SoftwareExecution, teller: Teller, item: Item) -> CaseWord:
    return CaseWord(
        workflow_id=teller.workflow_id,
        name=NEWS_KIND,
        payload={
            "serial_number": teller.serial_number,
            "state": NEWS.get(item.state, REFUSED),
            "text": item.reason,
            "request": run.update.reference,
        },
    )
