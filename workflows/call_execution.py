"""One call under way: what its steps are handed. Its state, its inbox, its promises, its publication."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

from workflows.call_effects import CallEffects
from workflows.call_publication import CallPublication
from workflows.direct_inbox import DirectInbox
from workflows.execution import Execution, Interrupted

with workflow.unsafe.imports_passed_through():
    from domain.assistance import AssistanceCall, CallStage
    from domain.call_hearing import CallHearing
    from domain.call_messages import CALL_MESSAGES
    from domain.call_opening import A_CALL
    from domain.messages import Message
    from domain.outside_mail import OutsideMail
    from domain.words import About, Words


class CallExecution(Execution[AssistanceCall]):
    """The state of a call and what moves it on."""

    AT_REST = 2
    """The procedure and the watch over the contact."""

    effects: CallEffects

    def __init__(self, call: AssistanceCall) -> None:
        effects = CallEffects()
        super().__init__(call, effects, "call")
        self.hearing = CallHearing(call, workflow.now)
        self.inbox = DirectInbox(self.hearing, CALL_MESSAGES, A_CALL, workflow.now)
        self.publication = CallPublication(call, effects)

    def go_to(self, stage: CallStage) -> None:
        """The next stage; what it does first is still to be done."""
        self.case.stage = stage
        self.case.stage_has_begun = False
        self.case.version += 1

    def is_at(self, stage: CallStage) -> bool:
        """Whether the call is still at that stage, and how it ends is open."""
        return self.case.stage is stage and not self.case.is_ending

    @property
    def about(self) -> About:
        """What a notice says of the call."""
        call, card = self.case, self.case.equipment
        equipment = " ".join(text for text in (card.type if card else None, call.serial_number) if text)
        return About(call.reference, equipment, card.site_name if card else "", call.provider_tz or "UTC")

    @property
    def caller_email(self) -> str | None:
        """The mail address of whoever called."""
        return self.case.call.caller.email if self.case.call else None

    @property
    def began_with(self) -> OutsideMail | None:
        """The mail with which the call began, when it began with one."""
        return self.case.call.mail if self.case.call else None

    def tell_the_caller(self, words: Words) -> None:
        """Write to whoever called, if an address is known; else whoever sits at the phone tells them."""
        if self.caller_email:
            self.tell("customer", words)

    async def next_message(
        self, *kinds: str, until: datetime | None = None, summary: str = "", unless: Callable[[], bool] = lambda: False
    ) -> Message | None:
        """The next message of these kinds that can be used; None once `unless` holds, or that instant has come.

        Raises Interrupted when something is answered first.
        """
        while True:
            word = self.hearing.take_interruption()
            if word is not None:
                raise Interrupted(word)
            message = self.hearing.take(*kinds)
            if message is not None or unless() or (until is not None and workflow.now() >= until):
                return message
            await self.rest(lambda: self.hearing.has(*kinds) or unless() or self.hearing.is_interrupted, until, summary)
