"""When Temporal is gone, everybody is told so, and nobody waits for long."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig
from temporalio.testing import WorkflowEnvironment

from config.temporal import CurativePlugin, EngineUnreachable
from database.cases import CaseFilter
from starter.desk import Desk
from starter.dev_server import temporal_program
from tests.starter.reports import a_report


@pytest.fixture(scope="module")
async def orphaned() -> Client:
    """A client whose server has gone since it connected."""
    server = await WorkflowEnvironment.start_local(dev_server_existing_path=str(temporal_program()))
    quiet = Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="OFF")))
    address = server.client.service_client.config.target_host
    client = await Client.connect(address, plugins=[CurativePlugin()], runtime=quiet)
    await server.shutdown()
    return client


@pytest.fixture
def desk(orphaned: Client, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that waits for its engine less long than it would."""
    monkeypatch.setattr("starter.engine.ENGINE_ANSWER", timedelta(seconds=0.3))
    monkeypatch.setattr("starter.desk.REPORT_ANSWER", timedelta(seconds=0.3))
    return Desk(orphaned)


ASKING: dict[str, Callable[[Desk], Awaitable[object]]] = {
    "report": lambda desk: desk.report_incident(a_report("X1")),
    "send": lambda desk: desk.send("X1", "note", {"text": "x"}),
    "show by serial number": lambda desk: desk.show("X1"),
    "show by reference": lambda desk: desk.show("CM-0000-0000"),
    "list": lambda desk: desk.list(CaseFilter()),
}


@pytest.mark.parametrize("asking", ASKING)
async def test_the_engine_s_absence_is_said(desk: Desk, asking: str) -> None:
    with pytest.raises(EngineUnreachable, match="Temporal does not answer"):
        await ASKING[asking](desk)
