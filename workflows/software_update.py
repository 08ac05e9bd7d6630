"""Software evolution: a request for software and keys, from the call or the mail to the last answer (R11 to R13)."""

import asyncio
from typing import Any

from temporalio import workflow

from workflows.direct_handlers import DirectHandlers
from workflows.direct_inbox import Decision
from workflows.lifetime import live
from workflows.software.beginning import update_of
from workflows.software.continuation import continue_as_new, may_continue_as_new
from workflows.software.delivery import keep_delivering
from workflows.software.escalation import keep_escalating
from workflows.software.execution import SoftwareExecution
from workflows.software.procedure import answer_the_request

with workflow.unsafe.imports_passed_through():
    from domain.coverage import Coverage
    from domain.promises import Promise
    from domain.software_messages import SoftwareRequest
    from domain.software_view import SoftwareSubmitAnswer, SoftwareView, view_of_software

NO_WAY_TO_END = "the engine's own cancellation is no way to end a request: send a cancellation message"


@workflow.defn(name="SoftwareUpdateWorkflow")
class SoftwareUpdateWorkflow(DirectHandlers):
    """One request. Started as `software-<request id>` with `{"request": {…}}`; its result is the closed view."""

    examples = "request, clarification or activation_keys"

    @workflow.init
    def __init__(self, opening: Any = None, *extra: Any) -> None:
        """Record the request at once: from here on it cannot be lost, whatever else is away (SPEC §7.1)."""
        self.execution = SoftwareExecution(update_of((opening, *extra)))
        self.inbox = self.execution.inbox
        if self.execution.update.request is None:
            self.execution.reject((opening, *extra))

    @workflow.run
    async def run(self, opening: Any = None, *extra: Any) -> SoftwareView:
        """From the opening to the last answer, with all that goes on beside it."""
        run = self.execution
        run.outbox.go_on()
        run.clocks.go_on()
        work = (
            run.publication.keep_showing(),
            run.publication.keep_recording(),
            keep_delivering(run),
            keep_escalating(run),
        )
        beside = [asyncio.create_task(each) for each in work]
        await live(
            asyncio.create_task(answer_the_request(run)),
            lambda: (*beside, *run.clocks.watches),
            cancelled=lambda: run.note(NO_WAY_TO_END, kind="engine"),
            may_continue=lambda: may_continue_as_new(run),
            continue_as_new=lambda: continue_as_new(run),
        )
        return view_of_software(run.update)

    def can_answer(self, decision: Decision) -> bool:
        """A request is answered once it is known what can be supplied and by when, or that nobody can tell now."""
        update = self.execution.update
        is_known = update.is_acknowledged or update.check_pending or not update.is_open
        return is_known or not isinstance(decision.message, SoftwareRequest)

    def answered(self, decision: Decision) -> SoftwareSubmitAnswer:
        """The request as it stands now."""
        verdict = decision.verdict
        view = view_of_software(self.execution.update)
        return SoftwareSubmitAnswer(disposition=verdict.disposition, text=verdict.text, case=view)

    @workflow.query(name="case", description="The request as it stands")
    def view(self) -> SoftwareView:
        """Show the request as it stands."""
        return view_of_software(self.execution.update)

    @workflow.query(name="promises", description="The ledgers of all promises: budgets, pauses, warnings")
    def promise_ledgers(self) -> list[Promise]:
        """What every due instant can be recomputed and explained from, together with `coverages`."""
        return self.execution.update.promises

    @workflow.query(name="coverages", description="The terms and the calendars of each contract of the request")
    def coverages(self) -> dict[str, Coverage]:
        """By contract; empty while the registry has not answered."""
        return {each.contract: each.coverage for each in self.execution.update.contracts.values()}

    @workflow.signal(
        description="The request again, as it was: joins it, and may name a case that waits for the answer"
    )
    def request(self, payload: Any = None, *extra: Any) -> None:
        """The same request once more."""
        self.signalled("request", payload, extra)

    @workflow.signal(description="What a piece of equipment is: serial_number, type, item")
    def clarification(self, payload: Any = None, *extra: Any) -> None:
        """What the requester was asked."""
        self.signalled("clarification", payload, extra)

    @workflow.signal(description="Keys that the vendor has issued: serial_number, keys")
    def activation_keys(self, payload: Any = None, *extra: Any) -> None:
        """Keys of the vendor's."""
        self.signalled("activation_keys", payload, extra)

    @workflow.signal(description="From the stock of keys: it has something for this request")
    def keys_granted(self, payload: Any = None, *extra: Any) -> None:
        """The stock is to be asked."""
        self.signalled("keys_granted", payload, extra)

    @workflow.signal(description="A case waits no more for the answer: tell, serial_number, reason")
    def withdrawal(self, payload: Any = None, *extra: Any) -> None:
        """A case waits no more."""
        self.signalled("withdrawal", payload, extra)

    @workflow.signal(description="The requester calls it off: reason")
    def cancellation(self, payload: Any = None, *extra: Any) -> None:
        """What is not delivered yet is called off."""
        self.signalled("cancellation", payload, extra)

    @workflow.signal(description="A remark for the journal: text")
    def note(self, payload: Any = None, *extra: Any) -> None:
        """A remark for the journal."""
        self.signalled("note", payload, extra)

    @workflow.signal(description="Who owns the request from now on: owner, next_action")
    def assignment(self, payload: Any = None, *extra: Any) -> None:
        """Who owns it."""
        self.signalled("assignment", payload, extra)
