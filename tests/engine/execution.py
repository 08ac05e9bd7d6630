"""One workflow execution, from its start to its end, over as many runs as it takes; what a client's handle offers."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from temporalio.api.common.v1 import Memo, Payload, SearchAttributes
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import (
    CancelWorkflow,
    DoUpdate,
    InitializeWorkflow,
    ResolveSignalExternalWorkflow,
    SignalWorkflow,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands import (
    ContinueAsNewWorkflowExecution,
    SignalExternalWorkflowExecution,
    UpdateResponse,
    WorkflowCommand,
)
from temporalio.client import WorkflowFailureError, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, CancelledError

from tests.engine.driving import Driver
from tests.engine.failures import not_found
from tests.engine.instants import as_timestamp
from tests.engine.run import Run
from tests.engine.server_side import ServerSide
from tests.engine.workflow_tasks import CLOSING, WorkflowTasks
from tests.engine.world import World

Headers = Mapping[str, Payload]


class Execution:
    """An execution on an engine, beside its neighbours. Messages are on their way as long as the conditions say."""

    def __init__(
        self, world: World, driver: Driver, start: InitializeWorkflow, neighbours: Mapping[str, "Execution"]
    ) -> None:
        self.id = start.workflow_id
        self.runs = 0
        self._world = world
        self._driver = driver
        self._neighbours = neighbours
        self._result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._updates: dict[str, asyncio.Future[Any]] = {}
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._accepted: set[str] = set()
        self._begin_run(start, ())

    @property
    def is_closed(self) -> bool:
        """Whether the last run has ended."""
        return self._result.done()

    @property
    def approximate_history_length(self) -> int:
        """About how many events the current run has."""
        return self._run.approximate_history_length

    @property
    def search_attributes(self) -> dict[str, Any]:
        """The search attributes as they stand."""
        return {name: self._world.code.value(value) for name, value in self._server.search_attributes.items()}

    async def signal(self, name: str, *payloads: Any, headers: Headers | None = None) -> None:
        """Send a signal; returns when it has come in. Raises RPCError (NOT_FOUND) when the execution has ended."""
        await self._arrives(self._signal_job(name, self._world.code.payloads(payloads), headers or {}))

    def has_heard(self, update_id: str) -> bool:
        """Whether an update of that id has come in: its repeat is given the answer of the first, also after the end."""
        return update_id in self._answers

    async def update(self, name: str, *payloads: Any, id: str | None = None, headers: Headers | None = None) -> Any:  # noqa: A002 - Temporal's own word for it
        """Send an update; its answer, as plain JSON. A repeat, by its id, is given the answer of the first.

        Raises WorkflowUpdateFailedError when it is rejected or fails, RPCError (NOT_FOUND) after the end.
        """
        update_id = id or self._world.new_id()
        answer = self._answers.get(update_id) or await self._send_update(update_id, name, payloads, headers or {})
        await self._driver.until(answer.done, f"update {name} of {self.id} is answered")
        return answer.result()

    async def _send_update(
        self, update_id: str, name: str, payloads: Sequence[Any], headers: Headers
    ) -> asyncio.Future[Any]:
        values = self._world.code.payloads(payloads)
        update = DoUpdate(id=update_id, protocol_instance_id=update_id, name=name, input=values, run_validator=True)
        for header, value in headers.items():
            update.headers[header].CopyFrom(value)
        update.meta.update_id = update_id
        self._answers[update_id] = answer = asyncio.get_running_loop().create_future()
        await self._arrives(WorkflowActivationJob(do_update=update))
        return answer

    async def request_cancel(self, reason: str = "") -> None:
        """Temporal's own request to cancel."""
        await self._arrives(WorkflowActivationJob(cancel_workflow=CancelWorkflow(reason=reason)))

    async def query(self, name: str, *arguments: Any) -> Any:
        """Ask the workflow once it has come to rest, also when it has ended. Raises WorkflowQueryFailedError."""
        await self._driver.until(lambda: self.is_at_rest, f"{self.id} comes to rest")
        command = await self._run.query(name, self._world.code.payloads(arguments))
        answer = command.respond_to_query
        if answer.HasField("failed"):
            raise WorkflowQueryFailedError(answer.failed.message)
        return self._world.code.value(answer.succeeded.response)

    @property
    def is_at_rest(self) -> bool:
        """Whether no task is called for or under way."""
        return self._tasks.is_at_rest

    async def result(self) -> Any:
        """The result, as plain JSON, letting as much time pass as it takes. Raises WorkflowFailureError."""
        await self._driver.until(self._result.done, f"{self.id} ends")
        return self._result.result()

    async def restart_worker(self) -> None:
        """A fresh worker takes over between two tasks, and replays the run. Raises NondeterminismFound."""
        await self._driver.until(lambda: self.is_at_rest, f"{self.id} comes to rest")
        await self._run.start_over()

    async def forget(self) -> None:
        """Let go of everything that still runs."""
        self._server.drop()
        await self._run.evict()

    def _signal_job(self, name: str, payloads: Sequence[Payload], headers: Headers) -> WorkflowActivationJob:
        signal = SignalWorkflow(
            signal_name=name,
            input=payloads,
            headers=headers,
            identity="engine",
            originating_event_id=next(self._world.numbers),
        )
        return WorkflowActivationJob(signal_workflow=signal)

    async def _arrives(self, job: WorkflowActivationJob) -> None:
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._world.clock.after(self._world.conditions.moment(), partial(self._arrive, job, arrived), is_work=True)
        await self._driver.until(arrived.done, f"a message to {self.id} comes in")
        arrived.result()

    async def _arrive(self, job: WorkflowActivationJob, arrived: asyncio.Future[None]) -> None:
        update_id = job.do_update.id
        if self.is_closed:
            self._answers.pop(update_id, None)
            arrived.set_exception(not_found(f"workflow execution already completed: {self.id}"))
        else:
            if update_id:
                self._updates[update_id] = self._answers[update_id]
            self._tasks.receive(job)
            arrived.set_result(None)

    def _begin_run(self, start: InitializeWorkflow, waiting: Sequence[WorkflowActivationJob]) -> None:
        self.runs += 1
        start.randomness_seed = self._world.random.getrandbits(63)
        start.start_time.CopyFrom(as_timestamp(self._world.clock.now))
        run_id = self._world.new_id()
        start.first_execution_run_id = start.first_execution_run_id or run_id
        self._run = Run(self._world.code, start, run_id)
        self._tasks = WorkflowTasks(self._world, self._run, self._carry_out)
        self._server = ServerSide(self._world, self._run, self._tasks)
        for job in (WorkflowActivationJob(initialize_workflow=start), *waiting):
            self._tasks.receive(job)

    async def _carry_out(self, commands: Sequence[WorkflowCommand]) -> None:
        """Carry out the commands of a task; the one that ends the run comes last, wherever it stands."""
        for command in sorted(commands, key=lambda command: command.WhichOneof("variant") in CLOSING):
            if command.HasField("update_response"):
                self._answer(command.update_response)
            elif command.HasField("signal_external_workflow_execution"):
                self._signal_neighbour(command.signal_external_workflow_execution)
            elif command.WhichOneof("variant") in CLOSING:
                await self._end_run(command)
            else:
                self._server.carry_out(command)

    def _answer(self, response: UpdateResponse) -> None:
        if response.HasField("accepted"):
            self._accepted.add(response.protocol_instance_id)
            return
        answer = self._updates.pop(response.protocol_instance_id)
        if response.protocol_instance_id not in self._accepted:
            del self._answers[response.protocol_instance_id]  # what a validator rejects leaves no trace
        if response.HasField("completed"):
            answer.set_result(self._world.code.value(response.completed))
        else:
            answer.set_exception(WorkflowUpdateFailedError(self._cause(response.rejected)))

    def _signal_neighbour(self, command: SignalExternalWorkflowExecution) -> None:
        resolve = ResolveSignalExternalWorkflow(seq=command.seq)
        neighbour = self._neighbours.get(command.workflow_execution.workflow_id)
        if neighbour is None or neighbour.is_closed:
            resolve.failure.message = f"no open execution {command.workflow_execution.workflow_id}"
            resolve.failure.application_failure_info.type = "ExternalWorkflowExecutionNotFound"
        else:
            neighbour._tasks.receive(self._signal_job(command.signal_name, command.args, command.headers))
        self._tasks.receive(WorkflowActivationJob(resolve_signal_external_workflow=resolve))

    async def _end_run(self, command: WorkflowCommand) -> None:
        waiting = self._tasks.leave()
        self._server.drop()
        for accepted in self._accepted & self._updates.keys():
            lost = ApplicationError("the run ended before the update did", type="AcceptedUpdateCompletedWorkflow")
            self._updates.pop(accepted).set_exception(WorkflowUpdateFailedError(lost))
        if command.HasField("continue_as_new_workflow_execution"):
            await self._run.evict()
            self._begin_run(self._next_start(command.continue_as_new_workflow_execution), waiting)
            return
        for answer in self._updates.values():
            answer.set_exception(not_found(f"workflow execution already completed: {self.id}"))
        self._updates.clear()
        self._set_result(command)

    def _next_start(self, command: ContinueAsNewWorkflowExecution) -> InitializeWorkflow:
        """What the next run begins with: what the command says, and what the server carries over."""
        last = self._run.start
        carried = command.search_attributes.indexed_fields or self._server.search_attributes
        return InitializeWorkflow(
            workflow_type=command.workflow_type or last.workflow_type,
            workflow_id=last.workflow_id,
            arguments=command.arguments,
            headers=command.headers,
            continued_from_execution_run_id=self._run.run_id,
            first_execution_run_id=last.first_execution_run_id,
            memo=Memo(fields=command.memo or self._server.memo),
            search_attributes=SearchAttributes(indexed_fields=carried),
        )

    def _set_result(self, command: WorkflowCommand) -> None:
        if command.HasField("complete_workflow_execution"):
            self._result.set_result(self._world.code.value(command.complete_workflow_execution.result))
        elif command.HasField("fail_workflow_execution"):
            cause = self._cause(command.fail_workflow_execution.failure)
            self._result.set_exception(WorkflowFailureError(cause=cause))
        else:
            self._result.set_exception(WorkflowFailureError(cause=CancelledError("Workflow cancelled")))

    def _cause(self, failure: Failure) -> BaseException:
        converter = self._world.code.converter
        return converter.failure_converter.from_failure(failure, converter.payload_converter)
