"""The registered activities, run for real: on the real database, with converted arguments, in an activity's context."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from inspect import isawaitable
from typing import Any

from temporalio.activity import _Definition
from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.workflow_commands import ScheduleActivity, ScheduleLocalActivity
from temporalio.converter import DataConverter
from temporalio.testing import ActivityEnvironment

from tests.engine.workflow_code import NAMESPACE, TASK_QUEUE

Schedule = ScheduleActivity | ScheduleLocalActivity


@dataclasses.dataclass(frozen=True)
class ActivityCaller:
    """The execution that an activity works for."""

    workflow_id: str
    workflow_type: str
    run_id: str


class ActivityWorker:
    """Runs single attempts; what they raise, it raises."""

    def __init__(self, converter: DataConverter) -> None:
        self._definitions: dict[str | None, _Definition] = {}
        self._converter = converter

    def register(self, activities: Sequence[Callable[..., Any]]) -> None:
        """Take these activities up."""
        for activity in activities:
            definition = _Definition.must_from_callable(activity)
            self._definitions[definition.name] = definition

    async def perform(self, schedule: Schedule, caller: ActivityCaller, attempt: int, now: datetime) -> Payload:
        """One attempt; its answer as it goes back to the workflow. Raises KeyError for an unknown activity."""
        definition = self._definitions[schedule.activity_type]
        hints = definition.arg_types
        converter = self._converter.payload_converter
        arguments = converter.from_payloads(
            schedule.arguments, hints if hints and len(hints) == len(schedule.arguments) else None
        )
        environment = ActivityEnvironment()
        environment.payload_converter = converter
        environment.info = _info(environment, schedule, caller, attempt, now)
        answer = environment.run(definition.fn, *arguments)
        return converter.to_payloads([await answer if isawaitable(answer) else answer])[0]


def _info(
    environment: ActivityEnvironment, schedule: Schedule, caller: ActivityCaller, attempt: int, now: datetime
) -> Any:
    is_local = isinstance(schedule, ScheduleLocalActivity)
    return dataclasses.replace(
        environment.info,
        activity_id=schedule.activity_id,
        activity_type=schedule.activity_type,
        attempt=attempt,
        current_attempt_scheduled_time=now,
        heartbeat_timeout=None if is_local else _time_out(schedule, "heartbeat_timeout"),
        is_local=is_local,
        namespace=NAMESPACE,
        schedule_to_close_timeout=_time_out(schedule, "schedule_to_close_timeout"),
        scheduled_time=now,
        start_to_close_timeout=_time_out(schedule, "start_to_close_timeout"),
        started_time=now,
        task_queue=TASK_QUEUE,
        workflow_id=caller.workflow_id,
        workflow_namespace=NAMESPACE,
        workflow_run_id=caller.run_id,
        workflow_type=caller.workflow_type,
    )


def _time_out(schedule: Schedule, field: Any) -> timedelta | None:
    return getattr(schedule, field).ToTimedelta() if schedule.HasField(field) else None
