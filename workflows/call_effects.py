"""What a call asks of activities. Normal ones: a call asks for little, and none of it is in a hurry."""

from collections.abc import Awaitable, Callable

from temporalio import workflow

from workflows.effects import Activities, Answer, Effects, Question
from workflows.policies import OWN

with workflow.unsafe.imports_passed_through():
    from activities.call_entitlement import CallEntitlementActivities
    from activities.call_records import CallRecordActivities
    from activities.messages import MessageActivities
    from database.calls import CallWrite
    from domain.call_entitlement import CallEntitlement
    from domain.effects import CallHandedOver, CallHandOver, CallQuestion


class CallEffects(Effects):
    """The activities of one call."""

    async def _own(
        self,
        method: Callable[[Activities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
        when_away: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Ask one of our own activities until it answers; what is shown waits for it no longer than the answer."""
        self.under_way += 1
        try:
            return await workflow.execute_activity_method(method, question, summary=summary, **OWN)
        finally:
            self.under_way -= 1

    async def check_call(self, question: CallQuestion) -> CallEntitlement:
        """Ask the registry whether the call is covered (R14)."""
        summary = f"Is {question.serial_number or 'the call'} covered?"
        return await workflow.execute_activity_method(
            CallEntitlementActivities.check_call, question, summary=summary, **OWN
        )

    async def hand_over_call(self, hand_over: CallHandOver) -> CallHandedOver:
        """Have a curative case go on with it (R3, R4)."""
        summary = f"A curative case for {hand_over.serial_number}"
        return await self._elsewhere(MessageActivities.hand_over_call, hand_over, summary)

    async def record_call(self, write: CallWrite) -> None:
        """Write the call and its new journal lines into the read model."""
        summary = f"Record version {write.version} in the read model"
        await workflow.execute_activity_method(CallRecordActivities.record_call, write, summary=summary, **OWN)
