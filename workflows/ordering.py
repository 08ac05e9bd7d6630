"""Orders of a replacement: of the vendor or of our own stock, once for each time that it has to be shipped (R7, R8)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.delivery_promise import promise_delivery
from workflows.finding import reserve_stock
from workflows.outbox import tells_of_every_moment
from workflows.returns import have_faulty_parts_returned, have_unused_parts_returned

with workflow.unsafe.imports_passed_through():
    from domain import notices, progress_notices
    from domain.case import Stage
    from domain.effects import CallOff, EffectKey, ReplacementOrder
    from domain.messages import Shipment
    from domain.parcels import PARCELS_REMEMBERED, failed
    from domain.rounds import order_step
    from domain.words import Words

COMES_BACK_UNUSED = frozenset({"partial", "wrong_item", "refused_at_site"})
"""What of a parcel that is shipped anew is still there, and whole."""


async def order(run: CaseExecution) -> None:
    """Order the round's articles, once for each time that they have to be shipped (R7)."""
    due_at, round_ = await promise_delivery(run), run.case.round
    round_.orders += 1
    key = commit_to_order(run, round_.orders)
    await run.effects.place_order(
        ReplacementOrder(
            key=key,
            now=workflow.now(),
            vendor=run.equipment.vendor,
            rma_number=round_.rma_number,
            site=run.equipment.site,
            articles=round_.ordered_articles,
            due_at=due_at,
            from_stock=round_.from_stock,
        )
    )
    if round_.orders == 1:
        tell_of_it(
            run,
            progress_notices.replacement_ordered(
                run.about, round_.ordered_articles, due_at, from_stock=round_.from_stock
            ),
        )


def commit_to_order(run: CaseExecution, number: int) -> EffectKey:
    """That order of the round is the one that counts; its key."""
    key = run.key(order_step(number))
    run.settle("order")
    run.commit("order", key, f"the order {key.identifier}")
    return key


async def use_stock(run: CaseExecution) -> None:
    """What was reserved has left our stock for good."""
    for begun in [begun for begun in run.case.commitments if begun.kind == "stock"]:
        await run.effects.use_stock(CallOff(of=begun.key, now=workflow.now()))
    run.settle("stock")


async def order_again(run: CaseExecution, news: Shipment) -> None:
    """The same articles once more, under the same approval; of our own stock, or else of the vendor."""
    round_ = run.case.round
    run.case.failed_parcels = [*run.case.failed_parcels, failed(round_, news)][-PARCELS_REMEMBERED:]
    round_.dispatched_at, round_.ordered_again_because, round_.tracking_number = None, news.status, None
    _have_it_back(run, news)
    run.settle("order")
    if round_.from_stock and not await reserve_stock(run):
        run.go_to(Stage.VENDOR_VALIDATION)
        return
    await order(run)
    if not round_.from_stock:
        key, cause = run.case.commitments[-1].key, cause_of(news)
        run.tell("vendor", notices.order_again(run.about, key.identifier, round_.ordered_articles, cause))


def _have_it_back(run: CaseExecution, news: Shipment) -> None:
    """What cannot be used comes back, but for what is lost."""
    articles = run.case.round.ordered_articles
    if news.status in COMES_BACK_UNUSED:
        have_unused_parts_returned(run, articles, articles if run.case.round.from_stock else ())
    elif news.status == "damaged":
        have_faulty_parts_returned(run, articles)


async def ask_the_vendor_instead(run: CaseExecution) -> None:
    """What was reserved is not on the shelf: it is written off, and the vendor is asked for it."""
    run.case.round.from_stock = False
    await run.effects.call_off_order(CallOff(of=run.case.commitments[-1].key, now=workflow.now()))
    await use_stock(run)
    run.settle("order")
    run.note("our stock has not got it after all: the vendor is asked", kind="stock")
    run.go_to(Stage.VENDOR_VALIDATION)


def tell_of_it(run: CaseExecution, words: Words) -> None:
    """The customer hears where their replacement is."""
    if tells_of_every_moment():
        run.tell("customer", words)


def cause_of(news: Shipment) -> str:
    """What a failure is a cause of: a loan, another order."""
    return f"the replacement is {news.status.replace('_', ' ')}"
