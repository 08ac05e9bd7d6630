"""What a promise clock, an outbox and a publication need of a state: less than all that a case or a call is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from domain.coverage import Coverage
from domain.journal import Disposition, JournalLine
from domain.letters import Letter
from domain.promises import Promise, PromiseName
from domain.service_hours import ServiceHours
from domain.waits import Wait


class Writing(Protocol):
    """It keeps a journal, and grows a version with every change that people may see."""

    version: int

    def write(
        self,
        entered_at: datetime,
        actor: str,
        kind: str,
        disposition: Disposition,
        text: str,
        at: datetime | None = None,
    ) -> None:
        """Append a line to the journal."""


class Clocked(Writing, Protocol):
    """Promises under one coverage."""

    service_hours: ServiceHours

    @property
    def coverage(self) -> Coverage | None:
        """The terms and calendars."""

    @property
    def promises(self) -> list[Promise]:
        """Every promise, in the order in which they began."""

    @property
    def promises_begun(self) -> dict[PromiseName, int]:
        """How often each was begun."""

    @property
    def promise_round(self) -> int:
        """The round that a promise which begins now belongs to."""

    @property
    def waits_to_measure(self) -> Sequence[Wait]:
        """Spans of old that are to be added up, once business time has measured them."""

    def add_up(self, waits: Sequence[Wait], business: Sequence[timedelta]) -> None:
        """They were measured."""

    def latest(self, name: PromiseName) -> Promise | None:
        """The latest promise of that name, however it stands."""

    def owed(self, name: PromiseName) -> Promise | None:
        """The latest promise of that name, if it still has to be kept."""


class Corresponding(Writing, Protocol):
    """It has letters on their way."""

    letters: list[Letter]

    def has_gone(self, letter: Letter, at: datetime) -> None:
        """A letter was handed over, or given up."""


class Published(Writing, Protocol):
    """It is shown and recorded, version by version."""

    journal: list[JournalLine]
    recorded_version: int
    recorded_lines: int

    @property
    def is_recorded(self) -> bool:
        """Whether the read model has the newest version."""

    def trim_journal(self, recorded: int) -> None:
        """Forget lines that are in the database already, up to that one."""
