"""Notices by mail: to whom they are meant for, or to the coordinator, who passes them on (SPEC §6)."""

import smtplib
from dataclasses import dataclass

from temporalio import activity

from activities.correspondence import Correspondence, Outgoing
from activities.heartbeat import heartbeats
from database.technicians import Technicians
from domain.addressees import is_address, request_to_pass_on
from domain.bilingual import Both
from domain.effects import Notice

REFUSED_FOR_GOOD = 500
"""From this code on an SMTP server says that trying again is of no use."""


@dataclass(frozen=True)
class Desk:
    """Where the coordinator and the supervisor read their mail."""

    coordinator: str
    supervisor: str


class NoticeActivities:
    """Sends notices, each under a Message-ID made of its key, so that a repeat can be told (SPEC §7.3)."""

    def __init__(self, post: Correspondence, technicians: Technicians, desk: Desk) -> None:
        self._post = post
        self._technicians = technicians
        self._desk = desk

    @activity.defn
    async def send_notice(self, notice: Notice) -> None:
        """Send one notice.

        The address of a technician is their code in the registry. A notice without an address that can be used, or
        with one that the mail server refuses for good, goes to the coordinator.
        """
        async with heartbeats():
            address = await self._address(notice)
            if not is_address(address):
                await self._pass_on(notice)
                return
            try:
                await self._send(notice, address)
            except smtplib.SMTPRecipientsRefused as refused:
                if address == self._desk.coordinator or not _is_final(refused):
                    raise
                await self._pass_on(notice)

    async def _address(self, notice: Notice) -> str:
        match notice.to:
            case "coordinator":
                return self._desk.coordinator
            case "supervisor":
                return self._desk.supervisor
            case "technician" if "@" not in notice.address:
                return await self._technicians.email(notice.address) or ""
        return notice.address

    async def _pass_on(self, notice: Notice) -> None:
        await self._send(notice, self._desk.coordinator, request_to_pass_on(notice))

    async def _send(self, notice: Notice, address: str, preface: Both | None = None) -> None:
        await self._post.send(
            Outgoing(
                key=notice.key,
                now=notice.now,
                address=address,
                words=notice.words,
                thread=notice.thread,
                answers=notice.answers,
                preface=preface,
            )
        )


def _is_final(refused: smtplib.SMTPRecipientsRefused) -> bool:
    return all(code >= REFUSED_FOR_GOOD for code, _ in refused.recipients.values())
