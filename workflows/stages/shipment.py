"""Shipment: the replacement is ordered, dispatched and delivered (R6, R7)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.effects import ReplacementOrder
    from domain.messages import RemoteDiagnosis, Shipment
    from domain.promises import PromiseName


async def shipment(run: CaseExecution, finding: RemoteDiagnosis) -> None:
    """Order what was approved and wait until it is delivered."""
    run.enter(Stage.SHIPMENT, Party.VENDOR, "coordinator", "Have the replacement dispatched")
    await _order(run, finding)
    dispatched = False
    while True:
        news = await run.next_message("shipment")
        assert isinstance(news, Shipment)
        if news.status == "delivered":
            if not dispatched:
                run.note("delivered without a word of the dispatch: the dispatch is implied", kind="shipment")
            run.promises.fulfil(PromiseName.REPLACEMENT_DELIVERY, news.instant)
            run.case.since = news.instant
            return
        dispatched = True
        run.hand_over(Party.CARRIER, "coordinator", "Follow the parcel to the site", news.instant)


async def _order(run: CaseExecution, finding: RemoteDiagnosis) -> None:
    promise = run.case.owed(PromiseName.REPLACEMENT_DELIVERY)
    assert promise is not None
    assert promise.due_at is not None
    await run.effects.place_order(
        ReplacementOrder(
            key=run.key("replacement-order"),
            now=workflow.now(),
            vendor=run.equipment.vendor,
            rma_number=run.case.rma_number,
            site=run.equipment.site,
            articles=finding.defective_articles,
            due_at=promise.due_at,
        )
    )
