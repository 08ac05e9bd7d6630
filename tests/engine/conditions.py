"""The conditions under which an engine works: how long things take, what fails, and when a worker is restarted."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from random import Random

SUGGESTED_LENGTH = 4096
"""Events after which the server itself suggests to continue as new."""


class Failure(Enum):
    """What becomes of an attempt."""

    NONE = "it answers"
    BEFORE = "it fails before its effect"
    AFTER = "it fails after its effect: the answer is lost"


@dataclass(frozen=True)
class Attempt:
    """How one attempt of an activity goes. Longer than its time-out, and the workflow never hears of what it did."""

    lasts: timedelta = timedelta(0)
    works_at_its_end: bool = False
    """The effect comes when the attempt is over, maybe long after the time-out, else when it begins."""
    failure: Failure = Failure.NONE


class Conditions:
    """Fair ones: nothing takes time, nothing fails, no worker is ever restarted."""

    def moment(self) -> timedelta:
        """How long a message, a task or an answer is on its way."""
        return timedelta(0)

    def attempt(self, activity_type: str, number: int, *, is_local: bool) -> Attempt:
        """How the attempt of that number, from 1, goes."""
        return Attempt()

    def worker_restarts(self) -> bool:
        """Whether the next task finds a fresh worker, which must replay the history first."""
        return False

    def task_is_lost(self) -> bool:
        """Whether the worker dies at the end of a task, which is then done anew."""
        return False

    def suggests_continue_as_new(self, history_length: int) -> bool:
        """Whether a run with so many events is told that it is long."""
        return history_length > SUGGESTED_LENGTH


class RoughConditions(Conditions):
    """Rough ones, all by chance from one source: the same seed brings the same weather."""

    def __init__(self, random: Random, *, failing: float = 0.06, slow: float = 0.03, restarting: float = 0.03) -> None:
        self._random = random
        self._failing = failing
        self._slow = slow
        self._restarting = restarting
        self._suggested_length = random.choice([60, 150, 400, SUGGESTED_LENGTH])

    def moment(self) -> timedelta:
        """Up to 40 milliseconds, and now and then none at all."""
        return timedelta(milliseconds=self._random.choice([0, 1, 3, 10, 40]))

    def attempt(self, activity_type: str, number: int, *, is_local: bool) -> Attempt:
        """Mostly well; else it fails before or after its effect, or takes seconds, or comes too late."""
        chance = self._random.random()
        if chance < self._failing:
            return Attempt(self.moment(), failure=self._random.choice([Failure.BEFORE, Failure.AFTER]))
        if chance < self._failing + self._slow:
            lasts = timedelta(seconds=self._random.choice([1, 3, 7, 15, 70]))
            return Attempt(lasts, works_at_its_end=self._random.random() < 0.5)
        return Attempt(self.moment())

    def worker_restarts(self) -> bool:
        """Now and then."""
        return self._random.random() < self._restarting

    def task_is_lost(self) -> bool:
        """Half as often as a worker is restarted between tasks."""
        return self._random.random() < self._restarting / 2

    def suggests_continue_as_new(self, history_length: int) -> bool:
        """At a length that chance has chosen."""
        return history_length > self._suggested_length
