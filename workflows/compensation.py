"""Compensation: what was begun is undone in reverse, each part tried until it is done (SPEC §3)."""

from collections.abc import Awaitable, Callable

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.invitations import tell_it_is_off
from workflows.loan_process import end_loan, loan_has_ended
from workflows.returns import have_unused_parts_returned
from workflows.software_wait import withdraw_software
from workflows.stages.vendor_validation import stop_asking
from workflows.visit_planning import chosen_slot, let_go

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.effects import CallOff
    from domain.rounds import Commitment, CommitmentKind
    from domain.slots import SlotState


async def undo_everything(run: CaseExecution, reason: str) -> None:
    """Call off the loan, and then what the case has begun, the latest first; what lies unused on site comes back."""
    end_loan(run, reason)
    await loan_has_ended(run)
    await withdraw_software(run, reason)
    await undo(run, reason)
    have_unused_parts_returned(run, run.case.round.left_on_site, run.case.round.left_from_stock)
    run.case.round.forget_parts_left()


async def undo(run: CaseExecution, reason: str, *kinds: CommitmentKind) -> None:
    """Call off what the case has begun, the latest first, or what is of these kinds; it is committed to no more."""
    while begun := next((one for one in reversed(run.case.commitments) if not kinds or one.kind in kinds), None):
        done = await COMPENSATIONS[begun.kind](run, begun, reason)
        run.case.commitments = [other for other in run.case.commitments if other != begun]
        run.note(f"{done}: {reason}", kind="compensation")


async def _let_the_visit_go(run: CaseExecution, begun: Commitment, reason: str) -> str:
    slot = chosen_slot(run, "replacement")
    await let_go(run, "replacement", SlotState.DECLINED, f"{begun.what} are let go", workflow.now())
    if slot is not None:
        tell_it_is_off(run, run.case.visit, slot, reason, is_sought_anew=False)
    return f"{begun.what} are free again"


async def _call_the_order_off(run: CaseExecution, begun: Commitment, reason: str) -> str:
    """What has not left is not to be shipped; what has is to come back, unused."""
    round_ = run.case.round
    if round_.dispatched_at is not None:
        articles = round_.ordered_articles
        have_unused_parts_returned(run, articles, articles if round_.from_stock else ())
        return f"{begun.what} comes back unused"
    await run.effects.call_off_order(CallOff(of=begun.key, now=workflow.now()))
    if not round_.from_stock:
        order = begun.key.identifier
        run.tell("vendor", notices.order_called_off(run.about, order, round_.ordered_articles, reason))
    return f"{begun.what} is called off"


async def _give_stock_back(run: CaseExecution, begun: Commitment, reason: str) -> str:
    await run.effects.give_stock_back(CallOff(of=begun.key, now=workflow.now()))
    return f"{begun.what} is given back"


async def _withdraw_the_request(run: CaseExecution, begun: Commitment, reason: str) -> str:
    """A request that may have gone out is withdrawn by a letter, and one that is on its way is stopped."""
    stop_asking(run)
    await run.effects.call_off_request(CallOff(of=begun.key, now=workflow.now()))
    run.tell("vendor", notices.request_withdrawn(run.about, begun.key.identifier, reason))
    return f"{begun.what} is withdrawn"


Compensation = Callable[[CaseExecution, Commitment, str], Awaitable[str]]

COMPENSATIONS: dict[CommitmentKind, Compensation] = {
    "visit": _let_the_visit_go,
    "order": _call_the_order_off,
    "stock": _give_stock_back,
    "vendor_request": _withdraw_the_request,
}
"""What undoes each kind of commitment, and says so in one clause."""
