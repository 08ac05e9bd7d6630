"""The way to other workflows: a port, so that an activity can start and signal them (DESIGN §2.12)."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue

from domain.effects import NoticeBatch, ReturnOrder, SoftwareOrder, SoftwareOrdered, SoftwareWithdrawal
from domain.view import CaseView


class WorkflowMessenger(Protocol):
    """Starts and signals workflows. Each method may be repeated, and then changes nothing."""

    async def open_case(self, report: Mapping[str, JsonValue], besides: Mapping[str, JsonValue]) -> CaseView:
        """Open the case of the equipment that the report names, or join the one that is open.

        `report` has a message id; `besides` is what a case that it opens is told with it (`domain.opening`). Answers
        the case that has it now. Raises MessageRefused when no case can have it.
        """

    async def request_software(self, order: SoftwareOrder, joins: str | None) -> SoftwareOrdered:
        """Open a software request for one piece of equipment, or join the one that is open for it (R3, R12).

        `joins` is the workflow id of a request that is open for it, as far as the read model knows one.
        `order.tell`, if any, is signalled `software_news` when it is answered. Raises MessageRefused when no request
        can have it.
        """

    async def withdraw_software(self, withdrawal: SoftwareWithdrawal) -> None:
        """Whoever waited for the software of that equipment waits no more; a request that nobody else needs ends."""

    async def start_return(self, order: ReturnOrder) -> None:
        """Have the way back of something followed, in a workflow of its own; one that was started is left alone."""

    async def start_letters(self, batch: NoticeBatch) -> None:
        """Have letters sent by a workflow of their own; one that was started is left alone."""

    async def signal(self, workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        """Send a signal to what runs under that id; False when nothing does."""
