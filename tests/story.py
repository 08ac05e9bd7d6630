"""A story: one workflow that begins at a given instant, and whose clock the test moves."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

TRIES = 400
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.25
BEFORE_THE_BEGINNING = timedelta(seconds=0.2)
"""A move that ends while the first task of a workflow runs overshoots to its first timer: so the rest is waited for."""


@dataclass(frozen=True)
class Story:
    """A running workflow on a virtual clock. `query` names its view, `update` the way in for messages."""

    environment: WorkflowEnvironment
    handle: WorkflowHandle[Any, Any]
    query: str = "case"
    update: str = "submit"

    @classmethod
    async def begin(
        cls,
        environment: WorkflowEnvironment,
        workflow: str,
        *arguments: Any,
        id: str,  # noqa: A002 - Temporal's own word for it
        at: datetime,
        task_queue: str,
        query: str = "case",
        update: str = "submit",
    ) -> Self:
        """Start `workflow` so that its first instant is `at` (aware, in the future of the wall clock)."""
        wait = at - datetime.now(UTC)
        if wait <= timedelta(0):
            raise ValueError(f"a story begins after the wall clock; {at.isoformat()} is past")
        handle = await environment.client.start_workflow(
            workflow, args=arguments, id=id, task_queue=task_queue, start_delay=wait
        )
        story = cls(environment, handle, query, update)
        await story.at(at - BEFORE_THE_BEGINNING)
        await asyncio.sleep(BEFORE_THE_BEGINNING.total_seconds())
        return story

    async def now(self) -> datetime:
        """The workflow's own instant."""
        return await self.environment.get_current_time(self.handle)

    async def at(self, instant: datetime) -> bool:
        """Let time pass until `instant` (some milliseconds later in truth); False when the workflow has
        ended.

        Raises ValueError when the story is past that instant already.
        """
        return await self._pass_time(instant - await self.now(), f"until {instant.isoformat()}")

    async def after(self, duration: timedelta) -> bool:
        """Let `duration` pass; False when the workflow has ended."""
        return await self._pass_time(duration, f"for {duration}")

    async def _pass_time(self, duration: timedelta, words: str) -> bool:
        if duration < timedelta(0):
            raise ValueError(f"time does not pass {words}: the story is at {(await self.now()).isoformat()}")
        with _unless_ended():
            return await self.environment.fast_forward(self.handle, duration)
        return False

    async def signal(self, name: str, *payloads: Any) -> None:
        """Send a signal with any number of payloads."""
        await self.handle.signal(name, args=payloads)

    async def submit(self, payload: Any) -> Any:
        """Send a message as the update, and answer what it answers. Raises WorkflowUpdateFailedError."""
        return await self.handle.execute_update(self.update, payload)

    async def view(self) -> Any:
        """What the query answers now; at the very beginning, once the workflow's first task was scheduled."""
        for _ in itertools.repeat(None, TRIES):
            try:
                return await self.handle.query(self.query)
            except RPCError as error:
                if "not scheduled yet" not in str(error):
                    raise
            await asyncio.sleep(FIRST_PAUSE)
        raise AssertionError("the workflow never began")

    async def until(self, condition: Callable[[Any], object], why: str = "the condition holds") -> Any:
        """The first view for which `condition` is true; the clock is not moved.

        Raises AssertionError with the last view after TRIES looks. For what follows from work outside of the
        workflow (an activity); what follows from a message or a timer is in the next view at once.
        """
        pause = FIRST_PAUSE
        for _ in itertools.repeat(None, TRIES):
            view = await self.view()
            if condition(view):
                return view
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        raise AssertionError(f"never came to pass: {why}; last seen: {view!r}")

    async def result(self) -> Any:
        """The workflow's result, letting as much time pass as it takes, if it ends by itself."""
        with _unless_ended():
            await self.environment.fast_forward(self.handle, None)
        return await self.handle.result()

    async def abandon(self) -> None:
        """Terminate the workflow if it still runs, so that its id is free for the next story."""
        with _unless_ended():
            await self.handle.terminate("the story is told")


@contextmanager
def _unless_ended() -> Iterator[None]:
    """The server refuses to move the clock of a workflow that has ended, or to end it again: let it."""
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
