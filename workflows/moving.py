"""A case that turns out to be another one's: its report goes there, with its instant (SPEC §5, correction)."""

from pydantic import JsonValue
from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.case_execution import CaseExecution
from workflows.lost_parcel import send_the_found_one_back

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome
    from domain.effects import CaseWord, CaseWords, HandOver
    from domain.parcels import turned_up
    from domain.serial_numbers import curative_workflow_id

NOT_PASSED_ON = {"message_id", "case"}
"""What a message says of its way to this case."""


async def move(run: CaseExecution, serial_number: str, reason: str) -> None:
    """Open the right case with the original report, or join the one that is open; this one ends as moved."""
    case = run.case
    assert case.report is not None
    impact = "blocking" if case.is_blocking else case.report.impact
    report = case.report.model_copy(update={"reported_at": case.reported_at, "impact": impact})
    hand_over = HandOver(
        key=run.next_key("hand-over"),
        now=workflow.now(),
        serial_number=serial_number,
        report=report.model_dump(mode="json", exclude_none=True),
        moved_from=case.reference,
        diagnosis=case.diagnosis.model_dump(mode="json") if case.diagnosis else None,
    )
    try:
        reference = await run.effects.hand_over_report(hand_over)
    except ActivityError as failure:
        run.end(Outcome.REJECTED, f"{reason}, and its report could not be handed over: {failure.cause}")
        return
    run.end(Outcome.MOVED, f"{reason}: its report is with {reference} (curative-{serial_number})")
    while (word := run.inbox.take_interruption()) is not None:
        if (parcel := turned_up(case.failed_parcels, case.round, word)) is not None:
            send_the_found_one_back(run, parcel)  # it is this case's, wherever the report is now
            continue
        await pass_on(
            run, serial_number, word.kind, word.model_dump(mode="json", exclude=NOT_PASSED_ON, exclude_none=True)
        )


async def pass_on(run: CaseExecution, serial_number: str, kind: str, payload: dict[str, JsonValue]) -> None:
    """Tell the case that has the report now what was said of it here."""
    word = CaseWord(workflow_id=curative_workflow_id(serial_number), name=kind, payload=payload)
    await run.effects.tell_cases(CaseWords(key=run.next_key("passed-on"), now=workflow.now(), words=(word,)))
    run.note(f"{kind} passed on to {word.workflow_id}", kind="correction")
