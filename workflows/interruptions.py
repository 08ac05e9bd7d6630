"""What is answered before anything else, at every stage: cancellation, correction, a revoked approval (SPEC §3, §5)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.compensation import undo, undo_everything
from workflows.correction import correct
from workflows.stages.shipment import heed_parcel_found

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.case import Outcome, Party, Stage
    from domain.messages import Cancellation, Correction, Message, Shipment, VendorValidation
    from domain.promises import PromiseName


async def answer_interruption(run: CaseExecution, word: Message) -> None:
    """Answer it; the stage goes on where it was, at another stage, or not at all."""
    if isinstance(word, Cancellation):
        await _cancel(run, word)
    elif isinstance(word, Correction):
        await correct(run, word)
    elif isinstance(word, VendorValidation):
        await _revoke(run, word)
    elif isinstance(word, Shipment):
        await heed_parcel_found(run, word)


async def _cancel(run: CaseExecution, word: Cancellation) -> None:
    """The customer calls the case off: what was begun is undone in reverse, and each part is tried until it is."""
    run.end(Outcome.CANCELLED, word.reason)
    run.hand_over(Party.SUPPORT, "coordinator", "Cancelled: what was begun is being undone", word.instant)
    run.outbox.take_back_all_to("customer")
    await undo_everything(run, f"the case is cancelled ({word.reason})"[:300])
    run.tell("customer", notices.case_cancelled(run.about, word.reason))


async def _revoke(run: CaseExecution, word: VendorValidation) -> None:
    """Before the dispatch the order is called off and level 2 goes on; after it, the parcel does (SPEC §3)."""
    if run.case.stage is not Stage.SHIPMENT or run.case.round.dispatched_at is not None:
        run.note(
            "the approval is revoked after the dispatch: the parcel goes on, the coordinator is told", kind="vendor"
        )
        run.tell("coordinator", notices.approval_revoked(run.about, word.reason))
        return
    run.settle("vendor_request")  # the vendor has ended it
    await undo(run, "the approval is revoked")
    run.promises.cancel(PromiseName.REPLACEMENT_DELIVERY, word.decided_at)
    run.back_to_level_2(word.summary, word.decided_at)
