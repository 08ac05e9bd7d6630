"""What a process tells of itself: JSON lines on stderr, and the SDK's metrics for Prometheus."""

import json
import logging
import socket
import sys
from datetime import UTC, datetime
from types import TracebackType

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from config.log_privacy import without_values
from config.settings import Settings

log = logging.getLogger(__name__)

PORTS_TRIED = 10
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "temporal_log",
}


class JsonLines(logging.Formatter):
    """One event, one line: `at` (UTC), `level`, `logger`, `event`, what `extra` held, and the traceback.

    What errors of others quote, mail addresses and telephone numbers are left out (`config.log_privacy`).
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON; values that JSON does not know are written as text."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD_FIELDS})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        told = {key: without_values(value) if isinstance(value, str) else value for key, value in line.items()}
        return json.dumps(told, default=_as_text, ensure_ascii=False)


def _as_text(value: object) -> str:
    return without_values(str(value))


def log_as_json(level: str) -> None:
    """Send all that this process has to say to stderr as JSON lines, from `level` up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("uncaught %s", kind.__name__, exc_info=(kind, error, trace))


def free_metrics_port(host: str, wanted: int) -> int | None:
    """`wanted` if it is free on `host`, else the next free one of PORTS_TRIED, else None. 0 asks for none."""
    if wanted == 0:
        return None
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return None


def new_runtime(settings: Settings) -> Runtime:
    """The SDK's runtime: its core logs among ours, its metrics on the settings' port or the next free one."""
    port = free_metrics_port(settings.metrics_host, settings.metrics_port)
    metrics = PrometheusConfig(bind_address=f"{settings.metrics_host}:{port}") if port else None
    if port:
        log.info("metrics are served", extra={"url": f"http://{settings.metrics_host}:{port}/metrics"})
    elif settings.metrics_port:
        log.warning("no free port for metrics: none are served", extra={"wanted": settings.metrics_port})
    logs = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("temporal.core")),
    )
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=metrics))
