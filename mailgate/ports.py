"""What the mail gate asks of the processes: it knows no workflow and no client."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from pydantic import JsonValue


class Declined(Exception):
    """A process does not take what a mail says; one sentence says why. A person reads it then."""


class Missing(NamedTuple):
    """What waits for its requester to say what it is: an item of a software request, or the equipment of a call."""

    item: int | None
    serial_number: str | None
    type: str | None


class Matters(Protocol):
    """The processes, as far as mails concern them.

    What has returned is durable in Temporal, and done once for each `message_id`. Everything else that is raised than
    Declined means that nothing is certain: the mail is to be given again.
    """

    async def ask_for_software(self, request: Mapping[str, JsonValue], message_id: str) -> str | None:
        """Open or join a software request; its reference, None while nobody has looked at it. Raises Declined."""

    async def report_breakdown(self, call: Mapping[str, JsonValue], message_id: str) -> str | None:
        """Leave a call-back for level 1; its reference, None while nobody has looked at it. Raises Declined."""

    async def missing(self, reference: str) -> Sequence[Missing]:
        """What an open request or call waits for its requester to say; nothing for a curative case."""

    async def say(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> bool:
        """Tell a case something; False when there is none of that reference that takes it. Raises Declined."""
