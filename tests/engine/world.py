"""What all executions of one engine share."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.engine.activity_worker import ActivityWorker
from tests.engine.clock import VirtualClock
from tests.engine.conditions import Conditions
from tests.engine.workflow_code import WorkflowCode


@dataclass(frozen=True)
class World:
    """One clock, one worker, one source of chance."""

    clock: VirtualClock
    code: WorkflowCode
    activities: ActivityWorker
    conditions: Conditions
    random: Random
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """Numbers for events, each once."""

    def new_id(self) -> str:
        """An identifier as a server would give it, the same again under the same seed."""
        return f"{self.random.getrandbits(128):032x}"
