"""The processes behind the mail gate: the desks of curative cases, software requests and calls (R12, R4)."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import JsonValue

from domain.references import ASSISTANCE, CURATIVE, SOFTWARE
from domain.software_items import ItemState
from mailgate.ports import Declined, Missing
from starter.answers import CaseNotFound, NotAnswered, Refused, ReportStatus
from starter.desk import Desk
from starter.software_desk import SoftwareDesk, SoftwareNotFound


class CallDesk(Protocol):
    """Calls for assistance, as far as mails concern them."""

    async def report(self, call: Mapping[str, JsonValue], message_id: str) -> str | None:
        """Leave a call-back; its reference once somebody has looked at it. Raises Refused."""

    async def tell(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> bool:
        """Tell a call something; False when there is none that takes it. Raises Refused."""

    async def lacks_a_serial_number(self, reference: str) -> bool:
        """Whether nobody has said yet which equipment an open call is about."""


class DeskMatters:
    """Reaches every process through its desk. Raises EngineUnreachable, NotAnswered, RPCError when one is away."""

    def __init__(self, cases: Desk, software: SoftwareDesk, calls: CallDesk) -> None:
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
            return await self._calls.report(call, message_id)
        except Refused as refused:
            raise Declined(str(refused)) from None

    async def missing(self, reference: str) -> Sequence[Missing]:
        """What a request or a call waits for its requester to say."""
        kind = reference[:2]
        if kind == ASSISTANCE:
            lacks = await self._calls.lacks_a_serial_number(reference)
            return (Missing(None, None, None),) if lacks else ()
        if kind != SOFTWARE:
            return ()
        try:
            view = (await self._software.show(reference)).view
        except SoftwareNotFound:
            return ()
        return [
            Missing(item.item, item.serial_number, item.stated_type or item.type)
            for item in view.items
            if item.state is ItemState.CLARIFICATION
        ]

    async def say(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> bool:
        """Tell a case something; False when there is none of that reference that takes it."""
        try:
            match reference[:2]:
                case process if process == CURATIVE:
                    await self._tell_case(reference, kind, payload)
                case process if process == SOFTWARE:
                    await self._software.send(reference, kind, payload)
                case _:
                    return await self._calls.tell(reference, kind, payload)
        except (CaseNotFound, SoftwareNotFound, Refused):
            return False
        return True

    async def _tell_case(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> None:
        """As an update, which says when it is refused; while no worker answers, as a signal, which is recorded too."""
        found = await self._cases.resolve(reference)
        try:
            await self._cases.send(found, kind, dict(payload))
        except NotAnswered:
            await self._cases.send(found, kind, dict(payload), as_signal=True)
