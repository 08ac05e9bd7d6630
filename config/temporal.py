"""The one place that builds Temporal clients and workers, so that no two of them can differ.

**How a workflow must declare its entry points** (SPEC §5: no message of any content may be lost or get a
workflow stuck). Named signals, updates and `run` take

    def shipment(self, payload: Any = None, *extra: Any) -> None: ...

    @workflow.init
    def __init__(self, payload: Any = None, *extra: Any) -> None: ...
    async def run(self, payload: Any = None, *extra: Any) -> ...: ...

The variadic parameter makes the SDK give up on type hints, so that no payload, several, and ones of any
content all arrive: as a plain value, or as `domain.payloads.Undecodable`. Signals of unknown name go to a
dynamic handler,

    @workflow.signal(dynamic=True)
    def unknown_signal(self, name: str, args: Sequence[RawValue]) -> None: ...

whose values are read with `workflow.payload_converter().from_payload(arg.payload)`; it never raises either.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.plugin import SimplePlugin
from temporalio.runtime import Runtime
from temporalio.service import RPCError
from temporalio.worker import Worker, WorkerDeploymentConfig, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from config.arrival import ArrivalInterceptor
from config.data_converter import data_converter
from config.queries_last import QueriesLastRunner
from config.settings import Settings, SettingsError

DEFAULT_ADDRESS = "localhost:7233"
DEFAULT_NAMESPACE = "default"
CONNECT_TIMEOUT = timedelta(seconds=5)
STICKY_TIMEOUT = timedelta(seconds=2)
"""How long the tasks of a case wait for a worker that was killed before another may have them (SPEC §7.2)."""

PASSED_THROUGH = (
    "activities",
    "annotated_types",
    "asyncpg",
    "config",
    "database",
    "domain",
    "holidays",
    "pydantic",
    "pydantic_core",
    "pydantic_settings",
    "typing_extensions",
    "typing_inspection",
    "workflows",
)
"""Modules that workflow code shares with the rest of the worker: a class is the same class on both sides.

Our own workflow modules too: the sandbox would import all of them anew for each execution, which takes twelve
milliseconds and leaves some two thousand objects to every full garbage collection; a worker with two hundred cases in
its cache stood still for half a second at a time. They keep no state, and `workflows/ruff.toml` bans what it would
refuse.
"""


class EngineUnreachable(RuntimeError):
    """Temporal does not answer; one sentence that says where it was sought and what to do."""


def _sandbox(_existing: WorkflowRunner | None) -> WorkflowRunner:
    return QueriesLastRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


class CurativePlugin(SimplePlugin):
    """Converter, codec, interceptors and sandbox, given alike to client, worker, test environment and replayer.

    The keys are those of `settings`, else those of the process. Raises SettingsError when there are none.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(
            "curative",
            data_converter=data_converter(settings or Settings()),
            interceptors=[ArrivalInterceptor()],
            workflow_runner=_sandbox,
        )


def connection(settings: Settings) -> ClientConnectConfig:
    """Where Temporal is: `TEMPORAL_*` variables and profile, else the stack that runs here, else
    localhost:7233.

    Raises SettingsError when an addresses file is there and cannot be read.
    """
    options = ClientConfig.load_client_connect_config()
    if "target_host" not in options:
        running = settings.addresses()
        if running is None and "data_dir" in settings.model_fields_set:
            raise EngineUnreachable(
                f"No stack runs on {settings.data_dir}: start `curative up --data {settings.data_dir}`, "
                "or set TEMPORAL_ADDRESS to a server that runs."
            )
        options["target_host"] = running.temporal_address if running else DEFAULT_ADDRESS
        options.setdefault("namespace", running.temporal_namespace if running else DEFAULT_NAMESPACE)
    options.setdefault("namespace", DEFAULT_NAMESPACE)
    return options


def namespace(settings: Settings) -> str:
    """The namespace that `settings` lead to, whether or not anything runs there. Raises SettingsError."""
    named = ClientConfig.load_client_connect_config().get("namespace")
    running = None if named else settings.addresses()
    return named or (running.temporal_namespace if running else DEFAULT_NAMESPACE)


async def connect(settings: Settings, *, runtime: Runtime | None = None) -> Client:
    """A client of the engine that `settings` lead to, within CONNECT_TIMEOUT.

    Raises EngineUnreachable when nothing answers there, SettingsError when the settings cannot be used.
    """
    options = connection(settings)
    try:
        plugin = CurativePlugin(settings)
    except SettingsError:
        await _connect(options, None, runtime)  # who reaches no engine needs no keys: that is said first
        raise
    return await _connect(options, plugin, runtime)


async def connect_to(address: str, namespace: str = DEFAULT_NAMESPACE, settings: Settings | None = None) -> Client:
    """A client of the engine at `address` (host:port), whatever the environment says of that.

    The keys are those of `settings`, else those of the process. Raises EngineUnreachable, SettingsError.
    """
    return await _connect({"target_host": address, "namespace": namespace}, CurativePlugin(settings), None)


async def _connect(options: ClientConnectConfig, plugin: CurativePlugin | None, runtime: Runtime | None) -> Client:
    plugins = [plugin] if plugin else []
    attempt = Client.connect(**options, plugins=plugins, connect_timeout=CONNECT_TIMEOUT, runtime=runtime)
    try:
        return await asyncio.wait_for(attempt, CONNECT_TIMEOUT.total_seconds() + 1)
    except ValueError as error:
        raise EngineUnreachable(
            f"{options['target_host']!r} is no address: TEMPORAL_ADDRESS is a host and a port, as {DEFAULT_ADDRESS}."
        ) from error
    except (RuntimeError, RPCError, TimeoutError) as error:
        raise EngineUnreachable(
            f"Temporal does not answer at {options['target_host']}: start `curative up`, "
            "or set TEMPORAL_ADDRESS to a server that runs."
        ) from error


def new_worker(
    client: Client,
    settings: Settings,
    *,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
    task_queue: str | None = None,
) -> Worker:
    """A worker as this product runs them. The plugin comes with the client.

    It is unversioned unless the settings name a build id: a versioned worker that no deploy step made
    current is given no work at all.
    """
    return Worker(
        client,
        task_queue=task_queue or settings.task_queue,
        workflows=workflows,
        activities=activities,
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
        max_concurrent_local_activities=settings.max_concurrent_activities,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        deployment_config=_deployment(settings),
    )


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    if settings.build_id is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(settings.deployment_name, settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
