"""A curative case on an engine in this process: the same words as `CaseStory`, told in a fraction of the time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter

from activities.messenger import WorkflowMessenger
from config.temporal import CurativePlugin
from tests.engine.conditions import Conditions
from tests.engine.engine import Engine
from tests.engine.engine_messenger import EngineMessenger
from tests.engine.execution import Execution
from tests.engine.workflow_code import WorkflowCode
from tests.workflows.case_story import WORKFLOW, report
from workflows.curative_maintenance import CurativeMaintenanceWorkflow
from workflows.equipment_return import EquipmentReturnWorkflow
from workflows.late_letters import LateLettersWorkflow
from workflows.phone_assistance import PhoneAssistanceWorkflow
from workflows.software_update import SoftwareUpdateWorkflow

CODE = WorkflowCode(
    [
        CurativeMaintenanceWorkflow,
        EquipmentReturnWorkflow,
        LateLettersWorkflow,
        PhoneAssistanceWorkflow,
        SoftwareUpdateWorkflow,
    ],
    CurativePlugin(),
)

ActivitiesOf = Callable[[WorkflowMessenger], Sequence[Callable[..., Any]]]


class CaseOnEngine:
    """One case, on an engine of its own, with the workflows that it starts beside it."""

    def __init__(self, engine: Engine, handle: Execution) -> None:
        self.engine = engine
        self.handle = handle

    @classmethod
    async def open(
        cls,
        activities_of: ActivitiesOf,
        serial_number: str,
        at: datetime,
        *,
        conditions: Conditions | None = None,
        seed: int = 0,
        **fields: Any,
    ) -> Self:
        """A report comes in at that instant; returns once the entitlement is known, or is known to wait.

        `activities_of` makes the activities, given the way to the other workflows of this engine.
        """
        engine = Engine(CODE, now=at, conditions=conditions, seed=seed)
        engine.register(activities_of(EngineMessenger(engine)))
        fields.setdefault("reported_at", at.isoformat())
        opening = {"report": report(serial_number, **fields)}
        handle = engine.start(WORKFLOW, opening, id=f"curative-{serial_number}", headers=sent(at))
        case = cls(engine, handle)
        await engine.run_until_idle()
        return case

    async def now(self) -> datetime:
        """The case's own instant."""
        return self.engine.now

    async def after(self, duration: timedelta) -> None:
        """Let `duration` pass."""
        await self.engine.advance(duration)

    async def view(self) -> Any:
        """The case as it stands."""
        return await self.handle.query("case")

    async def say(self, kind: str, **fields: Any) -> Any:
        """Send a message as the update; its answer. Raises WorkflowUpdateFailedError."""
        return await self.handle.update("submit", {"kind": kind, **fields})

    async def signal(self, name: str, *payloads: Any) -> None:
        """Send a message as a signal, stamped with the instant as our clients do."""
        await self.handle.signal(name, *payloads, headers=sent(self.engine.now))


def sent(at: datetime) -> dict[str, Payload]:
    """The stamp of `config.arrival`, as it stands in the histories of open cases."""
    return {"curative-sent-at": PayloadConverter.default.to_payload(at.isoformat())}
