"""Site scheduling: a visit when customer, technician and room are free, agreed with the customer (R10)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.visit_planning import agree_on_a_visit

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.promises import BusinessHours, PromiseName


async def site_scheduling(run: CaseExecution) -> None:
    """Offer slots until one is agreed. Waiting for the customer stops our clock."""
    if run.begins():
        run.enter(Party.SUPPORT, "coordinator", "Find slots for the visit")
        if run.case.owed(PromiseName.VISIT_PLANNING) is None:
            budget = BusinessHours(amount=run.coverage.terms.visit_planning)
            await run.promises.start(PromiseName.VISIT_PLANNING, budget, run.case.since)
    run.settle("visit")
    run.commit("visit", run.key("visit"), "the slots of the visit")
    agreed = await agree_on_a_visit(run, run.case.visit)
    assert agreed is not None
    run.case.since = agreed.instant
    await run.promises.resume(PromiseName.VISIT_PLANNING, agreed.instant)
    run.promises.fulfil(PromiseName.VISIT_PLANNING, agreed.instant)
    run.go_to(Stage.ON_SITE)
