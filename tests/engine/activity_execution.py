"""One scheduled activity: its attempts, the pauses between them, its time-outs, and how it ends for the workflow."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import RetryState, TimeoutType
from temporalio.api.failure.v1 import ActivityFailureInfo, CanceledFailureInfo, Failure, TimeoutFailureInfo
from temporalio.bridge.proto.activity_result import ActivityResolution, Cancellation, Success
from temporalio.bridge.proto.activity_result import Failure as FailedResult
from temporalio.bridge.proto.workflow_commands import ActivityCancellationType, ScheduleLocalActivity
from temporalio.common import RetryPolicy

from tests.engine import conditions
from tests.engine.activity_worker import ActivityCaller, Schedule
from tests.engine.clock import Event
from tests.engine.failures import ActivityKeepsFailing
from tests.engine.world import World

PATIENCE = 25
"""Attempts that may fail by themselves before the test is given up: on a virtual clock, for ever is too long."""

Resolve = Callable[[ActivityResolution], Awaitable[None]]
Outcome = Payload | Exception


class ActivityExecution:
    """An activity under way; `resolve` is called once, unless it is abandoned before."""

    def __init__(self, world: World, caller: ActivityCaller, schedule: Schedule, resolve: Resolve) -> None:
        self._world = world
        self._caller = caller
        self._schedule = schedule
        self._resolve = resolve
        self._is_local = isinstance(schedule, ScheduleLocalActivity)
        self._scheduled_at = world.clock.now
        self._policy = RetryPolicy.from_proto(schedule.retry_policy) if schedule.HasField("retry_policy") else None
        self._attempt = 0
        self._failed_by_itself = 0
        self._pause: Event | None = None
        self._is_over = False
        self._begin_after(world.conditions.moment(), is_work=True)

    def abandon(self) -> None:
        """Nobody waits for it any more; an attempt that runs goes on."""
        self._is_over = True
        if self._pause is not None:
            self._world.clock.call_off(self._pause)

    def cancel(self) -> None:
        """Cancelled as it was scheduled: at once, or (it sends no heartbeat in time) when its attempt is over."""
        waits = self._schedule.cancellation_type == ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
        if not self._is_over and (self._pause is not None or not waits):
            canceled = Failure(message="Activity cancelled", canceled_failure_info=CanceledFailureInfo())
            resolution = ActivityResolution(cancelled=Cancellation(failure=self._wrapped(canceled)))
            self.abandon()
            self._world.clock.after(timedelta(0), partial(self._resolve, resolution), is_work=True)

    def _begin_after(self, pause: timedelta, *, is_work: bool) -> None:
        begin = self._world.clock.after(pause, self._begin, is_work=is_work)
        self._pause = None if is_work else begin

    async def _begin(self) -> None:
        """An attempt begins: its effect comes now or at its end, its answer or its time-out is on its way."""
        if self._is_over:
            return
        self._pause = None
        self._attempt += 1
        clock, limit = self._world.clock, self._limit()
        plan = self._world.conditions.attempt(self._schedule.activity_type, self._attempt, is_local=self._is_local)
        in_time = limit is None or plan.lasts <= limit
        if not in_time and limit is not None:
            clock.after(limit, self._time_out, is_work=True)
        if plan.works_at_its_end:
            clock.after(plan.lasts, partial(self._work_and_answer, plan, in_time=in_time), is_work=True)
            return
        outcome = await self._work(plan)
        if in_time:
            clock.after(plan.lasts, partial(self._answer, outcome), is_work=True)

    async def _work_and_answer(self, plan: conditions.Attempt, *, in_time: bool) -> None:
        outcome = await self._work(plan)
        if in_time:
            await self._answer(outcome)

    async def _work(self, plan: conditions.Attempt) -> Outcome:
        if plan.failure is conditions.Failure.BEFORE:
            return OSError(plan.failure.value)
        now = self._world.clock.now
        try:
            answer = await self._world.activities.perform(self._schedule, self._caller, self._attempt, now)
        except Exception as error:  # whatever it is, the engine has to decide what follows
            self._failed_by_itself += 1
            if self._failed_by_itself > PATIENCE:
                raise ActivityKeepsFailing(f"{self._schedule.activity_type} of {self._caller.workflow_id}") from error
            return error
        return OSError(plan.failure.value) if plan.failure is conditions.Failure.AFTER else answer

    async def _answer(self, outcome: Outcome) -> None:
        if self._is_over:
            return
        if isinstance(outcome, Payload):
            await self._end(ActivityResolution(completed=Success(result=outcome)))
            return
        failure, converter = Failure(), self._world.code.converter
        converter.failure_converter.to_failure(outcome, converter.payload_converter, failure)
        await self._try_again_or_fail(failure)

    async def _time_out(self) -> None:
        if not self._is_over:
            kind = TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
            if self._is_local:
                kind = TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE
            info = TimeoutFailureInfo(timeout_type=kind)
            await self._try_again_or_fail(Failure(message="Activity timed out", timeout_failure_info=info))

    async def _try_again_or_fail(self, failure: Failure) -> None:
        pause, state = self._next_pause(failure)
        if pause is not None:
            self._begin_after(pause, is_work=False)
            return
        timed_out = failure.HasField("timeout_failure_info")
        shown = failure if self._is_local and not timed_out else self._wrapped(failure, state)
        await self._end(ActivityResolution(failed=FailedResult(failure=shown)))

    def _next_pause(self, failure: Failure) -> tuple[timedelta | None, RetryState.ValueType]:
        """The pause before the next attempt, as the server computes it, or None and why there is none."""
        policy = self._policy or RetryPolicy()
        told = failure.application_failure_info
        if told.non_retryable or told.type in (policy.non_retryable_error_types or ()):
            return None, RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE
        if policy.maximum_attempts and self._attempt >= policy.maximum_attempts:
            return None, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED
        longest = policy.maximum_interval or 100 * policy.initial_interval
        pause = longest
        if self._attempt < 50:  # the power itself must not grow out of all bounds
            pause = min(policy.initial_interval * policy.backoff_coefficient ** (self._attempt - 1), longest)
        left = self._left_to_close()
        if left is not None and pause >= left:
            return None, RetryState.RETRY_STATE_TIMEOUT
        return pause, RetryState.RETRY_STATE_IN_PROGRESS

    def _left_to_close(self) -> timedelta | None:
        if not self._schedule.HasField("schedule_to_close_timeout"):
            return None
        allowed = self._schedule.schedule_to_close_timeout.ToTimedelta()
        return allowed - (self._world.clock.now - self._scheduled_at)

    def _limit(self) -> timedelta | None:
        """How long this attempt may take."""
        own = self._schedule.start_to_close_timeout.ToTimedelta()
        limits = [own if self._schedule.HasField("start_to_close_timeout") else None, self._left_to_close()]
        return min((limit for limit in limits if limit is not None), default=None)

    def _wrapped(
        self, cause: Failure, state: RetryState.ValueType = RetryState.RETRY_STATE_CANCEL_REQUESTED
    ) -> Failure:
        info = ActivityFailureInfo(
            identity="engine", activity_id=self._schedule.activity_id, retry_state=state, scheduled_event_id=1
        )
        info.activity_type.name = self._schedule.activity_type
        return Failure(message="Activity task failed", cause=cause, activity_failure_info=info)

    async def _end(self, resolution: ActivityResolution) -> None:
        self.abandon()
        await self._resolve(resolution)
