"""Stories on engines in this process: the environment and the handle that a `Story` wants, with nothing behind them.

Each story has an engine, and so a clock, of its own, as each workflow has on the server with virtual clocks. What they
say to each other finds its way from engine to engine.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue

from activities.messenger import WorkflowMessenger
from domain.effects import SoftwareOrder, SoftwareOrdered
from domain.serial_numbers import curative_workflow_id
from domain.software_opening import parse_software_request, software_workflow_id
from domain.software_orders import request_of
from domain.view import CaseView
from tests.engine.case_on_engine import CODE, sent
from tests.engine.conditions import Conditions
from tests.engine.engine import Engine
from tests.engine.engine_messenger import EngineMessenger
from tests.engine.execution import Execution
from tests.engine.failures import not_found

ActivitiesOf = Callable[[WorkflowMessenger], Sequence[Callable[..., Any]]]


class UsualConditions(Conditions):
    """All goes well, and each step takes a moment, as on a server: nothing happens at the very instant of its cause."""

    def __init__(self) -> None:
        self.tasks_to_lose = 0
        """How many of the tasks that end next are lost with their worker."""

    def moment(self) -> timedelta:
        """How long a message, a task or an answer is on its way."""
        return timedelta(milliseconds=5)

    def task_is_lost(self) -> bool:
        """Only when a test says so."""
        is_lost = self.tasks_to_lose > 0
        self.tasks_to_lose -= is_lost
        return is_lost


class HandleOnEngine:
    """What a client's handle offers to a story."""

    def __init__(self, engine: Engine, execution: Execution, conditions: UsualConditions) -> None:
        self.engine = engine
        self.execution = execution
        self.id = execution.id
        self._conditions = conditions

    async def query(self, name: str) -> Any:
        """Ask once everything that is under way has come to its end."""
        await self.engine.run_until_idle()
        return await self.execution.query(name)

    async def lose_task(self, within: timedelta) -> None:
        """Let time pass, and the worker die at the end of the task that falls into it.

        The task is done anew ten seconds later, together with what has come in by then.
        """
        self._conditions.tasks_to_lose = 1
        await self.engine.advance(within)
        assert self._conditions.tasks_to_lose == 0, "no task came to its end"

    async def signal(self, name: str, *, args: Sequence[Any] = ()) -> None:
        """Send a signal, stamped as our clients do."""
        await self.execution.signal(name, *args, headers=sent(self.engine.now))

    async def execute_update(self, name: str, *arguments: Any, args: Sequence[Any] = ()) -> Any:
        """Send an update; its answer."""
        return await self.execution.update(name, *(arguments or args))

    async def result(self) -> Any:
        """The result, letting as much time pass as it takes."""
        result = await self.execution.result()
        await self.engine.run_until_idle()
        return result

    async def terminate(self, reason: str) -> None:
        """Let go of it and of whatever it has started."""
        await self.engine.close()


class EnvironmentOnEngine:
    """What a testing environment offers to a story; it is its own client."""

    def __init__(self, theatre: "Theatre") -> None:
        self._theatre = theatre

    @property
    def client(self) -> "EnvironmentOnEngine":
        """Leads to the handles."""
        return self

    def get_workflow_handle(self, id: str) -> HandleOnEngine:  # noqa: A002 - Temporal's own word for it
        """What runs under that id. Raises RPCError (NOT_FOUND)."""
        return self._theatre.handle(id)

    async def get_current_time(self, handle: HandleOnEngine) -> datetime:
        """The instant of that story."""
        return handle.engine.now

    async def fast_forward(self, handle: HandleOnEngine, duration: timedelta | None) -> bool:
        """Let time pass, until the end when no duration is given; False when it has ended."""
        if duration is None:
            await handle.execution.result()
        else:
            await handle.engine.advance(duration)
        return not handle.execution.is_closed


class Theatre:
    """The engines of one test."""

    def __init__(self, activities_of: ActivitiesOf) -> None:
        self._activities_of = activities_of
        self._engines: list[Engine] = []
        self._conditions = UsualConditions()

    async def begin(
        self,
        workflow: str,
        *arguments: Any,
        id: str,  # noqa: A002 - Temporal's own word for it
        at: datetime,
        conditions: Conditions | None = None,
    ) -> HandleOnEngine:
        """Start a workflow at that instant, on an engine of its own; returns once it has come to rest."""
        chosen = conditions or self._conditions
        engine = Engine(CODE, now=at, conditions=chosen, seed=len(self._engines) + 1)
        self._engines.append(engine)
        engine.register(self._activities_of(_Across(engine, self)))
        execution = engine.start(workflow, *arguments, id=id, headers=sent(at))
        await engine.run_until_idle()
        return HandleOnEngine(engine, execution, self._conditions)

    def engine_of(self, id: str) -> Engine | None:  # noqa: A002 - Temporal's own word for it
        """The engine on which something runs, or ran, under that id."""
        found = [engine for engine in self._engines if id in {execution.id for execution in engine.executions}]
        return found[-1] if found else None

    def handle(self, id: str) -> HandleOnEngine:  # noqa: A002 - Temporal's own word for it
        """What runs, or ran, under that id. Raises RPCError (NOT_FOUND)."""
        engine = self.engine_of(id)
        if engine is None:
            raise not_found(f"workflow not found for ID: {id}")
        return HandleOnEngine(engine, engine.execution(id), self._conditions)

    async def close(self) -> None:
        """Let go of everything."""
        for engine in self._engines:
            await engine.close()


class _Across(EngineMessenger):
    """Reaches what runs on the other engines of the test, too."""

    def __init__(self, engine: Engine, theatre: Theatre) -> None:
        super().__init__(engine)
        self._own = engine
        self._theatre = theatre

    async def open_case(self, report: Mapping[str, JsonValue], besides: Mapping[str, JsonValue]) -> CaseView:
        """Join the case on its engine, or open it on this one."""
        engine = self._theatre.engine_of(curative_workflow_id(str(report["serial_number"])))
        if engine is None or engine is self._own:
            return await super().open_case(report, besides)
        return await EngineMessenger(engine).open_case(report, besides)

    async def request_software(self, order: SoftwareOrder, joins: str | None) -> SoftwareOrdered:
        """Join the request on its engine, or open it on this one."""
        own = software_workflow_id(parse_software_request(request_of(order)))
        engine = self._theatre.engine_of(joins or own) or self._theatre.engine_of(own)
        if engine is None or engine is self._own:
            return await super().request_software(order, joins)
        return await EngineMessenger(engine).request_software(order, joins)

    async def signal(self, workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        """Signal the open execution of that id; False when there is none."""
        engine = self._theatre.engine_of(workflow_id)
        return engine is not None and await EngineMessenger(engine).signal(workflow_id, name, payload)
