"""The desk: opens cases, sends messages, shows and lists. Whatever talks to a case does it through here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, TypeVar

from pydantic import JsonValue
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from config.temporal import EngineUnreachable
from database.cases import CaseFilter, CaseStore
from database.pool import UNREACHABLE
from domain.coverage import Coverage
from domain.inbox import digest
from domain.message_checks import CLOCK_TOLERANCE
from domain.messages import MessageRefused, Report
from domain.promises import Promise
from domain.submission import SubmitAnswer
from domain.view import CaseView
from starter.answers import (
    CaseList,
    FoundCase,
    NotAnswered,
    Refused,
    ReportAnswer,
    ShownCase,
    Source,
)
from starter.case_finder import CaseFinder, recorded_view
from starter.case_list import recorded_cases, visible_cases
from starter.case_opening import CaseOpening
from starter.engine import SUBMIT, answer_within, engine_answer, is_missing, refused_field
from starter.reports import answer_of, answer_unseen, parsed_report, report_content

REPORT_ANSWER = timedelta(seconds=4)
RECORDING = timedelta(seconds=0.9)
REFRESHING = timedelta(seconds=0.5)
"""Together within the five seconds in which whoever reports has an answer (SPEC §3)."""

STILL_CLOSING = "the case before this one is closed and not recorded yet; nothing was taken: report again in a moment"

UPDATE_ANSWER = timedelta(seconds=10)
QUERY_ANSWER = timedelta(seconds=3)

CaseName: TypeAlias = str | FoundCase
Answer = TypeVar("Answer")


class Desk:
    """A client of the engine and, when it can be had, the read model.

    Every method raises EngineUnreachable when Temporal does not answer.
    """

    def __init__(self, client: Client, cases: CaseStore | None = None, *, task_queue: str = "curative") -> None:
        self._client = client
        self._cases = cases
        self._task_queue = task_queue
        self._finder = CaseFinder(client, cases)

    async def report_incident(
        self, report: Report | Mapping[str, JsonValue], message_id: str | None = None
    ) -> ReportAnswer:
        """Open the case of a piece of equipment, or join the one that is open (R4); answers within five seconds.

        Once this has returned, the report exists, whatever crashes next (SPEC §7.1). The same report under the
        same message id changes nothing, also when its case has closed meanwhile. Raises Refused.
        """
        content = report_content(report, message_id)
        try:
            parsed = parsed_report(content)
        except MessageRefused as refusal:
            raise _refused(refusal.field, str(refusal)) from None
        _check_it_is_not_ahead(parsed)
        opening = CaseOpening(self._client, self._task_queue, parsed, content)
        try:
            answer = await answer_within(REPORT_ANSWER, opening.submit(digest(parsed)))
        except TimeoutError:
            if opening.waits_for_closing:
                raise Refused("case", STILL_CLOSING) from None
            await _record(opening)
            return answer_unseen(opening.workflow_id, opening.message_id)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        return await self._told(opening, answer.case)

    async def _told(self, opening: CaseOpening, view: CaseView) -> ReportAnswer:
        """The answer with the view of this instant: a repeat is answered with the one it had the first time."""
        found = FoundCase(workflow_id=view.workflow_id, run_id=view.run_id, is_open=False)
        newest = await self._query(found, "case", CaseView, REFRESHING)
        opened = await engine_answer(opening.has_opened(view.run_id))
        return answer_of(newest or view, opening.message_id, opened=opened)

    async def send(
        self, case: CaseName, kind: str, payload: JsonValue, *, as_signal: bool = False
    ) -> SubmitAnswer | None:
        """Send a message to an open case: as the update `submit`, or as a signal, which has no answer.

        A case named by its reference is named in the message too, so that a late word never reaches a successor.
        Raises Refused with the field and the reason, CaseNotFound, NotAnswered.
        """
        found = await self.resolve(case)
        if found.named_by_reference and isinstance(payload, dict):
            payload = {"case": found.reference, **payload}
        if not found.is_open:
            raise await self._closed(found)
        try:
            if as_signal:
                handle = self._client.get_workflow_handle(found.workflow_id)
                await engine_answer(handle.signal(kind, payload))
                return None
            return await self._submit(found, kind, payload)
        except RPCError as error:
            if is_missing(error):
                raise await self._closed(found) from None
            raise
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None

    async def show(self, case: CaseName) -> ShownCase:
        """The case as it stands; as it was last recorded when no worker answers or its history is gone.

        Raises CaseNotFound, and NotAnswered when neither can tell.
        """
        found = await self.resolve(case)
        view = await self._view(found)
        if view is not None:
            return ShownCase(view=view, source=Source.WORKFLOW)
        recorded = await recorded_view(self._cases, found.reference or found.workflow_id)
        if recorded is None:
            raise NotAnswered(f"No worker answers for {found.workflow_id}, and the read model does not know it yet.")
        return ShownCase(view=recorded, source=Source.READ_MODEL)

    async def list(self, case_filter: CaseFilter, limit: int = 100) -> CaseList:
        """Up to `limit` cases: from the read model, or what the engine can list while that is away.

        Raises DatabaseUnreachable for a filter by owner that only the read model could answer.
        """
        if self._cases is not None:
            try:
                return await recorded_cases(self._cases, case_filter, limit)
            except UNREACHABLE:
                pass
        return await engine_answer(visible_cases(self._client, case_filter, limit))

    async def resolve(self, case: CaseName) -> FoundCase:
        """The execution that a reference, a workflow id or a serial number leads to, open or closed.

        Every method that takes a case takes this answer too, and asks no more. Raises CaseNotFound.
        """
        return case if isinstance(case, FoundCase) else await self._finder.find(case)

    async def coverage(self, case: CaseName) -> Coverage | None:
        """The terms and calendars that a case was opened under; None when it has none, or nobody can tell."""
        return await self._query(await self.resolve(case), "coverage", Coverage)

    async def promises(self, case: CaseName) -> Sequence[Promise] | None:
        """The ledgers of a case's promises; None when nobody can tell."""
        return await self._query(await self.resolve(case), "promises", list[Promise])

    async def _submit(self, found: FoundCase, kind: str, payload: JsonValue) -> SubmitAnswer:
        if not isinstance(payload, dict):
            raise Refused("payload", f"{kind} takes one JSON object")
        handle = self._client.get_workflow_handle(found.workflow_id)
        update = handle.execute_update(SUBMIT, {**payload, "kind": kind}, result_type=SubmitAnswer)
        try:
            return await answer_within(UPDATE_ANSWER, update)
        except TimeoutError:
            raise NotAnswered(
                f"No worker answered within {UPDATE_ANSWER.seconds} seconds; look at the case before you send it "
                "again, or send it as a signal, which is recorded without a worker."
            ) from None

    async def _closed(self, found: FoundCase) -> Refused:
        """Why a closed case takes no message: how it ended."""
        view = await self._view(found) or await recorded_view(self._cases, found.reference or found.workflow_id)
        if view is None or view.outcome is None:
            return Refused("case", f"{found.reference or found.workflow_id} is closed and takes no messages")
        because = f": {view.outcome_reason}" if view.outcome_reason else ""
        return Refused("case", f"{view.reference} is closed ({view.outcome}{because}) and takes no messages")

    async def _view(self, found: FoundCase) -> CaseView | None:
        """The view of that very case; None when nobody answers, or its id has passed on to a successor."""
        view = await self._query(found, "case", CaseView)
        return view if view and found.reference in (None, view.reference) else None

    async def _query(
        self, found: FoundCase, query: str, answer_type: type[Answer], limit: timedelta | None = None
    ) -> Answer | None:
        """The answer of an execution, of an open one under whatever run id it has now; None without an answer."""
        run_id = None if found.is_open else found.run_id
        handle = self._client.get_workflow_handle(found.workflow_id, run_id=run_id)
        try:
            answer: Answer = await answer_within(limit or QUERY_ANSWER, handle.query(query, result_type=answer_type))
        except (TimeoutError, WorkflowQueryFailedError, RPCError):
            return None
        return answer


def _check_it_is_not_ahead(report: Report) -> None:
    """A slip of the keyboard leaves no rejected case behind."""
    at, now = report.happened_at, datetime.now(UTC)
    if at is not None and at > now + CLOCK_TOLERANCE:
        raise Refused("reported_at", f"{at.isoformat()} lies ahead of the clock ({now.isoformat(timespec='seconds')})")


async def _record(opening: CaseOpening) -> None:
    """Nobody answered: see to it that the report is in the history before saying that it is recorded."""
    try:
        await answer_within(RECORDING, opening.record())
    except TimeoutError:
        raise EngineUnreachable("Temporal does not answer: the report is not recorded; give it again.") from None


def _refused(field: str, sentence: str) -> Refused:
    """`sentence` as the domain has it, beginning with the field."""
    return Refused(field, sentence.removeprefix(f"{field}: "))


def _refusal(failure: WorkflowUpdateFailedError) -> Refused:
    """The field and the sentence with which a case refused an update."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or cause.type != "MessageRefused":
        return Refused("case", f"the message was not taken: {cause}")
    return _refused(refused_field(cause) or "message", cause.message)
