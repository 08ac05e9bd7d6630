"""A loan unit on its way: transport, a visit of its own, service (R8)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.loan_pool import move_to, reserve, tell_the_pool
from workflows.loan_return import have_the_unit_returned
from workflows.visit_planning import agree_on_a_visit, end_visit, hear_of_the_visit

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.effects import CallOff, LoanStep, ReplacementOrder
    from domain.loan import Loan, LoanStage
    from domain.messages import InterventionReport, LoanVeto, Shipment, SiteScheduling
    from domain.promises import PromiseName
    from domain.visit_plan import VisitPlan


async def reserved(run: CaseExecution, loan: Loan) -> None:
    """Have the unit transported; until it has left the house, the coordinator may veto it."""
    if not loan.stage_has_begun:
        loan.stage_has_begun = True
        await _order_transport(run, loan)
    word = await run.next_message("shipment", "loan_veto", about="loan", unless=lambda: loan.is_interrupted)
    if isinstance(word, LoanVeto):
        loan.ended_because = f"vetoed: {word.reason}"
    elif isinstance(word, Shipment):
        await _heed(run, loan, word)


async def dispatched(run: CaseExecution, loan: Loan) -> None:
    """Follow the unit to the site."""
    word = await run.next_message("shipment", about="loan", unless=lambda: loan.is_interrupted)
    if isinstance(word, Shipment):
        await _heed(run, loan, word)


async def _order_transport(run: CaseExecution, loan: Loan) -> None:
    promise = run.case.latest(PromiseName.LOAN_AVAILABLE)
    assert loan.unit is not None
    assert promise is not None
    assert promise.due_at is not None
    loan.transport = run.next_key("loan-transport")
    await run.effects.place_order(
        ReplacementOrder(
            key=loan.transport,
            now=workflow.now(),
            vendor=run.equipment.vendor,
            rma_number=None,
            site=run.equipment.site,
            articles=(f"{loan.unit.type} {loan.unit.serial_number}",),
            due_at=promise.due_at,
            from_stock=True,
            subject="loan",
        )
    )


async def _heed(run: CaseExecution, loan: Loan, news: Shipment) -> None:
    assert loan.unit is not None
    what = news.status.replace("_", " ")
    if _speaks_of_an_earlier_unit(loan, news):
        run.note(f"{what} once more: taken for the same unit; of the new one, first say dispatched", kind="loan")
        return
    if (earlier := _earlier_unit(loan, news)) is not None:
        run.note(f"{news.summary}: that is {earlier}, in whose place another unit was taken", kind="loan")
        return
    loan.tracking_number = news.tracking_number or loan.tracking_number
    if news.status in ("dispatched", "delivered") and loan.stage is LoanStage.RESERVED:
        await tell_the_pool(run, loan, LoanStep.DISPATCHED)
        move_to(run, loan, LoanStage.DISPATCHED, f"{loan.unit.serial_number} is on its way")
        run.tell("customer", notices.loan_on_its_way(run.about, loan.unit, news.carrier, news.tracking_number))
    if news.status == "delivered":
        run.promises.fulfil(PromiseName.LOAN_AVAILABLE, news.instant)
        loan.visit = VisitPlan(subject="loan")
        move_to(run, loan, LoanStage.SCHEDULING, "delivered: a visit to install it is planned")
    elif news.status in ("lost", "out_of_stock"):
        await _call_off_what_never_left(run, loan)
        await tell_the_pool(run, loan, LoanStep.LOST)
        loan.given_up_because = news.status
        await _take_another(run, loan, f"the unit is {what}")
    elif news.status not in ("dispatched", "delayed", "misdelivered"):
        loan.given_up_because = news.status
        fault = "damaged on the way to the customer" if news.status == "damaged" else None
        await give_up_the_unit(run, loan, f"the unit is {what}", fault)


async def _call_off_what_never_left(run: CaseExecution, loan: Loan) -> None:
    """The carrier need not come for a unit that is not on the shelf."""
    if loan.transport is not None and not loan.has_left_the_house:
        await run.effects.call_off_order(CallOff(of=loan.transport, now=workflow.now()))


def _speaks_of_an_earlier_unit(loan: Loan, news: Shipment) -> bool:
    """The same failure, told by two people: the unit that was taken since has not left the house."""
    return loan.stage is LoanStage.RESERVED and news.status == loan.given_up_because


def _earlier_unit(loan: Loan, news: Shipment) -> str | None:
    """The unit before the present one that the news is about, when its tracking number says so."""
    number = news.tracking_number
    return loan.given_up.get(number) if number is not None and number != loan.tracking_number else None


async def give_up_the_unit(run: CaseExecution, loan: Loan, why: str, fault: str | None) -> None:
    """This unit is of no use: it comes back, and another one is reserved under the same promise.

    One that has a `fault` is lent to nobody else before somebody has found it good.
    """
    await have_the_unit_returned(run, loan, fault)
    await _take_another(run, loan, why)


async def _take_another(run: CaseExecution, loan: Loan, why: str) -> None:
    run.note(f"{why}: another one is taken", kind="loan")
    if loan.tracking_number is not None and loan.unit is not None:
        loan.given_up[loan.tracking_number] = loan.unit.serial_number
    loan.unit, loan.transport, loan.key, loan.tracking_number = None, None, None, None
    await reserve(run, loan)


async def scheduling(run: CaseExecution, loan: Loan) -> None:
    """Agree with the customer on the visit that installs it."""
    agreed = await agree_on_a_visit(run, loan.visit, unless=lambda: loan.is_interrupted)
    if agreed is not None:
        move_to(run, loan, LoanStage.VISIT, "a visit to install it is agreed")


async def visit(run: CaseExecution, loan: Loan) -> None:
    """Wait for the technician who installs it."""
    word = await run.next_message(
        "intervention_report", "site_scheduling", about="loan", unless=lambda: loan.is_interrupted
    )
    if isinstance(word, SiteScheduling):
        if not await hear_of_the_visit(run, loan.visit, word):
            move_to(run, loan, LoanStage.SCHEDULING, "the visit is planned anew")
    elif isinstance(word, InterventionReport):
        await _heed_report(run, loan, word)


async def _heed_report(run: CaseExecution, loan: Loan, report: InterventionReport) -> None:
    assert loan.unit is not None
    happened = await end_visit(run, loan.visit, report)
    if report.service_is_restored:
        await tell_the_pool(run, loan, LoanStep.IN_SERVICE)
        move_to(run, loan, LoanStage.IN_SERVICE, f"{loan.unit.serial_number} stands in for the equipment")
    elif happened and report.outcome in ("dead_on_arrival", "completed"):
        await give_up_the_unit(run, loan, "the unit does not work", f"it did not work on site: {report.summary}"[:500])
    else:
        if happened:
            loan.visit = VisitPlan(subject="loan", replanned=loan.visit.replanned + 1)
        move_to(run, loan, LoanStage.SCHEDULING, f"{report.summary}: another visit is planned")


async def in_service(run: CaseExecution, loan: Loan) -> None:
    """It stands in until the replacement is in service."""
    await run.rest(lambda: loan.is_interrupted)
