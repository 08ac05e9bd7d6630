"""Workflow tasks: what has come in is handed to the workflow, as the server and the worker do it between them.

A task lasts until no local activity of it is left. What comes in meanwhile waits for the next one; only when a task
ends do its commands take effect. A task that would end the run while something waits is thrown away and done anew,
together with what came in, and so is one whose worker died: its local activities run again.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from temporalio.bridge.proto.activity_result import ActivityResolution
from temporalio.bridge.proto.workflow_activation import ResolveActivity, WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import ScheduleLocalActivity, WorkflowCommand

from tests.engine.activity_execution import ActivityExecution
from tests.engine.activity_worker import ActivityCaller
from tests.engine.run import Run
from tests.engine.workflow_code import TASK_TIMEOUT
from tests.engine.world import World

CLOSING = (
    "complete_workflow_execution",
    "fail_workflow_execution",
    "cancel_workflow_execution",
    "continue_as_new_workflow_execution",
)
"""Commands after which the run is over."""

CarryOut = Callable[[Sequence[WorkflowCommand]], Awaitable[None]]


class _Task:
    """The one task that is under way."""

    def __init__(self, jobs: Sequence[WorkflowActivationJob], *, is_long: bool) -> None:
        self.jobs = jobs
        self.is_long = is_long
        self.commands: list[WorkflowCommand] = []
        self.local: dict[int, ActivityExecution] = {}

    def abandon_local(self) -> None:
        """The run is over whatever they answer."""
        for activity in self.local.values():
            activity.abandon()
        self.local = {}

    @property
    def closes_the_run(self) -> bool:
        return any(command.WhichOneof("variant") in CLOSING for command in self.commands)


class WorkflowTasks:
    """The tasks of one run, one at a time. `carry_out` is given the commands of each that ended."""

    def __init__(self, world: World, run: Run, carry_out: CarryOut) -> None:
        self._world = world
        self._run = run
        self._carry_out = carry_out
        self._waiting: list[WorkflowActivationJob] = []
        self._current: _Task | None = None
        self._is_called = False

    @property
    def is_at_rest(self) -> bool:
        """Whether the workflow has seen all that came in, and has done what it could."""
        return self._current is None and not self._is_called

    def leave(self) -> Sequence[WorkflowActivationJob]:
        """The run is over: what has come in, and was not handed over, is for whoever comes next."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def receive(self, job: WorkflowActivationJob) -> None:
        """Something comes in."""
        self._waiting.append(job)
        self._call()

    def withdraw_timer(self, seq: int) -> None:
        """A timer that has fired unseen is cancelled: it never fired."""
        self._waiting = [job for job in self._waiting if not job.HasField("fire_timer") or job.fire_timer.seq != seq]

    def _call(self, delay: timedelta = timedelta(0)) -> None:
        if self._waiting and self.is_at_rest:
            self._is_called = True
            self._world.clock.after(delay + self._world.conditions.moment(), self._begin, is_work=True)

    async def _begin(self) -> None:
        self._is_called = False
        if not self._waiting:
            return
        jobs, self._waiting = self._waiting, []
        is_long = self._world.conditions.suggests_continue_as_new(self._run.approximate_history_length)
        self._current = task = _Task(jobs, is_long=is_long)
        if self._world.conditions.worker_restarts():
            await self._run.start_over()
        await self._activate(task, jobs)

    async def _activate(self, task: _Task, jobs: Sequence[WorkflowActivationJob]) -> None:
        for command in await self._run.activate(jobs, self._world.clock.now, is_long=task.is_long):
            if command.HasField("schedule_local_activity"):
                self._start_local(task, command.schedule_local_activity)
            elif command.HasField("request_cancel_local_activity"):
                task.local[command.request_cancel_local_activity.seq].cancel()
            else:
                task.commands.append(command)
        if task.closes_the_run:
            task.abandon_local()
        if not task.local:
            self._world.clock.after(self._world.conditions.moment(), partial(self._end, task), is_work=True)

    def _start_local(self, task: _Task, schedule: ScheduleLocalActivity) -> None:
        start = self._run.start
        caller = ActivityCaller(start.workflow_id, start.workflow_type, self._run.run_id)
        resolve = partial(self._resolve_local, task, schedule.seq)
        task.local[schedule.seq] = ActivityExecution(self._world, caller, schedule, resolve)

    async def _resolve_local(self, task: _Task, seq: int, resolution: ActivityResolution) -> None:
        del task.local[seq]
        resolve = ResolveActivity(seq=seq, result=resolution, is_local=True)
        await self._activate(task, [WorkflowActivationJob(resolve_activity=resolve)])

    async def _end(self, task: _Task) -> None:
        unseen = any(not job.HasField("do_update") for job in self._waiting)
        if task.closes_the_run and unseen:
            await self._do_over(task)
        elif self._world.conditions.task_is_lost():
            await self._do_over(task, TASK_TIMEOUT)
        else:
            self._run.commit()
            self._current = None
            await self._carry_out(task.commands)
            self._call()

    async def _do_over(self, task: _Task, delay: timedelta = timedelta(0)) -> None:
        await self._run.start_over()
        self._current = None
        self._waiting = [*task.jobs, *self._waiting]
        self._call(delay)
