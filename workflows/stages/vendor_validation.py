"""Vendor validation: the manufacturer approves the replacement, before 16:00 for delivery on the next day (R6)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.deadlines import DeadlineQuestion, NextDayDelivery
    from domain.effects import ReplacementRequest
    from domain.messages import RemoteDiagnosis, VendorValidation
    from domain.promises import ApprovalCutoff, BusinessHours, NextBusinessDay, PromiseName


async def vendor_validation(run: CaseExecution, finding: RemoteDiagnosis) -> bool:
    """Ask the vendor and wait for the decision: True when it is approved; else level 2 goes on, with the reason.

    An approval starts the delivery promise at its own instant.
    """
    run.enter(Stage.VENDOR_VALIDATION, Party.SUPPORT, "coordinator", "Send the replacement request")
    requested_at = await _send_request(run, finding)
    await run.promises.start(PromiseName.VENDOR_VALIDATION, ApprovalCutoff(), requested_at)
    run.hand_over(Party.VENDOR, "coordinator", "Have the vendor approve before 16:00", requested_at)
    decision = await run.next_message("vendor_validation")
    assert isinstance(decision, VendorValidation)
    if decision.decision != "approved":
        run.promises.cancel(PromiseName.VENDOR_VALIDATION, decision.decided_at)
        run.begin_round(decision.summary, decision.decided_at)
        return False
    run.promises.fulfil(PromiseName.VENDOR_VALIDATION, decision.decided_at)
    run.case.rma_number = decision.rma_number
    run.case.since = decision.decided_at
    await _promise_delivery(run, requested_at)
    return True


async def _send_request(run: CaseExecution, finding: RemoteDiagnosis) -> datetime:
    """Send the request once, under its key; returns when it was sent."""
    budget = BusinessHours(amount=run.coverage.terms.vendor_request_sent)
    await run.promises.start(PromiseName.VENDOR_REQUEST_SENT, budget, finding.instant)
    card = run.equipment
    await run.effects.request_replacement(
        ReplacementRequest(
            key=run.key("vendor-request"),
            now=workflow.now(),
            vendor=card.vendor,
            vendor_name=card.vendor_name,
            vendor_email=card.vendor_email,
            serial_number=run.case.serial_number,
            equipment_type=card.type,
            defective_articles=finding.defective_articles,
            findings=finding.findings,
        )
    )
    sent_at = workflow.now()
    run.promises.fulfil(PromiseName.VENDOR_REQUEST_SENT, sent_at)
    return sent_at


async def _promise_delivery(run: CaseExecution, requested_at: datetime) -> None:
    """The delivery promise counts from the vendor's decision; when J+1 is missed, the case says through whom (R6).

    A replacement of a later round was never due on the day after the incident.
    """
    approved_at, is_first = run.case.since, run.case.latest(PromiseName.REPLACEMENT_DELIVERY) is None
    budget = NextBusinessDay(transit_days=run.equipment.transit_days)
    await run.promises.start(PromiseName.REPLACEMENT_DELIVERY, budget, approved_at)
    if not is_first:
        return
    instants = NextDayDelivery(reported_at=run.case.reported_at, requested_at=requested_at, approved_at=approved_at)
    question = DeadlineQuestion(now=workflow.now(), coverage=run.coverage, next_day=instants)
    missed = (await run.effects.ask_deadlines(question, "Was delivery on J+1 kept?")).missed_through
    run.case.delivery_missed_through = missed
    if missed is not None:
        run.note(
            f"delivery on the day after the incident is missed through: {missed.replace('_', ' ')}",
            kind="delivery",
        )
