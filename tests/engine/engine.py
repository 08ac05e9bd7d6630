"""A workflow engine in the test's own process: the server's part, and the worker's, for the real workflow code.

The workflow classes, their event loop, converters and interceptors are the SDK's and the product's own; activities run
for real. Only time is virtual: one clock for all executions of an engine. All chance comes from one seed, so that what
happened once happens again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.workflow_activation import InitializeWorkflow
from temporalio.exceptions import WorkflowAlreadyStartedError

from tests.engine.activity_worker import ActivityWorker
from tests.engine.clock import VirtualClock
from tests.engine.conditions import Conditions
from tests.engine.driving import Driver
from tests.engine.execution import Execution
from tests.engine.failures import not_found
from tests.engine.workflow_code import WorkflowCode
from tests.engine.world import World


class Engine:
    """Executions side by side on one clock. Whoever waits for something drives it; nothing happens by itself."""

    def __init__(
        self,
        code: WorkflowCode,
        activities: Sequence[Callable[..., Any]] = (),
        *,
        now: datetime,
        conditions: Conditions | None = None,
        seed: int = 0,
    ) -> None:
        clock = VirtualClock(now)
        worker = ActivityWorker(code.converter)
        self._world = World(clock, code, worker, conditions or Conditions(), Random(seed))
        self._driver = Driver(clock)
        self._executions: dict[str, Execution] = {}
        self.started: list[Execution] = []
        """Everything that was ever started, in order, also what has ended and lent its id to another."""
        self.register(activities)

    @property
    def now(self) -> datetime:
        """The instant that all executions share."""
        return self._world.clock.now

    @property
    def executions(self) -> Sequence[Execution]:
        """The newest execution of each id, in the order of their first starts."""
        return list(self._executions.values())

    def register(self, activities: Sequence[Callable[..., Any]]) -> None:
        """Have more activities run here: those that talk to executions are made when the engine is there."""
        self._world.activities.register(activities)

    def start(
        self,
        workflow: str,
        *arguments: Any,
        id: str,  # noqa: A002 - Temporal's own word for it
        headers: Mapping[str, Payload] | None = None,
    ) -> Execution:
        """Start a workflow; its first task is done when somebody drives.

        Raises WorkflowAlreadyStartedError while an execution of that id is open.
        """
        current = self._executions.get(id)
        if current is not None and not current.is_closed:
            raise WorkflowAlreadyStartedError(id, workflow)
        start = InitializeWorkflow(
            workflow_type=workflow,
            workflow_id=id,
            arguments=self._world.code.payloads(arguments),
            headers=headers or {},
            attempt=1,
        )
        self._executions[id] = execution = Execution(self._world, self._driver, start, self._executions)
        self.started.append(execution)
        return execution

    def execution(self, id: str) -> Execution:  # noqa: A002 - Temporal's own word for it
        """The newest execution of that id. Raises RPCError (NOT_FOUND)."""
        if id not in self._executions:
            raise not_found(f"workflow not found for ID: {id}")
        return self._executions[id]

    async def advance(self, duration: timedelta) -> None:
        """Let time pass, and everything happen that falls into it."""
        await self._driver.pass_time(duration)

    async def run_until_idle(self) -> None:
        """Let messages, tasks and activities come to their end; timers and pauses between attempts are left."""
        await self._driver.until_idle()

    async def close(self) -> None:
        """Let go of all executions."""
        for execution in self.started:
            await execution.forget()
