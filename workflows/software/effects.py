"""What a software request asks of activities: few, each for many items at once, none of them local.

A normal activity only begins once its task is in history: whatever crowds in meanwhile, a replay goes the same way.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow

from workflows.effects import Effects
from workflows.policies import OUTSIDE, OWN

with workflow.unsafe.imports_passed_through():
    from activities.deadlines import DeadlineActivities
    from activities.software import ActivationKeyActivities, SoftwareActivities, SoftwareDeliveryActivities
    from activities.software_records import SoftwareRecordActivities
    from database.software_requests import SoftwareWrite
    from domain.deadlines import DeadlineQuestion, Deadlines
    from domain.effects import (
        Deliveries,
        HandedOver,
        IssueAnswer,
        KeyCallOff,
        KeyDemands,
        KeyGrants,
        KeysCalledOff,
        KeysIssued,
        SoftwareAssessment,
        SoftwareQuestion,
    )

Activities = TypeVar("Activities")
Question = TypeVar("Question")
Answer = TypeVar("Answer")


A_MOMENT = timedelta(seconds=3)
"""How long the database may take before people are told that it is away: whoever asks waits for four seconds."""


class SoftwareEffects(Effects):
    """The activities of one request."""

    async def _in_a_moment(
        self,
        method: Callable[[Activities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
        when_away: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Ask the database. The request is not at rest for a moment; what takes longer is shown as under way."""
        asking = workflow.start_activity_method(method, question, summary=summary, **OWN)
        self.under_way += 1
        try:
            with suppress(TimeoutError):
                await workflow.wait_condition(asking.done, timeout=A_MOMENT, timeout_summary=summary)
        finally:
            self.under_way -= 1
        if not asking.done():
            when_away()
        return await asking

    async def ask_deadlines(self, question: DeadlineQuestion, summary: str) -> Deadlines:
        """Ask business time for instants; needs no database, so that it answers whatever is away."""
        self.under_way += 1
        try:
            return await workflow.execute_activity_method(
                DeadlineActivities.answer_deadlines, question, summary=summary, **OWN
            )
        finally:
            self.under_way -= 1

    async def assess_software(self, question: SoftwareQuestion, when_away: Callable[[], None]) -> SoftwareAssessment:
        """Look items up in the registry; `when_away` is called when it does not answer in a moment."""
        summary = f"What can be supplied for {_items(len(question.items))}?"
        return await self._in_a_moment(SoftwareActivities.assess_software, question, summary, when_away)

    async def demand_keys(self, demands: KeyDemands) -> KeyGrants:
        """Have activation keys given to items, or a place in line."""
        summary = f"Activation keys for {_items(len(demands.demands))}"
        return await self._in_a_moment(ActivationKeyActivities.demand_keys, demands, summary)

    async def issue_keys(self, issued: KeysIssued) -> IssueAnswer:
        """Have the vendor's keys stored, and given to their item."""
        summary = f"Store the vendor's keys for {issued.demand.serial_number}"
        return await self._in_a_moment(ActivationKeyActivities.issue_keys, issued, summary)

    async def call_off_keys(self, call_off: KeyCallOff) -> KeysCalledOff:
        """Take items out of the line for keys."""
        summary = f"{_items(len(call_off.demands))} out of the line for keys"
        return await self._in_a_moment(ActivationKeyActivities.call_off_keys, call_off, summary)

    async def deliver_software(self, batch: Deliveries) -> HandedOver:
        """Have letters that deliver software sent: tried until a mail server takes one of them."""
        count = sum(len(delivery.items) for delivery in batch.deliveries)
        summary = f"Deliver {_items(count)} in {len(batch.deliveries)} letter(s)"
        return await workflow.execute_activity_method(
            SoftwareDeliveryActivities.deliver_software, batch, summary=summary, **OUTSIDE
        )

    async def record_software(self, write: SoftwareWrite) -> None:
        """Write the request into the read model."""
        await workflow.execute_activity_method(
            SoftwareRecordActivities.record_software,
            write,
            summary=f"Record version {write.version} in the read model",
            **OWN,
        )


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
