"""Timeouts and retry policies of every activity, in one table."""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType


class LocalOptions(TypedDict):
    """Options of a local activity."""

    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy


class Options(TypedDict):
    """Options of a normal activity."""

    start_to_close_timeout: timedelta
    retry_policy: RetryPolicy
    cancellation_type: ActivityCancellationType


class BeatingOptions(Options):
    """Options of an activity that may take long, and says meanwhile that it is alive."""

    heartbeat_timeout: timedelta


LOCAL: LocalOptions = {
    "schedule_to_close_timeout": timedelta(seconds=2),
    "retry_policy": RetryPolicy(maximum_attempts=1),
}
"""One short attempt: a local activity that retries would block messages and queries while the database is away."""

OWN: Options = {
    "start_to_close_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), backoff_coefficient=2, maximum_interval=timedelta(seconds=15)
    ),
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
"""PostgreSQL and our own rules: tried until they answer."""

OUTSIDE: BeatingOptions = {
    "start_to_close_timeout": timedelta(seconds=60),
    "heartbeat_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=5), backoff_coefficient=2, maximum_interval=timedelta(minutes=10)
    ),
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
"""Vendors, carriers, mail servers: tried until they answer, ever more slowly. The attempt of a worker that was killed
is given up after ten seconds without a heartbeat."""


class NoticeOptions(BeatingOptions):
    """Options of an activity that is given up one day."""

    schedule_to_close_timeout: timedelta


NOTICE: NoticeOptions = {**OUTSIDE, "schedule_to_close_timeout": timedelta(hours=24)}
"""A word to somebody: tried as all that goes outside, and given up when it would help nobody any more."""

LAST_NOTICE: NoticeOptions = {**NOTICE, "schedule_to_close_timeout": timedelta(seconds=20)}
"""The last word of a case: it does not keep the case open while the mail server is away."""
