"""A software request as a story: what is asked for, and what people say of it, on a clock that the test moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.software_opening import parse_software_request, software_workflow_id
from tests.engine.conditions import Conditions
from tests.engine.story_on_engine import EnvironmentOnEngine, HandleOnEngine, Theatre
from tests.story import Story

WORKFLOW = "SoftwareUpdateWorkflow"

KIT = "FTT27177WBH"
"""A Room Kit in Paris, RoomOS 11.9: RoomOS 11.14 is the newest for its revision, and needs no key."""
CODEC = "FTT2608B2KR"
"""A Codec Plus in Paris, RoomOS 10.19: RoomOS 11.14 is a step on the way to RoomOS 11.20."""
UP_TO_DATE = "FTT2542UZUK"
"""A Room Kit in Lille whose revision takes nothing newer than it has."""
BRIDGE, BRIDGE_OF_RHONEVAL = "WZP27155V3Y", "WZP2733QD7G"
"""Cisco Meeting Servers, 3.9: 3.11 needs a key, and there are three of them in stock."""
RMX = "RMX18-2146-50462"
GATEWAY = "SM03E895"
"""An ISDN gateway: there is no release for its type yet."""
EXPIRED = "821518170AADCV"
UNCOVERED = "FDO2720A6CW"
REQUESTER, CONTACT = "a.petit@brunel.example", "salles.paris@brunel.example"


def request(*items: str | dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A request by mail for these serial numbers, or items as they were stated."""
    stated = [{"serial_number": item} if isinstance(item, str) else item for item in items]
    by = {"name": "Annie Petit", "email": REQUESTER}
    return {"requested_by": by, "channel": "email", "items": stated, **fields}


@dataclass(frozen=True)
class SoftwareStory(Story):
    """One software request."""

    @classmethod
    async def on_engine(
        cls, theatre: Theatre, asked: dict[str, Any], at: datetime, conditions: Conditions | None = None
    ) -> "SoftwareStory":
        """A request comes in at that instant; returns once everything has come to rest."""
        workflow_id = software_workflow_id(parse_software_request(asked))
        asked = {"received_at": at.isoformat(), **asked}
        handle = await theatre.begin(WORKFLOW, {"request": asked}, id=workflow_id, at=at, conditions=conditions)
        environment = cast(WorkflowEnvironment, EnvironmentOnEngine(theatre))
        return cls(environment, cast(WorkflowHandle[Any, Any], handle))

    @classmethod
    async def on_server(
        cls, environment: WorkflowEnvironment, task_queue: str, asked: dict[str, Any], at: datetime
    ) -> Self:
        """The same on the real server, under an id of this test's own."""
        asked = {"received_at": at.isoformat(), **asked}
        story = await cls.begin(
            environment, WORKFLOW, {"request": asked}, id=f"software-{uuid4()}", at=at, task_queue=task_queue
        )
        await story.until(lambda view: view["stage"] != "registered", "the registry has answered")
        return story

    @property
    def on(self) -> HandleOnEngine:
        """The engine's own handle."""
        return cast(HandleOnEngine, self.handle)

    async def say(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a message as the update; the new view."""
        answer = await self.submit({"kind": kind, **fields})
        view: dict[str, Any] = answer["case"]
        return view

    async def refused(self, kind: str, **fields: Any) -> str:
        """Send a message that must be refused; the reason."""
        with pytest.raises(WorkflowUpdateFailedError) as failure:
            await self.say(kind, **fields)
        assert isinstance(failure.value.cause, ApplicationError)
        return failure.value.cause.message

    async def states(self) -> list[str]:
        """How each item stands."""
        return [item["state"] for item in (await self.view())["items"]]

    async def promise(self, name: str, contract: str | None = None) -> dict[str, Any]:
        """The latest promise of that name."""
        promises: Sequence[dict[str, Any]] = (await self.view())["promises"]
        return [p for p in promises if p["name"] == name and contract in (None, p["contract"])][-1]
