"""Instants and durations between Python and the engine's messages."""

from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

MILLISECOND = timedelta(milliseconds=1)


def as_datetime(timestamp: Timestamp) -> datetime:
    """An aware instant."""
    return timestamp.ToDatetime(UTC)


def as_timestamp(instant: datetime) -> Timestamp:
    """An instant as the engine writes it."""
    timestamp = Timestamp()
    timestamp.FromDatetime(instant)
    return timestamp


def as_timer(duration: Duration) -> timedelta:
    """How long a timer runs: in whole milliseconds, rounded up, so that none fires early."""
    exact = timedelta(seconds=duration.seconds, microseconds=-(-duration.nanos // 1000))
    return -(-exact // MILLISECOND) * MILLISECOND
