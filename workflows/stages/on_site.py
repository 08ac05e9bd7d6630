"""On site: the technician installs, configures and tests, so that service is fully restored (R9)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.stages.site_scheduling import book, let_go

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.effects import SlotChoice
    from domain.messages import InterventionReport, SiteScheduling
    from domain.slots import Slot, SlotState


async def on_site(run: CaseExecution) -> InterventionReport | None:
    """Wait for the technician's report on the agreed slot; None when the visit has to be planned anew (R10)."""
    _expect(run)
    while True:
        word = await run.next_message("intervention_report", "site_scheduling")
        if isinstance(word, InterventionReport):
            await _end_visit(run, word)
            return None if word.outcome == "no_access" else word
        assert isinstance(word, SiteScheduling)
        if word.action not in ("choose", "propose"):
            await let_go(run, SlotState.DECLINED, f"{word.action.replace('_', ' ')}: planned anew", word.instant)
            return None
        if await book(run, word):
            _expect(run)


def _expect(run: CaseExecution) -> None:
    slot = _chosen(run)
    visit = f"Visit on {slot.start:%a %Y-%m-%d %H:%M%z}: install, configure, test, report"
    run.enter(Stage.ON_SITE, Party.TECHNICIAN, "field technician", visit)


def _chosen(run: CaseExecution) -> Slot:
    return next(slot for slot in run.case.slots if slot.state is SlotState.CHOSEN)


async def _end_visit(run: CaseExecution, report: InterventionReport) -> None:
    """The visit is over, and its slot holds nothing any more; what else was said of it counts for no other visit."""
    run.inbox.drop("intervention_report", reason="not used: the visit it speaks of is over")
    if report.outcome == "no_access":
        await let_go(run, SlotState.DECLINED, "no access on the day: the visit is planned anew", report.instant)
        return
    run.case.since = report.instant
    slot = _chosen(run)
    slot.state = SlotState.DONE
    key = run.key(f"finish-{slot.slot_id}")
    await run.effects.finish_visit(SlotChoice(key=key, now=workflow.now(), slot_id=slot.slot_id))
