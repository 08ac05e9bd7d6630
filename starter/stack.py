"""The whole product on one machine: PostgreSQL, Temporal and the workers, on one data directory.

Two stacks never share a data directory: the one that runs holds `stack.lock` in it. One that was killed leaves its
processes behind; the next one on the same directory stops them first, and goes on with the data they kept.
"""

import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from temporalio.client import Client

from config.settings import ADDRESSES_FILE, Addresses, Settings
from starter.codec_service import CODEC, codec_address, codec_command, running_codec
from starter.dev_server import HOST, NAMESPACE, free_port, running_dev_server
from starter.embedded_postgres import ensure_database, running_postgres
from starter.mail_service import MAILGATE, mailgate_command, mailgate_ports
from starter.own_secrets import ensure_own_secrets
from starter.prepare import prepare_database
from starter.service_process import (
    Command,
    LockHeldError,
    Service,
    end_leftover,
    hold_lock,
    running_service,
    sign_lock,
)

DATABASE = "curative"
FIRST_METRICS_PORT = 9464
WORKER = Path(__file__).resolve().parent.parent / "worker.py"


class StackAlreadyRuns(RuntimeError):
    """Another stack runs on this data directory; `addresses` says where, once it is up."""

    def __init__(self, data_dir: Path, addresses: Addresses | None) -> None:
        where = f"Web UI {addresses.ui_url}, Temporal {addresses.temporal_address}" if addresses else "it is starting"
        super().__init__(f"A stack already runs on {data_dir} ({where}): stop it, or choose another directory.")
        self.addresses = addresses


@dataclass(frozen=True)
class Stack:
    """A running stack: where everything listens, its processes by name, and a client of its Temporal."""

    data_dir: Path
    addresses: Addresses
    services: Mapping[str, Service]
    client: Client


