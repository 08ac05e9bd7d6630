"""The processes behind the mail gate: the desks of curative cases, software requests and calls (R12, R4)."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from domain.references import ASSISTANCE, CURATIVE, SOFTWARE
from domain.software_items import ItemState
from mailgate.ports import Declined, Missing
from starter.answers import CaseNotFound, NotAnswered, Refused, ReportStatus
from starter.assistance_desk import AssistanceDesk
from starter.call_answers import CallNotFound
from starter.desk import Desk
from starter.software_desk import SoftwareDesk, SoftwareNotFound


class DeskMatters:
    """Reaches every process through its desk. Raises EngineUnreachable, NotAnswered, RPCError when one is away."""

    def __init__(self, cases: Desk, software: SoftwareDesk, calls: AssistanceDesk) -> None:
        self._cases = cases
        self._software = software
        self._calls = calls

    async def ask_for_software(self, request: Mapping[str, JsonValue], message_id: str) -> str | None:
        """Open or join a software request. Raises Declined."""
        try:
            answer = await self._software.request(request, message_id)
        except Refused as refused:
            raise Declined(str(refused)) from None
        if answer.status is ReportStatus.REJECTED:
            raise Declined(f"{answer.reference} was rejected: {answer.reason}")
        return answer.reference

    async def report_breakdown(self, call: Mapping[str, JsonValue], message_id: str) -> str | None:
        """Leave a call-back for level 1. Raises Declined."""
        try:
            return (await self._calls.open(call, message_id)).reference
        except Refused as refused:
            raise Declined(str(refused)) from None

    async def missing(self, reference: str) -> Sequence[Missing]:
        """What a request or a call waits for its requester to say."""
        try:
            if reference.startswith(ASSISTANCE):
                call = (await self._calls.show(reference)).view
                return () if call.serial_number or call.closed_at else (Missing(None, None, None),)
            if reference.startswith(SOFTWARE):
                items = (await self._software.show(reference)).view.items
                unclear = [item for item in items if item.state is ItemState.CLARIFICATION]
                return [Missing(item.item, item.serial_number, item.stated_type or item.type) for item in unclear]
        except (CallNotFound, SoftwareNotFound):
            pass
        return ()

    async def say(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> bool:
        """Tell a case something; False when there is none of that reference that takes it."""
        try:
            if reference.startswith(CURATIVE):
                await self._tell_case(reference, kind, payload)
            elif reference.startswith(SOFTWARE):
                await self._software.send(reference, kind, payload)
            else:
                await self._calls.send(reference, kind, {"case": reference, **payload})
        except (CaseNotFound, CallNotFound, SoftwareNotFound, Refused):
            return False
        return True

    async def _tell_case(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> None:
        """As an update, which says when it is refused; while no worker answers, as a signal, which is recorded too."""
        found = await self._cases.resolve(reference)
        try:
            await self._cases.send(found, kind, dict(payload))
        except NotAnswered:
            await self._cases.send(found, kind, dict(payload), as_signal=True)
