"""How an activity is asked: what is our own, locally first; what is elsewhere, never.

Sub-second work of our own runs as a local activity with one short attempt; when that fails, the database is away, and
the same runs as a normal activity, which is retried without holding up messages and queries (DESIGN §2.8).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as ActivityTimeout

from workflows.policies import LOCAL, OWN

with workflow.unsafe.imports_passed_through():
    from activities.deadlines import DeadlineActivities
    from activities.messages import MessageActivities
    from domain.deadlines import DeadlineQuestion, Deadlines

Activities = TypeVar("Activities")
Question = TypeVar("Question")
Answer = TypeVar("Answer")

LOCAL_FAILURES = (ActivityError, ApplicationError, ActivityTimeout)
"""How the failure of a local activity arrives: wrapped when it timed out, bare when it raised or is replayed."""

A_MOMENT = timedelta(seconds=5)
"""How long a message to the outside may take before people are shown that it is under way."""


class Asking:
    """Asks activities, one local attempt at a time."""

    def __init__(self) -> None:
        self.under_way = 0
        """How many short local attempts have not answered yet: a moment later the case has moved on."""
        self._local = asyncio.Lock()
        """One local attempt at a time: a replay resolves them in the order in which they were asked for, whichever was
        the first to answer, and what runs side by side would go on in another order than it did."""

    async def _own(
        self,
        method: Callable[[Activities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
        when_away: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Ask one of our own activities: locally once, and when that fails, normally until it answers."""
        self.under_way += 1
        try:
            async with self._local:
                return await workflow.execute_local_activity_method(method, question, summary=summary, **LOCAL)
        except LOCAL_FAILURES:
            when_away()
        finally:
            self.under_way -= 1
        return await workflow.execute_activity_method(method, question, summary=summary, **OWN)

    async def _elsewhere(
        self,
        method: Callable[[MessageActivities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
    ) -> Answer:
        """Reach another workflow: never locally, since it waits for the engine."""
        return await workflow.execute_activity_method(method, question, summary=summary, **OWN)

    async def ask_deadlines(self, question: DeadlineQuestion, summary: str) -> Deadlines:
        """Ask business time for instants; needs no database, so that it answers whatever is away."""
        return await self._own(DeadlineActivities.answer_deadlines, question, summary)
