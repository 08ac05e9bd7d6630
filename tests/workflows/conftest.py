"""Fixtures for the stories of cases: a real worker on the test's own database and task queue."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from config.settings import Settings
from config.temporal import new_worker
from database.pool import open_pool
from starter.messenger import ClientMessenger
from tests.engine.conditions import Conditions
from tests.engine.story_on_engine import EnvironmentOnEngine, Theatre
from tests.workflows.call_story import WORKFLOW as CALL_WORKFLOW
from tests.workflows.call_story import CallStory, call
from tests.workflows.case_story import WORKFLOW, CaseStory, paris, report
from tests.workflows.return_story import ReturnStory, order
from tests.workflows.software_story import SoftwareStory
from worker import registrations

OpenCase = Callable[..., Awaitable[CaseStory]]
OpenCall = Callable[..., Awaitable[CallStory]]
FollowReturn = Callable[..., Awaitable[ReturnStory]]
AskForSoftware = Callable[[dict[str, Any], datetime], Awaitable[SoftwareStory]]


@pytest.fixture
async def case_pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections as a worker has them."""
    async with await open_pool(database_url) as pool:
        yield pool


@pytest.fixture
async def worker(
    case_pool: asyncpg.Pool, temporal: WorkflowEnvironment, task_queue: str, tmp_path: Path
) -> AsyncIterator[Worker]:
    """A worker as `worker.py` builds it."""
    settings = Settings(data_dir=tmp_path)
    workflows, activities = registrations(case_pool, settings, ClientMessenger(temporal.client, task_queue))
    async with new_worker(
        temporal.client, settings, workflows=workflows, activities=activities, task_queue=task_queue
    ) as running:
        yield running


@pytest.fixture
async def open_case_on_server(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> AsyncIterator[OpenCase]:
    """Open a case of that serial number at that instant; what is still open at the end is terminated."""
    stories: list[CaseStory] = []

    async def begin(serial_number: str, at: datetime, **fields: Any) -> CaseStory:
        story = await CaseStory.open(temporal, task_queue, serial_number, at, **fields)
        stories.append(story)
        return story

    yield begin
    for story in stories:
        await story.abandon()


@pytest.fixture
async def follow_return(worker: Worker, temporal: WorkflowEnvironment, task_queue: str) -> AsyncIterator[FollowReturn]:
    """Order a return on Monday 10 May 2027, 09:00; what is still open at the end is terminated."""
    stories: list[ReturnStory] = []

    async def begin(*arguments: Any, **fields: Any) -> ReturnStory:
        ordered = order(paris("mon 10 09:00"), *arguments, **fields)
        story = await ReturnStory.follow(temporal, task_queue, ordered)
        stories.append(story)
        return story

    yield begin
    for story in stories:
        await story.abandon()


@pytest.fixture
async def ask_on_server(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> AsyncIterator[AskForSoftware]:
    """Ask for software on the real server; what is still open at the end is terminated."""
    stories: list[SoftwareStory] = []

    async def begin(asked: dict[str, Any], at: datetime) -> SoftwareStory:
        story = await SoftwareStory.on_server(temporal, task_queue, asked, at)
        stories.append(story)
        return story

    yield begin
    for story in stories:
        await story.abandon()


@pytest.fixture
async def theatre(case_pool: asyncpg.Pool, tmp_path: Path) -> AsyncIterator[Theatre]:
    """Engines in this process, for stories that need no server."""
    settings = Settings(data_dir=tmp_path)
    told_here = Theatre(lambda messenger: registrations(case_pool, settings, messenger)[1])
    yield told_here
    await told_here.close()


@pytest.fixture
async def open_case_on_engine(theatre: Theatre) -> OpenCase:
    """Open a case of that serial number at that instant, on an engine in this process."""

    async def begin(serial_number: str, at: datetime, **fields: Any) -> CaseStory:
        fields.setdefault("reported_at", at.isoformat())
        opening = {"report": report(serial_number, **fields)}
        handle = await theatre.begin(WORKFLOW, opening, id=f"curative-{serial_number}", at=at)
        return CaseStory(
            cast(WorkflowEnvironment, EnvironmentOnEngine(theatre)), cast(WorkflowHandle[Any, Any], handle)
        )

    return begin


@pytest.fixture
async def open_call(theatre: Theatre) -> OpenCall:
    """A call comes in at that instant, on an engine in this process."""

    async def begin(
        at: datetime, *, opening: Any = None, call_id: str = "7K3Q", conditions: Conditions | None = None, **fields: Any
    ) -> CallStory:
        said = {"call": call(**{"received_at": at.isoformat(), **fields})} if opening is None else opening
        handle = await theatre.begin(CALL_WORKFLOW, said, id=f"assistance-{call_id}", at=at, conditions=conditions)
        environment = cast(WorkflowEnvironment, EnvironmentOnEngine(theatre))
        return CallStory(environment, cast(WorkflowHandle[Any, Any], handle), query="call")

    return begin


@pytest.fixture(name="open_case")
def _open_case(request: pytest.FixtureRequest) -> OpenCase:
    """Where stories are told: on engines in this process, or all of them on the server (STORIES_ON=server)."""
    told_on: OpenCase = request.getfixturevalue(f"open_case_on_{os.environ.get('STORIES_ON', 'engine')}")
    return told_on
