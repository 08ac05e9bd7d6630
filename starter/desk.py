"""The desk: opens cases, sends messages, shows and lists. Whatever talks to a case does it through here."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias, TypeVar

from pydantic import JsonValue
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from database.cases import CaseFilter, CaseStore
from database.known_keys import KnownKeys, keys_masked
from database.pool import UNREACHABLE
from domain.coverage import Coverage
from domain.inbox import digest
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
from starter.case_finder import CaseFinder
from starter.case_list import recorded_cases, visible_cases
from starter.case_opening import CaseOpening
from starter.engine import answer_within, engine_answer, is_missing
from starter.opening import record_for_certain
from starter.reports import answer_of, answer_unseen, parsed_report, report_content
from starter.telling import QUERY_ANSWER, asked, check_it_is_not_ahead, recorded, refusal_of, refused, told

REPORT_ANSWER = timedelta(seconds=4)
REFRESHING = timedelta(seconds=0.5)
"""Together, and with `RECORDING`, within the five seconds in which whoever reports has an answer (SPEC §3)."""

STILL_CLOSING = "the case before this one is closed and not recorded yet; nothing was taken: report again in a moment"

CaseName: TypeAlias = str | FoundCase
Answer = TypeVar("Answer")


class Desk:
    """A client of the engine and, when it can be had, the read model.

    Every method raises EngineUnreachable when Temporal does not answer.
    """

    def __init__(
        self,
        client: Client,
        cases: CaseStore | None = None,
        *,
        task_queue: str = "curative",
        keys: KnownKeys | None = None,
    ) -> None:
        self._client = client
        self._cases = cases
        self._keys = keys
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
            raise refused(refusal.field, str(refusal)) from None
        check_it_is_not_ahead("reported_at", parsed.happened_at)
        opening = CaseOpening(self._client, self._task_queue, parsed, content)
        try:
            answer = await answer_within(REPORT_ANSWER, opening.submit(digest(parsed)))
        except TimeoutError:
            if opening.waits_for_closing:
                raise Refused("case", STILL_CLOSING) from None
            await record_for_certain(opening, "the report")
            return answer_unseen(opening.workflow_id, opening.message_id)
        except WorkflowUpdateFailedError as failure:
            raise refusal_of(failure) from None
        return await self._told(opening, answer.case)

    async def _told(self, opening: CaseOpening, view: CaseView) -> ReportAnswer:
        """The answer with the view of this instant: a repeat is answered with the one it had the first time."""
        found = FoundCase(workflow_id=view.workflow_id, run_id=view.run_id, is_open=False)
        newest, opened = await asyncio.gather(
            self._query(found, "case", CaseView, REFRESHING), engine_answer(opening.has_opened(view.run_id))
        )
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
            return await keys_masked(self._keys, await self._submit(found, kind, payload))
        except RPCError as error:
            if is_missing(error):
                raise await self._closed(found) from None
            raise

    async def show(self, case: CaseName) -> ShownCase:
        """The case as it stands; as it was last recorded when no worker answers or its history is gone.

        Raises CaseNotFound, and NotAnswered when neither can tell.
        """
        found = await self.resolve(case)
        view = await self._view(found)
        if view is not None:
            return ShownCase(view=await keys_masked(self._keys, view), source=Source.WORKFLOW)
        last = await recorded(self._cases, found.reference or found.workflow_id, CaseView)
        if last is None:
            raise NotAnswered(f"No worker answers for {found.workflow_id}, and the read model does not know it yet.")
        return ShownCase(view=last, source=Source.READ_MODEL)

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
        return await told(self._client.get_workflow_handle(found.workflow_id), kind, payload, SubmitAnswer)

    async def _closed(self, found: FoundCase) -> Refused:
        """Why a closed case takes no message: how it ended."""
        view = await self._view(found) or await recorded(self._cases, found.reference or found.workflow_id, CaseView)
        if view is None or view.outcome is None:
            return Refused("case", f"{found.reference or found.workflow_id} is closed and takes no messages")
        because = f": {view.outcome_reason}" if view.outcome_reason else ""
        return Refused("case", f"{view.reference} is closed ({view.outcome}{because}) and takes no messages")

    async def _view(self, found: FoundCase) -> CaseView | None:
        """The view of that very case; None when nobody answers, or its id has passed on to a successor."""
        view = await self._query(found, "case", CaseView)
        return view if view and found.reference in (None, view.reference) else None

    async def _query(
        self, found: FoundCase, query: str, answer_type: type[Answer], limit: timedelta = QUERY_ANSWER
    ) -> Answer | None:
        """The answer of an execution, of an open one under whatever run id it has now; None without an answer."""
        run_id = None if found.is_open else found.run_id
        handle = self._client.get_workflow_handle(found.workflow_id, run_id=run_id)
        return await asked(handle, query, answer_type, limit)
