"""The way back of one thing: a faulty part to the vendor, an unused part, a loan unit to the pool (R8)."""

import asyncio
from typing import Any

from temporalio import workflow

from workflows.direct_handlers import DirectHandlers
from workflows.direct_inbox import Decision
from workflows.handed_over import is_continued
from workflows.lifetime import live
from workflows.return_follow_up import ReturnFollowUp

with workflow.unsafe.imports_passed_through():
    from domain.messages import MessageRefused
    from domain.return_orders import RETURN, parse_continued, parse_return_order
    from domain.return_view import ReturnAnswer, ReturnView, view_of_return
    from domain.returns import EquipmentReturn, ReturnState

NO_WAY_TO_END = "the engine's own cancellation does not end a return: send return_news"


@workflow.defn(name="EquipmentReturnWorkflow")
class EquipmentReturnWorkflow(DirectHandlers):
    """One return. Started as `return-<order's identifier>` with `{"return": {…}}`; its result is the closed view."""

    examples = "return_news or note"

    @workflow.init
    def __init__(self, opening: Any = None, *extra: Any) -> None:
        """Take the order, or go on where the execution before this one stopped."""
        info = workflow.info()
        so_far = parse_continued((opening, *extra)) if is_continued((opening, *extra)) else None
        self.tracked = so_far or EquipmentReturn(
            workflow_id=info.workflow_id, run_id=info.run_id, opened_at=workflow.now()
        )
        self.tracked.run_id = info.run_id
        self.follow_up = ReturnFollowUp(self.tracked)
        self.inbox = self.follow_up.inbox
        if so_far is None:
            self._take_order((opening, *extra))

    def _take_order(self, payloads: tuple[object, ...]) -> None:
        try:
            self.tracked.order = parse_return_order(payloads, self.tracked.workflow_id)
        except MessageRefused as refusal:
            self.inbox.refuse(RETURN, payloads, refusal)
            self.tracked.close(ReturnState.REJECTED, workflow.now(), str(refusal))

    @workflow.run
    async def run(self, opening: Any = None, *extra: Any) -> ReturnView:
        """Follow the return to its end, with letters and publication beside it."""
        if self.tracked.order is None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            return view_of_return(self.tracked)
        follow_up, publication = self.follow_up, self.follow_up.publication
        work = (publication.keep_showing(), publication.keep_recording(), follow_up.keep_sending())
        beside = [asyncio.create_task(each) for each in work]
        await live(
            asyncio.create_task(follow_up.follow(self.tracked.order)),
            lambda: beside,
            cancelled=lambda: follow_up.note(NO_WAY_TO_END),
        )
        return view_of_return(self.tracked)

    def answered(self, decision: Decision) -> ReturnAnswer:
        """The return as it stands now."""
        return ReturnAnswer(
            disposition=decision.verdict.disposition, text=decision.verdict.text, view=view_of_return(self.tracked)
        )

    @workflow.query(name="return", description="The return as it stands")
    def view(self) -> ReturnView:
        """Show the return as it stands."""
        return view_of_return(self.tracked)

    @workflow.signal(description="News of it: status (dispatched, received, lost), carrier, tracking_number, reason")
    def return_news(self, payload: Any = None, *extra: Any) -> None:
        """What became of it."""
        self.signalled("return_news", payload, extra)

    @workflow.signal(description="A remark for the journal: text")
    def note(self, payload: Any = None, *extra: Any) -> None:
        """A remark for the journal."""
        self.signalled("note", payload, extra)
