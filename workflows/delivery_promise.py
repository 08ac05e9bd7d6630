"""The promise of delivery: from the approval, or from day J when our own stock has the parts (R6)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.deadlines import DeadlineQuestion, NextDayDelivery
    from domain.promises import NextBusinessDay, PromiseName


async def promise_delivery(run: CaseExecution) -> datetime:
    """Promise the delivery of the round's parts; the due instant. A part that is ordered again is owed already."""
    owed = run.case.owed(PromiseName.REPLACEMENT_DELIVERY)
    if owed is None:
        is_first = run.case.latest(PromiseName.REPLACEMENT_DELIVERY) is None
        budget = NextBusinessDay(transit_days=run.equipment.transit_days)
        owed = await run.promises.start(PromiseName.REPLACEMENT_DELIVERY, budget, _effective_instant(run))
        if is_first:
            await _judge_next_day(run)
    assert owed.due_at is not None
    return owed.due_at


def _effective_instant(run: CaseExecution) -> datetime:
    """The vendor's decision; from our own stock day J itself: the report's, or that on which a later round began."""
    if run.case.round.approved_at is not None:
        return run.case.round.approved_at
    return run.case.reported_at if run.case.round.number == 1 else run.case.round.began_at


async def _judge_next_day(run: CaseExecution) -> None:
    """When delivery on the day after the incident is missed, the case says through whom (R6).

    A replacement of a later round was never due on that day. Our own stock approves when level 2 finds the failure.
    """
    round_, now = run.case.round, workflow.now()
    approved_at = round_.approved_at or run.case.since
    instants = NextDayDelivery(
        reported_at=run.case.reported_at,
        requested_at=round_.requested_at or approved_at,
        approved_at=approved_at,
    )
    question = DeadlineQuestion(now=now, coverage=run.coverage, next_day=instants)
    missed = (await run.effects.ask_deadlines(question, "Was delivery on J+1 kept?")).missed_through
    run.case.delivery_missed_through = missed
    if missed is not None:
        run.note(
            f"delivery on the day after the incident is missed through: {missed.replace('_', ' ')}", kind="delivery"
        )
