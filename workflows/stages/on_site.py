"""On site: the technician installs, configures and tests, so that service is fully restored (R9)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.stages.site_scheduling import book, let_go

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.effects import SlotChoice
    from domain.messages import InterventionReport, SiteScheduling
    from domain.slots import Slot, SlotState


async def on_site(run: CaseExecution, slot: Slot, since: datetime) -> InterventionReport | None:
    """Wait for the technician's report; None when the visit has to be planned anew (R10)."""
    _expect(run, slot, since)
    while True:
        word = await run.next_message("intervention_report", "site_scheduling")
        if isinstance(word, SiteScheduling):
            moved = await _move_visit(run, word)
            if moved is None:
                return None
            _expect(run, moved, word.instant)
        elif isinstance(word, InterventionReport) and word.outcome == "no_access":
            await let_go(run, SlotState.DECLINED, "no access on the day: the visit is planned anew", word.instant)
            return None
        elif isinstance(word, InterventionReport):
            run.case.intervention = word
            await _finish(run)
            return word


async def _finish(run: CaseExecution) -> None:
    """The visit took place, however it ended: its slot holds nothing any more."""
    for slot in run.case.slots:
        if slot.state is SlotState.CHOSEN:
            slot.state = SlotState.DONE
            choice = SlotChoice(key=run.key(f"finish-{slot.slot_id}"), now=workflow.now(), slot_id=slot.slot_id)
            await run.effects.finish_visit(choice)


def _expect(run: CaseExecution, slot: Slot, since: datetime) -> None:
    visit = f"Visit on {slot.start:%a %Y-%m-%d %H:%M%z}: install, configure, test, report"
    run.enter(Stage.ON_SITE, Party.TECHNICIAN, "field technician", visit, since)


async def _move_visit(run: CaseExecution, word: SiteScheduling) -> Slot | None:
    """Scheduling messages are still taken here, and lead back: another slot at once, or new ones to be sought."""
    if word.action in ("choose", "propose"):
        booked = await book(run, word)
        if booked is not None:
            return booked
        return next(slot for slot in run.case.slots if slot.state is SlotState.CHOSEN)
    await let_go(run, SlotState.DECLINED, f"{word.action.replace('_', ' ')}: the visit is planned anew", word.instant)
    return None
