"""The client, the namespace and the workers, as every part of the product builds them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from config.data_converter import data_converter
from config.namespace import RETENTION, ensure_namespace, register_search_attributes
from config.search_attributes import SEARCH_ATTRIBUTES
from config.settings import Settings
from config.temporal import CurativePlugin, EngineUnreachable, connect, connect_to, new_worker
from starter import dev_server
from starter.dev_server import USUAL_PORT, TemporalFailed, free_port, running_dev_server
from tests.house.toy_workflows import Ledger


@pytest.fixture(scope="module")
async def own_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A server for tests that change what all workflows of a server share."""
    async with running_dev_server(tmp_path_factory.mktemp("temporal"), ui=False) as server:
        yield server.client


async def retention(client: Client) -> timedelta:
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return described.config.workflow_execution_retention_ttl.ToTimedelta()


async def test_a_server_that_is_not_there_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    with pytest.raises(EngineUnreachable, match=rf"does not answer at {address}: start `curative up`"):
        await connect(Settings())


async def test_an_address_that_is_none_is_the_same_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "not an address")
    with pytest.raises(
        EngineUnreachable, match="'not an address' is no address: TEMPORAL_ADDRESS is a host and a port"
    ):
        await connect(Settings())


async def test_a_server_that_took_our_port_just_now_is_not_taken_for_ours(
    own_server: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = int(own_server.service_client.config.target_host.rpartition(":")[2])
    monkeypatch.setattr(dev_server, "free_port", lambda usual=None: theirs if usual == USUAL_PORT else free_port())
    with pytest.raises(TemporalFailed, match="address already in use"):
        async with running_dev_server(tmp_path, ui=False):
            pass


async def test_a_new_server_has_our_search_attributes_and_keeps_a_month(own_server: Client) -> None:
    answer = await own_server.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=own_server.namespace)
    )
    types = {key.name: key.indexed_value_type for key in SEARCH_ATTRIBUTES}
    assert dict(answer.custom_attributes) | types == dict(answer.custom_attributes)
    assert await retention(own_server) == RETENTION


async def test_registering_search_attributes_again_adds_none(own_server: Client) -> None:
    assert await register_search_attributes(own_server) == ()


async def test_a_new_namespace_is_made_ready(own_server: Client) -> None:
    desk = await connect_to(own_server.service_client.config.target_host, "desk")
    await ensure_namespace(desk)
    assert await retention(desk) == RETENTION


async def test_a_longer_retention_is_left_alone(own_server: Client) -> None:
    archive = await connect_to(own_server.service_client.config.target_host, "archive")
    await ensure_namespace(archive, timedelta(days=90))
    await ensure_namespace(archive)
    assert await retention(archive) == timedelta(days=90)


async def test_retention_holds_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        async with running_dev_server(tmp_path, ui=False) as server:
            assert await retention(server.client) == RETENTION


async def test_a_worker_is_unversioned_unless_a_build_is_named(temporal: WorkflowEnvironment) -> None:
    worker = new_worker(temporal.client, Settings(), workflows=[Ledger], activities=[])
    assert worker.config(active_config=True)["deployment_config"] is None


async def test_a_worker_of_a_named_build_moves_open_cases_along(temporal: WorkflowEnvironment) -> None:
    worker = new_worker(temporal.client, Settings(build_id="2.1.0"), workflows=[Ledger], activities=[])
    deployment = worker.config(active_config=True)["deployment_config"]
    assert deployment is not None
    assert deployment.version.build_id == "2.1.0"
    assert deployment.default_versioning_behavior.name == "AUTO_UPGRADE"


async def test_a_history_replays_with_the_same_plugin(temporal: WorkflowEnvironment, task_queue: str) -> None:
    settings = Settings(task_queue=task_queue)
    async with new_worker(temporal.client, settings, workflows=[Ledger], activities=[]):
        ledger = await temporal.client.start_workflow("Ledger", id=task_queue, task_queue=task_queue)
        await ledger.signal("close")
        await ledger.result()
    await Replayer(workflows=[Ledger], plugins=[CurativePlugin()]).replay_workflow(await ledger.fetch_history())


async def test_what_has_a_type_and_cannot_be_read_is_an_error() -> None:
    broken = Payload(metadata={"encoding": b"json/plain"}, data=b"{oops")
    with pytest.raises(ValueError, match="JSON"):
        await data_converter(Settings()).decode([broken], [dict])
