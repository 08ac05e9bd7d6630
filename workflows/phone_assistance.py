"""Phone assistance: a call that is no hardware incident, or not yet (*assistance téléphonique*, R2, R3)."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from temporalio import workflow

from workflows.call_beginning import call_of
from workflows.call_execution import CallExecution
from workflows.call_hand_over import hand_over
from workflows.call_registration import register
from workflows.call_steps import answer_interruption, close_call, diagnose_call
from workflows.contact_watch import watch_the_contact
from workflows.continuation import continue_as_new, may_continue_as_new
from workflows.direct_handlers import DirectHandlers
from workflows.direct_inbox import Decision
from workflows.execution import Interrupted
from workflows.lifetime import live
from workflows.promise_alerts import tell_of_the_clock

with workflow.unsafe.imports_passed_through():
    from domain.assistance import CallStage
    from domain.call_messages import Call
    from domain.call_view import CallAnswer, CallView, view_of_call
    from domain.coverage import Coverage
    from domain.promises import Promise

NO_WAY_TO_END = "the engine's own cancellation is no way to end a call: send a cancellation"

PROCEDURE: dict[CallStage, Callable[[CallExecution], Awaitable[None]]] = {
    CallStage.REGISTERED: register,
    CallStage.REMOTE_DIAGNOSIS: diagnose_call,
    CallStage.HANDING_OVER: hand_over,
}
"""From top to bottom. Each stage says which one is next, and can be entered again where it was left."""


@workflow.defn(name="PhoneAssistanceWorkflow")
class PhoneAssistanceWorkflow(DirectHandlers):
    """One call. Started as `assistance-<call id>` with `{"call": {…}}`; its result is the closed call's view."""

    examples = "remote_diagnosis or note"

    @workflow.init
    def __init__(self, opening: Any = None, *extra: Any) -> None:
        """Record the call at once: from here on it cannot be lost, whatever else is away (SPEC §7.1)."""
        self.execution = call_of((opening, *extra))
        self.inbox = self.execution.inbox

    @workflow.run
    async def run(self, opening: Any = None, *extra: Any) -> CallView:
        """From the call to its end, with all that goes on beside it: clocks, letters, the publication."""
        run = self.execution
        run.outbox.go_on()
        beside = [asyncio.create_task(work) for work in _beside(run)]
        await live(
            asyncio.create_task(_procedure(run)),
            lambda: beside,
            cancelled=lambda: run.note(NO_WAY_TO_END, kind="engine"),
            may_continue=lambda: may_continue_as_new(run),
            continue_as_new=lambda: continue_as_new(run),
        )
        return view_of_call(run.case)

    def answered(self, decision: Decision) -> CallAnswer:
        """The call as it stands now."""
        verdict = decision.verdict
        return CallAnswer(disposition=verdict.disposition, text=verdict.text, call=view_of_call(self.execution.case))

    def can_answer(self, decision: Decision) -> bool:
        """Whoever calls waits for what is promised, or for the reason why not."""
        return not isinstance(decision.message, Call) or self.execution.case.can_be_answered

    @workflow.query(name="call", description="The call as it stands")
    def view(self) -> CallView:
        """Show the call as it stands."""
        return view_of_call(self.execution.case)

    @workflow.query(name="promises", description="The ledgers of all promises: budgets, pauses, warnings")
    def promise_ledgers(self) -> list[Promise]:
        """What every due instant can be recomputed and explained from, together with `coverage`."""
        return self.execution.case.promises

    @workflow.query(name="coverage", description="The terms and the calendars that the call runs under")
    def coverage(self) -> Coverage | None:
        """None while the entitlement is not known, and for a rejected call."""
        return self.execution.case.coverage

    @workflow.signal(description="The same call again, or more of it: joins this one")
    def call(self, payload: Any = None, *extra: Any) -> None:
        """The same call again."""
        self.signalled("call", payload, extra)

    @workflow.signal(description="What level 1 or level 2 found: level, outcome, technician, findings")
    def remote_diagnosis(self, payload: Any = None, *extra: Any) -> None:
        """What level 1 or level 2 found (R2, R3)."""
        self.signalled("remote_diagnosis", payload, extra)

    @workflow.signal(description="Log files from the customer: files, complete")
    def logs_provided(self, payload: Any = None, *extra: Any) -> None:
        """Log files of infrastructure equipment (R3)."""
        self.signalled("logs_provided", payload, extra)

    @workflow.signal(description="An incident, for a curative case: technician, serial_number, symptom, impact")
    def report(self, payload: Any = None, *extra: Any) -> None:
        """The call becomes a curative case (R4)."""
        self.signalled("report", payload, extra)

    @workflow.signal(description="Which equipment it is about: serial_number")
    def clarification(self, payload: Any = None, *extra: Any) -> None:
        """A serial number, not known before or given wrongly."""
        self.signalled("clarification", payload, extra)

    @workflow.signal(description="The caller needs no help any more: reason")
    def cancellation(self, payload: Any = None, *extra: Any) -> None:
        """The caller calls it off."""
        self.signalled("cancellation", payload, extra)

    @workflow.signal(description="A remark for the journal: text")
    def note(self, payload: Any = None, *extra: Any) -> None:
        """A remark for the journal."""
        self.signalled("note", payload, extra)

    @workflow.signal(description="Who owns the call: owner, next_action")
    def assignment(self, payload: Any = None, *extra: Any) -> None:
        """Who owns the call, and what they do next."""
        self.signalled("assignment", payload, extra)

    @workflow.signal(description="Somebody tried to reach a party: party, channel, reached, text")
    def contact_attempt(self, payload: Any = None, *extra: Any) -> None:
        """Somebody tried to reach a party."""
        self.signalled("contact_attempt", payload, extra)


def _beside(run: CallExecution) -> tuple[Any, ...]:
    """What runs as long as the call does, and never ends by itself."""
    return (
        run.promises.run(partial(tell_of_the_clock, run)),
        watch_the_contact(run),
        run.publication.keep_showing(),
        run.publication.keep_recording(),
    )


async def _procedure(run: CallExecution) -> None:
    """Stage by stage until it is known how the call ends; then it is closed, and everything is out."""
    while not run.case.is_ending:
        try:
            await PROCEDURE[run.case.stage](run)
        except Interrupted as interruption:
            await answer_interruption(run, interruption.word)
    await close_call(run)
    await workflow.wait_condition(workflow.all_handlers_finished)
    await run.outbox.is_empty()
    await run.publication.is_done()
