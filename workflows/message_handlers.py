"""The doors of a curative case: each message as a signal, all of them as update `submit`, the view as query `case`.

Parameters are taken raw and parsed inside, so that a payload of any content and number comes in, and is answered or
journaled instead of getting the case stuck (SPEC §5, DESIGN §2.5). Handlers return at once.
"""

from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from workflows.case_execution import CaseExecution
from workflows.inbox import Decision

with workflow.unsafe.imports_passed_through():
    from config.arrival import signal_sent_at
    from domain.coverage import Coverage
    from domain.messages import MessageRefused
    from domain.promises import Promise
    from domain.submission import SubmitAnswer, kind_and_content
    from domain.view import CaseView, view_of


class MessageHandlers:
    """Takes every message of SPEC §5 and hands it to the inbox. The workflow class sets `execution` in its init."""

    execution: CaseExecution

    @workflow.update(name="submit", description="Any message, with its kind: answered with the new view of the case")
    async def submit(self, payload: Any = None, *extra: Any) -> SubmitAnswer:
        """Take a message and answer with the view; a report that opens the case waits for the first due instant."""
        case, inbox = self.execution.case, self.execution.inbox
        decision = self._decide(payload, extra)
        inbox.accept(decision)
        if decision.message.kind == "report":
            await workflow.wait_condition(lambda: case.can_be_answered or case.check_pending)
        await workflow.wait_condition(lambda: True)  # one turn, so that the view shows where the message led
        return SubmitAnswer(disposition=decision.reception.value, text=decision.text, case=view_of(case))

    @submit.validator
    def _validate_submission(self, payload: Any = None, *extra: Any) -> None:
        """Refuse, in one sentence that names the field, before anything enters history."""
        self._decide(payload, extra)

    def _decide(self, payload: object, extra: tuple[object, ...]) -> Decision:
        try:
            kind, content = kind_and_content(payload, extra, "note or vendor_validation")
            return self.execution.inbox.decide(kind, (content,))
        except MessageRefused as refusal:
            raise _failure(refusal) from None

    @workflow.query(name="case", description="The case as it stands")
    def view(self) -> CaseView:
        """Show the case as it stands."""
        return view_of(self.execution.case)

    @workflow.query(name="promises", description="The ledgers of all promises: budgets, pauses, warnings")
    def promise_ledgers(self) -> list[Promise]:
        """What every due instant can be recomputed and explained from, together with `coverage`."""
        return self.execution.case.promises

    @workflow.query(name="coverage", description="The terms and the calendars that the case was opened under")
    def coverage(self) -> Coverage | None:
        """None while the entitlement is not known, and for a rejected case."""
        return self.execution.case.coverage

    def _signal(self, kind: str, payload: object, extra: tuple[object, ...]) -> None:
        payloads = (payload, *extra)
        try:
            self.execution.inbox.accept(self.execution.inbox.decide(kind, payloads, signal_sent_at()))
        except MessageRefused as refusal:
            self.execution.inbox.refuse(kind, payloads, refusal)

    @workflow.signal(dynamic=True, description="A signal of a name that this process does not know: journaled")
    def unknown_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Journal a signal of unknown name."""
        converter = workflow.payload_converter()
        payloads = [converter.from_payload(arg.payload) for arg in args]
        self._signal(name, payloads[0] if payloads else None, tuple(payloads[1:]))

    @workflow.signal(description="The same equipment is reported again: joins this case")
    def report(self, payload: Any = None, *extra: Any) -> None:
        """A second report on the same serial number."""
        self._signal("report", payload, extra)

    @workflow.signal(description="What level 1 or level 2 found: level, outcome, technician, findings")
    def remote_diagnosis(self, payload: Any = None, *extra: Any) -> None:
        """What level 1 or level 2 found (R2, R3)."""
        self._signal("remote_diagnosis", payload, extra)

    @workflow.signal(description="Log files from the customer: files, complete")
    def logs_provided(self, payload: Any = None, *extra: Any) -> None:
        """Log files of infrastructure equipment (R3)."""
        self._signal("logs_provided", payload, extra)

    @workflow.signal(description="The vendor's decision: decision, decided_at, rma_number, reason")
    def vendor_validation(self, payload: Any = None, *extra: Any) -> None:
        """The vendor's decision (R6)."""
        self._signal("vendor_validation", payload, extra)

    @workflow.signal(description="News of the parcel: status, carrier, tracking_number, signed_by")
    def shipment(self, payload: Any = None, *extra: Any) -> None:
        """What became of the parcel (R6, R8)."""
        self._signal("shipment", payload, extra)

    @workflow.signal(description="The visit: action, slot_id, start, end, reason")
    def site_scheduling(self, payload: Any = None, *extra: Any) -> None:
        """The customer's or our word on the visit (R10)."""
        self._signal("site_scheduling", payload, extra)

    @workflow.signal(description="The technician's report: technician, outcome, installed, configured, tests")
    def intervention_report(self, payload: Any = None, *extra: Any) -> None:
        """What was done on site (R9)."""
        self._signal("intervention_report", payload, extra)

    @workflow.signal(description="The customer's word: restored, comment")
    def customer_confirmation(self, payload: Any = None, *extra: Any) -> None:
        """Service is restored, or not (R9)."""
        self._signal("customer_confirmation", payload, extra)

    @workflow.signal(description="The customer calls the case off: reason")
    def cancellation(self, payload: Any = None, *extra: Any) -> None:
        """The customer calls the case off."""
        self._signal("cancellation", payload, extra)

    @workflow.signal(description="The wrong serial or site was given: serial_number, site, reason")
    def correction(self, payload: Any = None, *extra: Any) -> None:
        """The wrong serial number or site was given."""
        self._signal("correction", payload, extra)

    @workflow.signal(description="A remark for the journal: text")
    def note(self, payload: Any = None, *extra: Any) -> None:
        """A remark for the journal."""
        self._signal("note", payload, extra)

    @workflow.signal(description="Who owns the case: owner, next_action")
    def assignment(self, payload: Any = None, *extra: Any) -> None:
        """Who owns the case, and what they do next."""
        self._signal("assignment", payload, extra)

    @workflow.signal(description="Somebody tried to reach a party: party, channel, reached, text")
    def contact_attempt(self, payload: Any = None, *extra: Any) -> None:
        """Somebody tried to reach a party."""
        self._signal("contact_attempt", payload, extra)

    @workflow.signal(description="The coordinator vetoes the loan: reason")
    def loan_veto(self, payload: Any = None, *extra: Any) -> None:
        """The coordinator vetoes the loan (R8)."""
        self._signal("loan_veto", payload, extra)

    @workflow.signal(description="A unit of the pool is free for the loan that waits in line: unit")
    def loan_assigned(self, payload: Any = None, *extra: Any) -> None:
        """Another case gave a loan unit back, and this one is next in line (R8)."""
        self._signal("loan_assigned", payload, extra)

    @workflow.signal(description="The software that was asked for: serial_number, state, text, request")
    def software_news(self, payload: Any = None, *extra: Any) -> None:
        """A software request answers (R3)."""
        self._signal("software_news", payload, extra)


def _failure(refusal: MessageRefused) -> ApplicationError:
    return ApplicationError(str(refusal), {"field": refusal.field}, type="MessageRefused", non_retryable=True)
