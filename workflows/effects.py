"""What a case asks of activities: one method an effect, each with a summary that an operator understands.

Sub-second work of our own runs as a local activity with one short attempt; when that fails, the database is away, and
the same runs as a normal activity, which is retried without holding up messages and queries (DESIGN §2.8).
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as ActivityTimeout

from workflows.policies import LOCAL, OUTSIDE, OWN

with workflow.unsafe.imports_passed_through():
    from activities.case_records import CaseRecordActivities
    from activities.deadlines import DeadlineActivities
    from activities.entitlement import EntitlementActivities
    from activities.orders import OrderActivities
    from activities.vendor import VendorActivities
    from activities.visits import VisitActivities
    from database.cases import CaseWrite
    from domain.deadlines import DeadlineQuestion, Deadlines
    from domain.effects import (
        EntitlementQuestion,
        ReplacementOrder,
        ReplacementRequest,
        SlotAnswer,
        SlotChoice,
        SlotOffer,
        SlotProposal,
        SlotRelease,
        SlotSearch,
    )
    from domain.entitlement import Entitlement

Activities = TypeVar("Activities")
Question = TypeVar("Question")
Answer = TypeVar("Answer")

LOCAL_FAILURES = (ActivityError, ApplicationError, ActivityTimeout)
"""How the failure of a local activity arrives: wrapped when it timed out, bare when it raised or is replayed."""

A_MOMENT = timedelta(seconds=5)
"""How long a message to the outside may take before people are shown that it is under way."""


class Effects:
    """The activities of one case."""

    def __init__(self) -> None:
        self.under_way = 0
        """How many short local attempts have not answered yet: a moment later the case has moved on."""

    async def _own(
        self,
        method: Callable[[Activities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
        when_away: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Ask one of our own activities: locally once, and when that fails, normally until it answers."""
        self.under_way += 1
        try:
            return await workflow.execute_local_activity_method(method, question, summary=summary, **LOCAL)
        except LOCAL_FAILURES:
            when_away()
        finally:
            self.under_way -= 1
        return await workflow.execute_activity_method(method, question, summary=summary, **OWN)

    async def check_entitlement(self, question: EntitlementQuestion, when_away: Callable[[], None]) -> Entitlement:
        """Ask the registry (R14); `when_away` is called when it cannot be asked now, before it is asked again."""
        summary = f"Is {question.serial_number} covered?"
        return await self._own(EntitlementActivities.check_entitlement, question, summary, when_away)

    async def ask_deadlines(self, question: DeadlineQuestion, summary: str) -> Deadlines:
        """Ask business time for instants; needs no database, so that it answers whatever is away."""
        return await self._own(DeadlineActivities.answer_deadlines, question, summary)

    async def record(self, write: CaseWrite) -> None:
        """Write the case, its promises and its new journal lines into the read model.

        Never locally. Where updates crowd in, the engine discards whole workflow tasks and has them done anew in
        another order; a normal activity only begins once the task is in history, so that what it writes stays true.
        """
        summary = f"Record version {write.version} in the read model"
        await workflow.execute_activity_method(CaseRecordActivities.record_case, write, summary=summary, **OWN)

    async def request_replacement(self, request: ReplacementRequest) -> None:
        """Ask the vendor to approve a replacement (R6).

        It usually takes a moment, for which the case is not at rest; what takes longer is shown as under way.
        """
        summary = f"Ask {request.vendor_name} for an RMA: {request.key.identifier}"
        sending = workflow.start_activity_method(
            VendorActivities.request_replacement, request, summary=summary, **OUTSIDE
        )
        self.under_way += 1
        with suppress(TimeoutError):
            await workflow.wait_condition(sending.done, timeout=A_MOMENT, timeout_summary="The vendor is being asked")
        self.under_way -= 1
        await sending

    async def place_order(self, order: ReplacementOrder) -> None:
        """Note the order of the approved replacement (R7)."""
        await self._own(OrderActivities.place_order, order, f"Order the replacement: {order.key.identifier}")

    async def offer_slots(self, search: SlotSearch) -> SlotOffer:
        """Find and hold slots for the visit (R10)."""
        return await self._own(VisitActivities.offer_slots, search, f"Hold {search.count} slots at {search.site}")

    async def choose_slot(self, choice: SlotChoice) -> SlotAnswer:
        """Make an offered slot the chosen one."""
        return await self._own(VisitActivities.choose_slot, choice, f"Book slot {choice.slot_id}")

    async def propose_slot(self, proposal: SlotProposal) -> SlotAnswer:
        """Book the slot that the customer proposes, when it can be had."""
        return await self._own(VisitActivities.propose_slot, proposal, f"Try the customer's slot at {proposal.site}")

    async def finish_visit(self, choice: SlotChoice) -> None:
        """The visit took place."""
        await self._own(VisitActivities.finish_visit, choice, f"Slot {choice.slot_id} is over")

    async def release_slots(self, release: SlotRelease) -> None:
        """Let go of what the case holds."""
        await self._own(VisitActivities.release_slots, release, f"Free the slots held by {release.key.case}")
