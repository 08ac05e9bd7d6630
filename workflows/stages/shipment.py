"""Shipment: the replacement is ordered, dispatched and delivered; what goes wrong leads to a loan (R6 to R8)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.loan_process import consider_loan, end_loan
from workflows.lost_parcel import is_wanted_still, send_the_found_one_back, use_the_found_one
from workflows.ordering import ask_the_vendor_instead, cause_of, order, order_again, tell_of_it, use_stock

with workflow.unsafe.imports_passed_through():
    from domain import progress_notices
    from domain.case import CaseState, Party, Stage
    from domain.messages import Shipment
    from domain.parcels import earlier_parcel, turned_up
    from domain.promises import PromiseName

ORDERED_AGAIN = frozenset({"partial", "lost", "damaged", "wrong_item", "refused_at_site"})
"""What has to be shipped anew; what is late, elsewhere, or not made yet, is still the same parcel."""

HAS_LEFT = ORDERED_AGAIN | {"misdelivered"}
"""What can only happen to a parcel that was dispatched."""


LOST_ONE_IS_DELIVERED = "a-lost-parcel-is-delivered-after-all"
"""Before, it was taken for the one that had been ordered in its place."""


async def shipment(run: CaseExecution) -> None:
    """Order what may be replaced and wait until it is delivered: complete, at the right address, undamaged."""
    if run.begins():
        run.enter(_source(run), "coordinator", "Have the replacement dispatched")
        await order(run)
    while run.is_at(Stage.SHIPMENT):
        await _hear(run)


def _source(run: CaseExecution) -> Party:
    """Who has to dispatch the parts."""
    return Party.SUPPORT if run.case.round.from_stock else Party.VENDOR


async def _hear(run: CaseExecution) -> None:
    case = run.case
    news = await run.next_message("shipment", unless=lambda: _is_overdue(case))
    if isinstance(news, Shipment):
        await _heed(run, news)
    elif _is_overdue(case):
        case.round.is_breach_heeded = True
        run.hand_over(case.waiting_for, "coordinator", "Chase the replacement: its delivery is overdue")
        consider_loan(run, "the delivery promise is breached", workflow.now(), by_breach=True)


def _is_overdue(case: CaseState) -> bool:
    """Nobody said anything, and the day is over (R8)."""
    promise = case.owed(PromiseName.REPLACEMENT_DELIVERY)
    return promise is not None and promise.is_overdue and not case.round.is_breach_heeded


async def _heed(run: CaseExecution, news: Shipment) -> None:
    case = run.case
    if turned_up(case.failed_parcels, case.round, news) is not None:
        await heed_parcel_found(run, news)
        return
    earlier = earlier_parcel(case.failed_parcels, case.round, news)
    if earlier is not None:
        run.note(f"{news.summary}: that is the parcel that was {earlier.failed_because} before", kind="shipment")
        return
    case.round.tracking_number = news.tracking_number or case.round.tracking_number
    await _heed_the_present_one(run, news)


async def _heed_the_present_one(run: CaseExecution, news: Shipment) -> None:
    if news.status == "delivered":
        await _deliver(run, news)
    elif news.status == "dispatched":
        await _dispatch(run, news)
    elif news.status == "delayed" and _comes_in_time(run.case, news):
        run.note("delayed, and still expected in time", kind="shipment", at=news.instant)
    else:
        await _fail(run, news)


async def _dispatch(run: CaseExecution, news: Shipment) -> None:
    """The parcel is on its way: what was reserved for it has left our stock."""
    run.case.round.dispatched_at = news.instant
    await use_stock(run)
    run.hand_over(Party.CARRIER, "coordinator", "Follow the parcel to the site", news.instant)
    tell_of_it(run, progress_notices.replacement_dispatched(run.about, news, _due_at(run.case)))


async def heed_parcel_found(run: CaseExecution, news: Shipment) -> None:
    """A parcel that was lost is delivered after all: as long as its round waits for it, that is the delivery."""
    parcel = turned_up(run.case.failed_parcels, run.case.round, news)
    if parcel is None:  # another word was answered first
        run.note(f"{news.summary}: it is no parcel of this case any more", kind="shipment")
        return
    if not is_wanted_still(run, parcel):
        send_the_found_one_back(run, parcel)
    elif run.case.stage is not Stage.SHIPMENT or workflow.patched(LOST_ONE_IS_DELIVERED):
        await use_the_found_one(run, parcel, news)
        _is_delivered(run, news)
    else:
        await _deliver(run, news)


async def _deliver(run: CaseExecution, news: Shipment) -> None:
    if run.case.round.dispatched_at is None:
        run.note("delivered without a word of the dispatch: the dispatch is implied", kind="shipment")
        await use_stock(run)
    _is_delivered(run, news)


def _is_delivered(run: CaseExecution, news: Shipment) -> None:
    """The replacement is there; a visit is planned."""
    round_ = run.case.round
    round_.dispatched_at = round_.dispatched_at or news.instant
    round_.delivered_at = run.case.since = news.instant
    run.promises.fulfil(PromiseName.REPLACEMENT_DELIVERY, news.instant)
    end_loan(run, "the replacement is delivered", unless_it_has_left=True)
    run.go_to(Stage.SITE_SCHEDULING)


def _due_at(case: CaseState) -> datetime | None:
    """By when it is still owed; None when that has passed."""
    promise = case.owed(PromiseName.REPLACEMENT_DELIVERY)
    return promise.due_at if promise is not None and promise.is_open else None


def _comes_in_time(case: CaseState, news: Shipment) -> bool:
    promise = case.owed(PromiseName.REPLACEMENT_DELIVERY)
    if promise is None or promise.due_at is None or news.expected_at is None:
        return False
    return news.expected_at <= promise.due_at


async def _fail(run: CaseExecution, news: Shipment) -> None:
    """Not delivered as it should be: a loan is decided by itself, and the replacement goes on beside it (R8)."""
    round_, what = run.case.round, news.status.replace("_", " ")
    if _speaks_of_an_earlier_parcel(run.case, news):
        run.note(f"{what} once more: taken for the same parcel; of the new one, first say dispatched", kind="shipment")
        return
    if news.status in HAS_LEFT:
        await use_stock(run)
    if news.status in ORDERED_AGAIN:
        await order_again(run, news)
    elif news.status == "out_of_stock" and round_.from_stock:
        await ask_the_vendor_instead(run)
    party = Party.CARRIER if news.status in ("delayed", "misdelivered") else _source(run)
    run.hand_over(party, "coordinator", f"The replacement is {what}: have it delivered all the same", news.instant)
    is_again = news.status in ORDERED_AGAIN
    tell_of_it(
        run, progress_notices.delivery_trouble(run.about, cause_of(news), _due_at(run.case), is_ordered_again=is_again)
    )
    consider_loan(run, cause_of(news), news.instant, by_breach=False)


def _speaks_of_an_earlier_parcel(case: CaseState, news: Shipment) -> bool:
    """The same failure, told by two people: what was ordered again since has not left yet."""
    return case.round.dispatched_at is None and news.status == case.round.ordered_again_because
