"""Vendor validation: the manufacturer approves the replacement, before 16:00 for delivery on the next day (R6)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.case import CaseState, Party, Stage
    from domain.effects import ReplacementRequest
    from domain.messages import VendorValidation
    from domain.promises import ApprovalCutoff, BusinessHours, Promise, PromiseName


async def vendor_validation(run: CaseExecution) -> None:
    """Ask the vendor and wait for the decision: approved, it is shipped; else level 2 goes on, with the reason."""
    if run.begins():
        await _ask(run)
    while run.is_at(Stage.VENDOR_VALIDATION):
        await _hear(run)


async def _ask(run: CaseExecution) -> None:
    """Have the request sent, under its key, for as long as it takes; the stage listens meanwhile."""
    run.enter(Party.SUPPORT, "coordinator", "Send the replacement request")
    round_, card = run.case.round, run.equipment
    assert round_.finding is not None
    budget = BusinessHours(amount=run.coverage.terms.vendor_request_sent)
    await run.promises.start(PromiseName.VENDOR_REQUEST_SENT, budget, run.case.since)
    key = run.key("vendor-request")
    run.commit("vendor_request", key, f"the request {key.identifier} to {card.vendor_name}")
    request = ReplacementRequest(
        key=key,
        now=workflow.now(),
        vendor=card.vendor,
        vendor_name=card.vendor_name,
        vendor_email=card.vendor_email,
        serial_number=run.case.serial_number,
        equipment_type=card.type,
        defective_articles=round_.ordered_articles,
        findings=round_.finding.findings,
        tz=run.coverage.provider.tz,
        is_urgent=round_.is_urgent,
    )
    run.outbox.post(request)


async def _hear(run: CaseExecution) -> None:
    case = run.case
    word = await run.next_message(
        "vendor_validation",
        unless=lambda: _has_just_been_sent(case) or _must_be_reminded(case) or _is_silent(case),
    )
    if isinstance(word, VendorValidation):
        await _heed(run, word)
    elif _has_just_been_sent(case):
        await _wait_for_the_vendor(run)
    elif _is_silent(case):
        _chase(run)
    elif _must_be_reminded(case):
        _remind(run)


def _of_this_round(case: CaseState) -> Promise | None:
    promise = case.latest(PromiseName.VENDOR_VALIDATION)
    return promise if promise is not None and promise.round == case.round.number else None


def _has_just_been_sent(case: CaseState) -> bool:
    return case.round.requested_at is not None and _of_this_round(case) is None


def _must_be_reminded(case: CaseState) -> bool:
    """The promise has warned since the vendor was asked: 16:00 is near (R6)."""
    promise = _of_this_round(case)
    if promise is None or case.round.is_vendor_reminded:
        return False
    return any(warning.fired_at and warning.due_at > promise.started_at for warning in promise.warnings)


def _is_silent(case: CaseState) -> bool:
    """16:00 has passed without a word (R6)."""
    promise = _of_this_round(case)
    return promise is not None and promise.is_overdue and not case.round.is_silence_told


async def _wait_for_the_vendor(run: CaseExecution) -> None:
    sent_at = run.case.round.requested_at
    assert sent_at is not None
    run.promises.fulfil(PromiseName.VENDOR_REQUEST_SENT, sent_at)
    await run.promises.start(PromiseName.VENDOR_VALIDATION, ApprovalCutoff(), sent_at)
    run.hand_over(Party.VENDOR, "coordinator", "Have the vendor approve before 16:00", sent_at)


def _remind(run: CaseExecution) -> None:
    run.case.round.is_vendor_reminded = True
    promise = _of_this_round(run.case)
    if promise is not None and promise.is_open and promise.due_at is not None:
        words = notices.vendor_reminder(run.about, run.key("vendor-request").identifier, promise.due_at)
        run.case.round.chasing.append(run.tell("vendor", words))


def _chase(run: CaseExecution) -> None:
    round_, promise = run.case.round, _of_this_round(run.case)
    round_.is_vendor_reminded = round_.is_silence_told = True
    assert promise is not None
    assert promise.due_at is not None
    request = run.key("vendor-request").identifier
    run.hand_over(Party.VENDOR, "coordinator", "Chase the vendor, who is silent over the cut-off")
    words = notices.vendor_silent(run.about, run.equipment.vendor_name, request, promise.due_at)
    round_.chasing.append(run.tell("coordinator", words))


def stop_asking(run: CaseExecution) -> None:
    """Who has answered is asked no more, and not chased: what has not left the house yet is called off (SPEC §4)."""
    for key in (run.key("vendor-request"), *run.case.round.chasing):
        run.outbox.take_back(key)


async def _heed(run: CaseExecution, decision: VendorValidation) -> None:
    """An approval starts the delivery promise at its own instant; anything else leads back to level 2."""
    at = decision.decided_at
    stop_asking(run)
    run.promises.fulfil(PromiseName.VENDOR_REQUEST_SENT, min(at, run.case.round.requested_at or at))
    if decision.decision != "approved":
        run.promises.cancel(PromiseName.VENDOR_VALIDATION, at)
        run.settle("vendor_request")
        run.back_to_level_2(decision.summary, at)
        return
    run.promises.fulfil(PromiseName.VENDOR_VALIDATION, at)
    run.case.round.rma_number = decision.rma_number
    run.case.round.approved_at = run.case.since = at
    run.go_to(Stage.SHIPMENT)
