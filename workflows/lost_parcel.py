"""A parcel that was lost is delivered after all: it is used, or it comes back (R8)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.compensation import undo
from workflows.ordering import commit_to_order
from workflows.returns import have_unused_parts_returned

with workflow.unsafe.imports_passed_through():
    from domain.messages import Shipment
    from domain.parcels import FailedParcel, turned_up
    from domain.promises import PromiseName


def is_wanted_still(run: CaseExecution, parcel: FailedParcel) -> bool:
    """Its round waits for the replacement yet."""
    round_ = run.case.round
    return parcel.round == round_.number and round_.delivered_at is None


async def use_the_found_one(run: CaseExecution, parcel: FailedParcel, news: Shipment) -> None:
    """What was asked for in its place is not needed any more: it is called off, or comes back when it has left."""
    round_ = run.case.round
    await undo(run, "the parcel that was lost is delivered after all", "order", "stock")
    if round_.approved_at is None and any(begun.kind == "vendor_request" for begun in run.case.commitments):
        await undo(run, "the parcel that was lost is delivered after all", "vendor_request")
        run.promises.cancel(PromiseName.VENDOR_REQUEST_SENT, news.instant)
        run.promises.cancel(PromiseName.VENDOR_VALIDATION, news.instant)
    commit_to_order(run, parcel.order)
    round_.from_stock, round_.tracking_number = parcel.from_stock, parcel.tracking_number
    forget(run, parcel)


def send_the_found_one_back(run: CaseExecution, parcel: FailedParcel) -> None:
    """Another one was delivered in its place, or nothing is to be replaced any more."""
    run.note("the parcel that was lost is delivered after all: it is not needed, and comes back", kind="shipment")
    have_unused_parts_returned(run, parcel.articles, parcel.stock_articles)
    forget(run, parcel)


def send_back_what_turned_up(run: CaseExecution) -> None:
    """The case ends before a word of a lost parcel was answered: it stands on the site all the same."""
    for pending in list(run.case.pending):
        word = pending.message()
        parcel = turned_up(run.case.failed_parcels, run.case.round, word) if pending.comes_first else None
        if parcel is not None:
            run.case.pending.remove(pending)
            send_the_found_one_back(run, parcel)


def forget(run: CaseExecution, parcel: FailedParcel) -> None:
    """What became of it is known."""
    run.case.failed_parcels = [other for other in run.case.failed_parcels if other != parcel]
