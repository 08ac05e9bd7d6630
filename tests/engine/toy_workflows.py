"""Workflows and activities that show how an engine behaves; the product has none of them."""

import asyncio
import itertools
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

SECOND = timedelta(seconds=1)
ONCE = RetryPolicy(maximum_attempts=1)

drift = itertools.count()
"""What no workflow may look at: it is another at each replay."""


class Shop:
    """Activities that keep a list of what they did."""

    def __init__(self) -> None:
        self.done: list[str] = []

    @activity.defn
    async def work(self, what: str) -> str:
        """Do it, and say so."""
        self.done.append(what)
        return f"{what} done"

    @activity.defn
    async def refuse(self, what: str) -> str:
        """Fail, each time."""
        self.done.append(f"{what} tried at attempt {activity.info().attempt}")
        raise ApplicationError(f"{what} cannot be done", type="Refused")


@workflow.defn
class Witness:
    """Takes down what it sees, and when."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.ends = False

    def note(self, what: str) -> None:
        self.seen.append(f"{(workflow.now() - workflow.info().start_time).total_seconds():.0f}: {what}")

    @workflow.run
    async def run(self, errand: str) -> list[str]:
        """Sleep, or have something done; then wait for the signal to end."""
        if errand == "sleep":
            await asyncio.gather(*(self.sleep(seconds) for seconds in (30, 10, 20)))
        elif errand == "fail":
            await self.have_it_refused()
        elif errand == "fail for ever":
            await workflow.execute_activity_method(Shop.refuse, "a task", start_to_close_timeout=SECOND)
        await workflow.wait_condition(lambda: self.ends)
        return self.seen

    async def sleep(self, seconds: int) -> None:
        await workflow.sleep(seconds)
        self.note(f"slept {seconds}")

    async def have_it_refused(self) -> None:
        try:
            await workflow.execute_local_activity_method(
                Shop.refuse, "a local task", schedule_to_close_timeout=SECOND, retry_policy=ONCE
            )
        except (ActivityError, ApplicationError) as error:
            self.note(f"{type(error).__name__}: {error}")
        try:
            await workflow.execute_activity_method(
                Shop.refuse, "a task", start_to_close_timeout=SECOND, retry_policy=RetryPolicy(maximum_attempts=3)
            )
        except ActivityError as error:
            self.note(f"{type(error).__name__}: {error} for {error.cause}; {error.retry_state!r}")

    @workflow.signal
    def say(self, word: str) -> None:
        """Take it down."""
        self.note(f"heard {word}")

    @workflow.signal
    def end(self) -> None:
        """Let the workflow end."""
        self.ends = True

    @workflow.update
    async def submit(self, word: str) -> str:
        """Take it down, and answer."""
        self.note(f"submitted {word}")
        if word == "fails":
            raise ApplicationError("it failed while it was handled")
        return f"{word} taken"

    @submit.validator
    def check(self, word: str) -> None:
        """Refuse nonsense."""
        if word == "nonsense":
            raise ApplicationError("nonsense is refused")

    @workflow.query
    def report(self) -> list[str]:
        """What was seen so far."""
        return self.seen


@workflow.defn
class Drifter:
    """Does something else each time it is replayed."""

    @workflow.run
    async def run(self) -> None:
        """Sleep for a time that depends on more than the history."""
        await workflow.sleep(10 + next(drift))


@workflow.defn
class Stumbler:
    """Raises what is no failure of a workflow, but of its code."""

    @workflow.run
    async def run(self) -> None:
        """Look into an empty drawer."""
        raise KeyError("the drawer is empty")


@workflow.defn
class Relay:
    """Continues as new when it is told that it is long, and hands over what it heard."""

    @workflow.init
    def __init__(self, heard: list[str]) -> None:
        self.heard = heard
        self.moves = False

    @workflow.run
    async def run(self, heard: list[str]) -> list[str]:
        """Ends when it has heard three words, over as many runs as it takes."""
        await workflow.wait_condition(lambda: self.moves or len(self.heard) >= 3)
        if len(self.heard) < 3:
            await workflow.execute_local_activity_method(Shop.work, "hand over", schedule_to_close_timeout=SECOND)
            workflow.continue_as_new(self.heard)
        return self.heard

    @workflow.signal
    def say(self, word: str) -> None:
        """A word to keep."""
        self.heard.append(word)

    @workflow.update
    def add(self, word: str) -> int:
        """A word to keep; how many there are then."""
        self.heard.append(word)
        return len(self.heard)

    @workflow.signal
    def move_on(self) -> None:
        """Continue as new."""
        self.moves = True


@workflow.defn
class Buyer:
    """Has one thing done locally and the next by a normal activity, and meanwhile listens."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @workflow.run
    async def run(self) -> list[str]:
        """Two errands, one after the other."""
        await workflow.execute_local_activity_method(
            Shop.work, "choose", schedule_to_close_timeout=2 * SECOND, retry_policy=ONCE
        )
        self.heard.append("chosen")
        self.heard.append(await workflow.execute_activity_method(Shop.work, "buy", start_to_close_timeout=10 * SECOND))
        return self.heard

    @workflow.signal
    def say(self, word: str) -> None:
        """A word that comes in on the way."""
        self.heard.append(word)
