"""What a server keeps for a run: its timers, its activities, its search attributes and its memo."""

from functools import partial

from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.activity_result import ActivityResolution
from temporalio.bridge.proto.workflow_activation import FireTimer, ResolveActivity, WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import WorkflowCommand

from tests.engine.activity_execution import ActivityExecution
from tests.engine.activity_worker import ActivityCaller
from tests.engine.clock import Event
from tests.engine.instants import as_timer
from tests.engine.run import Run
from tests.engine.workflow_tasks import WorkflowTasks
from tests.engine.world import World


class ServerSide:
    """Carries out the commands that concern nobody but the run itself."""

    def __init__(self, world: World, run: Run, tasks: WorkflowTasks) -> None:
        self._world = world
        self._tasks = tasks
        self._caller = ActivityCaller(run.start.workflow_id, run.start.workflow_type, run.run_id)
        self._timers: dict[int, Event] = {}
        self._activities: dict[int, ActivityExecution] = {}
        self.search_attributes: dict[str, Payload] = dict(run.start.search_attributes.indexed_fields)
        self.memo: dict[str, Payload] = dict(run.start.memo.fields)

    def carry_out(self, command: WorkflowCommand) -> None:
        """Carry out one command. Raises NotImplementedError for what no workflow of ours asks."""
        match command.WhichOneof("variant"):
            case "start_timer":
                duration = as_timer(command.start_timer.start_to_fire_timeout)
                seq = command.start_timer.seq
                self._timers[seq] = self._world.clock.after(duration, partial(self._fire, seq))
            case "cancel_timer":
                self._cancel_timer(command.cancel_timer.seq)
            case "schedule_activity":
                schedule = command.schedule_activity
                resolve = partial(self._resolve, schedule.seq)
                self._activities[schedule.seq] = ActivityExecution(self._world, self._caller, schedule, resolve)
            case "request_cancel_activity" if command.request_cancel_activity.seq in self._activities:
                self._activities[command.request_cancel_activity.seq].cancel()
            case "request_cancel_activity" | "set_patch_marker":
                pass
            case "upsert_workflow_search_attributes":
                self.search_attributes.update(
                    command.upsert_workflow_search_attributes.search_attributes.indexed_fields
                )
            case "modify_workflow_properties":
                self.memo.update(command.modify_workflow_properties.upserted_memo.fields)
            case other:
                raise NotImplementedError(f"the engine does not play {other}")

    def drop(self) -> None:
        """The run is over: no timer fires any more, and no answer is waited for."""
        for timer in self._timers.values():
            self._world.clock.call_off(timer)
        for activity in self._activities.values():
            activity.abandon()

    async def _fire(self, seq: int) -> None:
        del self._timers[seq]
        self._tasks.receive(WorkflowActivationJob(fire_timer=FireTimer(seq=seq)))

    def _cancel_timer(self, seq: int) -> None:
        if seq in self._timers:
            self._world.clock.call_off(self._timers.pop(seq))
        self._tasks.withdraw_timer(seq)

    async def _resolve(self, seq: int, resolution: ActivityResolution) -> None:
        del self._activities[seq]
        resolve = ResolveActivity(seq=seq, result=resolution)
        self._tasks.receive(WorkflowActivationJob(resolve_activity=resolve))
