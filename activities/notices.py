"""Notices by mail: to whom they are meant for, or to the coordinator, who passes them on (SPEC §6)."""

from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, JsonValue
from temporalio import activity

from activities.correspondence import Outgoing
from activities.delivery import Delivery
from activities.heartbeat import heartbeats
from activities.mailer import MailDelayed
from database.technicians import Technicians
from domain.effects import Notice, NoticeBatch, NoticesSent, RefusedNotice


@dataclass(frozen=True)
class Desk:
    """Where the coordinator and the supervisor read their mail."""

    coordinator: str
    supervisor: str


class _Progress(BaseModel):
    """How far a batch has come, as its heartbeats tell the next attempt."""

    handed_over: list[str] = []
    refused: list[RefusedNotice] = []

    @classmethod
    def of_the_attempt_before(cls) -> Self:
        details = activity.info().heartbeat_details
        return cls.model_validate(details[0]) if details else cls()

    def note(self, notice: Notice, refused: RefusedNotice | None) -> None:
        self.handed_over.append(notice.key.identifier)
        self.refused += [refused] if refused else []

    def as_details(self) -> tuple[JsonValue, ...]:
        return (self.model_dump(mode="json"),)


class NoticeActivities:
    """Sends notices, each under a Message-ID made of its key, so that a repeat can be told (SPEC §7.3).

    The address of a technician is their code in the registry.
    """

    def __init__(self, delivery: Delivery, technicians: Technicians, desk: Desk) -> None:
        self._delivery = delivery
        self._technicians = technicians
        self._desk = desk

    @activity.defn
    async def send_notice(self, notice: Notice) -> NoticesSent | None:
        """Send one notice. Raises what keeps it from being handed over now."""
        async with heartbeats():
            refused = await self._deliver(notice)
        return NoticesSent(refused=(refused,) if refused else ())

    @activity.defn
    async def send_notices(self, batch: NoticeBatch) -> NoticesSent:
        """Send several; what an attempt before this one has handed over is not sent again.

        One address that cannot be reached now does not hold up the others. Raises what keeps any from being sent.
        """
        so_far = _Progress.of_the_attempt_before()
        async with heartbeats(so_far.as_details):
            try:
                await self._deliver_each(batch, so_far)
            finally:
                if so_far.handed_over and len(so_far.handed_over) < len(batch.notices):
                    activity.heartbeat(*so_far.as_details())  # what failed is tried again, and nothing else
        return NoticesSent(refused=tuple(so_far.refused))

    async def _deliver_each(self, batch: NoticeBatch, so_far: _Progress) -> None:
        delayed: MailDelayed | None = None
        for notice in batch.notices:
            if notice.key.identifier in so_far.handed_over:
                continue
            try:
                so_far.note(notice, await self._deliver(notice))
            except MailDelayed as reason:
                delayed = reason
        if delayed is not None:
            raise delayed

    async def _deliver(self, notice: Notice) -> RefusedNotice | None:
        letter = Outgoing(
            key=notice.key,
            now=notice.now,
            address=await self._address(notice),
            words=notice.words,
            thread=notice.thread,
            answers=notice.answers,
            invitation=notice.invitation,
        )
        return await self._delivery.deliver(letter, notice.to, known_as=notice.address)

    async def _address(self, notice: Notice) -> str:
        match notice.to:
            case "coordinator":
                return self._desk.coordinator
            case "supervisor":
                return self._desk.supervisor
            case "technician" if "@" not in notice.address:
                return await self._technicians.email(notice.address) or ""
        return notice.address
