"""The way to other workflows: a port, so that an activity can start and signal them (DESIGN §2.12)."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue

from domain.effects import NoticeBatch, ReturnOrder


class WorkflowMessenger(Protocol):
    """Starts and signals workflows. Each method may be repeated, and then changes nothing."""

    async def open_case(self, report: Mapping[str, JsonValue], moved_from: str) -> str:
        """Open the case of the equipment that the report names, or join the one that is open.

        `report` has a message id, and is the report that the case `moved_from` was opened with. Answers the reference
        of the case that has it now. Raises MessageRefused when no case can have it.
        """

    async def start_return(self, order: ReturnOrder) -> None:
        """Have the way back of something followed, in a workflow of its own; one that was started is left alone."""

    async def start_letters(self, batch: NoticeBatch) -> None:
        """Have letters sent by a workflow of their own; one that was started is left alone."""

    async def signal(self, workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        """Send a signal to what runs under that id; False when nothing does."""
