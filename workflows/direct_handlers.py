"""The doors of a workflow with a direct inbox: update `submit`, and signals of any name and content.

Parameters are taken raw and parsed inside, so that a payload of any content and number comes in, and is answered or
journaled instead of getting the workflow stuck (SPEC §5, DESIGN §2.5). Handlers return at once.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from workflows.direct_inbox import Decision, DirectInbox

with workflow.unsafe.imports_passed_through():
    from config.arrival import signal_sent_at
    from domain.messages import MessageRefused
    from domain.submission import kind_and_content


class DirectHandlers:
    """Hands every message to the inbox. The workflow class sets `inbox` in its init, and says how it answers.

    A kind that people send as a signal has a handler of its own beside these, for its description in the Web UI, which
    calls `signalled`; any other name comes in as `unknown_signal`.
    """

    inbox: DirectInbox
    examples: ClassVar[str] = "note"
    """The kinds that a submission without one is told of."""

    def answered(self, decision: Decision) -> BaseModel:
        """What `submit` answers, now that the decision has taken effect."""
        raise NotImplementedError

    def can_answer(self, decision: Decision) -> bool:
        """Whether the answer is known yet: what opens a case waits for what is promised. True unless overridden."""
        return True

    @workflow.update(name="submit", description="Any message, with its kind: answered with the new view")
    async def submit(self, payload: Any = None, *extra: Any) -> BaseModel:
        """Take a message and answer with the view."""
        decision = self._decide(payload, extra)
        self.inbox.accept(decision)
        if not self.can_answer(decision):
            await workflow.wait_condition(lambda: self.can_answer(decision))
        await workflow.wait_condition(lambda: True)  # one turn, so that the view shows where the message led
        return self.answered(decision)

    @submit.validator
    def _validate_submission(self, payload: Any = None, *extra: Any) -> None:
        """Refuse, in one sentence that names the field, before anything enters history."""
        self._decide(payload, extra)

    def _decide(self, payload: object, extra: tuple[object, ...]) -> Decision:
        try:
            kind, content = kind_and_content(payload, extra, self.examples)
            return self.inbox.decide(kind, (content,))
        except MessageRefused as refusal:
            raise ApplicationError(
                str(refusal), {"field": refusal.field}, type="MessageRefused", non_retryable=True
            ) from None

    @workflow.signal(dynamic=True, description="A signal of a name that this process does not know: journaled")
    def unknown_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Journal a signal of unknown name."""
        converter = workflow.payload_converter()
        payloads = [converter.from_payload(arg.payload) for arg in args]
        self.signalled(name, payloads[0] if payloads else None, tuple(payloads[1:]))

    def signalled(self, kind: str, payload: object, extra: tuple[object, ...]) -> None:
        """Take a message that came as a signal; one that does not fit is journaled as refused."""
        payloads = (payload, *extra)
        try:
            self.inbox.accept(self.inbox.decide(kind, payloads, signal_sent_at()))
        except MessageRefused as refusal:
            self.inbox.refuse(kind, payloads, refusal)