@asynccontextmanager
async def running_stack(
    data_dir: Path,
    *,
    virtual_clock: bool = False,
    ui: bool = True,
    codec_login: bool = False,
    mailgate: bool = False,
    usual_ports: bool = True,
    workers: int = 1,
    database_url: str | None = None,
) -> AsyncIterator[Stack]:
    """The stack on `data_dir` (made on first use), stopped in order at the end: workers, Temporal, PostgreSQL.

    The database is migrated, and an empty registry is given the sample one. `database_url` names another
    PostgreSQL than the embedded one; with `virtual_clock` a client may move a workflow's clock forward. The keys are
    those of the settings, else the stack makes a ring of its own in `data_dir`. With `ui`, the codec endpoint runs
    too; with `codec_login`, it asks who it is that opens the Web UI. With `mailgate`, mail is taken in. Without
    `usual_ports`, every port is one that the system picks, so that stacks that begin at the same time do not want the
    same. While the stack runs, `addresses.json` in `data_dir` says where. Raises StackAlreadyRuns, PostgresFailed,
    TemporalFailed, CodecFailed, SettingsError, KeysDoNotFit.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=data_dir)
    services: dict[str, Service] = {}
    async with AsyncExitStack() as running:
        running.enter_context(_sole_owner(data_dir))
        await _end_leftovers(data_dir)
        ensure_own_secrets(settings)
        codec = running.enter_context(codec_address(settings, login=codec_login)) if ui else None
        if database_url is None:
            postgres = await running.enter_async_context(running_postgres(data_dir / "postgres"))
            services["postgres"] = postgres.service
            database_url = await ensure_database(postgres, DATABASE)
        await prepare_database(database_url, sample=True, settings=settings)
        temporal = await running.enter_async_context(
            running_dev_server(
                data_dir / "temporal",
                virtual_clock=virtual_clock,
                ui=ui,
                usual_ports=usual_ports,
                settings=settings,
                codec_url=codec.for_the_web_ui if codec else None,
            )
        )
        services["temporal"] = temporal.service
        metrics = _metrics_urls(workers, usual_ports=usual_ports)
        ports = mailgate_ports(settings, usual_ports=usual_ports) if mailgate else None
        addresses = Addresses(
            database_url=database_url,
            temporal_address=temporal.address,
            temporal_namespace=NAMESPACE,
            ui_url=temporal.ui_url,
            codec_url=codec.url if codec else None,
            mailgate_address=ports.address if ports else None,
            metrics_urls={"temporal": temporal.metrics_url, **metrics},
        )
        for command in _worker_commands(data_dir, addresses, metrics):
            services[command.name] = await running.enter_async_context(running_service(command))
        if codec:
            environment = {**_environment(data_dir, addresses), "CURATIVE_UI_URL": addresses.ui_url or ""}
            command = codec_command(data_dir, codec, environment)
            services[CODEC] = await running.enter_async_context(running_codec(command, codec))
        if ports:
            command = mailgate_command(data_dir, ports, _environment(data_dir, addresses))
            services[MAILGATE] = await running.enter_async_context(running_service(command))
        running.enter_context(_published(addresses, data_dir / ADDRESSES_FILE))
        yield Stack(data_dir, addresses, services, temporal.client)


@contextmanager
def _sole_owner(data_dir: Path) -> Iterator[None]:
    try:
        lock = hold_lock(data_dir / "stack.lock")
    except LockHeldError as held:
        raise StackAlreadyRuns(data_dir, Addresses.read(data_dir)) from held
    sign_lock(lock, os.getpid())
    try:
        yield
    finally:
        os.close(lock)


def _metrics_urls(workers: int, *, usual_ports: bool) -> dict[str, str]:
    """The names of the workers, and where each serves its metrics."""
    ports = [free_port(FIRST_METRICS_PORT + number if usual_ports else None) for number in range(workers)]
    return {f"worker-{number}": f"http://{HOST}:{port}/metrics" for number, port in enumerate(ports, start=1)}


@contextmanager
def _published(addresses: Addresses, path: Path) -> Iterator[None]:
    """Write the addresses for other processes to read, at once and whole; take them away at the end."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_text(addresses.model_dump_json(indent=2) + "\n")
    unfinished.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _environment(data_dir: Path, addresses: Addresses) -> dict[str, str]:
    """What leads a process of ours to this stack."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        # A user's own Temporal is not ours; and a worker imports its workflows anew for each case, which takes
        # several times as long when it may keep no bytecode.
        if not name.startswith("TEMPORAL_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return {
        **inherited,
        "CURATIVE_DATA_DIR": str(data_dir),
        "DATABASE_URL": addresses.database_url,
        "TEMPORAL_ADDRESS": addresses.temporal_address,
        "TEMPORAL_NAMESPACE": addresses.temporal_namespace,
        "TEMPORAL_CONFIG_FILE": os.devnull,  # a profile of the user's leads to another server
    }


def _worker_commands(data_dir: Path, addresses: Addresses, metrics: Mapping[str, str]) -> Iterator[Command]:
    for name, metrics_url in metrics.items():
        port = str(urlsplit(metrics_url).port)
        environment = {**_environment(data_dir, addresses), "CURATIVE_METRICS_PORT": port}
        yield _worker_command(data_dir, name, environment)


def _worker_command(data_dir: Path, name: str, environment: Mapping[str, str]) -> Command:
    return Command(
        name=name,
        arguments=[sys.executable, WORKER],
        log_file=data_dir / "workers" / f"{name}.log",
        lock_file=data_dir / "workers" / f"{name}.lock",
        environment=environment,
    )


async def _end_leftovers(data_dir: Path) -> None:
    await end_leftover(codec_command(data_dir, None, {}))
    await end_leftover(mailgate_command(data_dir, None, {}))
    for lock_file in sorted((data_dir / "workers").glob("worker-*.lock")):
        await end_leftover(_worker_command(data_dir, lock_file.stem, {}))
