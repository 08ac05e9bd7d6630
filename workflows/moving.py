"""A case that turns out to be another one's: its report goes there, with its instant (SPEC §5, correction)."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome
    from domain.effects import HandOver


async def move(run: CaseExecution, serial_number: str, reason: str) -> None:
    """Open the right case with the original report, or join the one that is open; this one ends as moved."""
    case = run.case
    assert case.report is not None
    report = case.report.model_copy(update={"reported_at": case.reported_at})
    hand_over = HandOver(
        key=run.next_key("hand-over"),
        now=workflow.now(),
        serial_number=serial_number,
        report=report.model_dump(mode="json", exclude_none=True),
        moved_from=case.reference,
    )
    try:
        reference = await run.effects.hand_over_report(hand_over)
    except ActivityError as failure:
        run.end(Outcome.REJECTED, f"{reason}, and its report could not be handed over: {failure.cause}")
        return
    run.end(Outcome.MOVED, f"{reason}: its report is with {reference} (curative-{serial_number})")
