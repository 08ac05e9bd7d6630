"""What the world sees of a case or a call: Web UI details, search attributes, read model, in one place (SPEC §6)."""

from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from workflows.effects import Effects

with workflow.unsafe.imports_passed_through():
    from config import search_attributes as keys
    from database.cases import CaseWrite
    from domain.briefing import briefing_of
    from domain.case import CaseState
    from domain.clocked import Published
    from domain.effects import EffectKey, LoanGranted, words_for
    from domain.journal import JournalLine, first_lines
    from domain.markdown import columns_apart
    from domain.view import next_due, promise_state, view_of


Attributes: TypeAlias = dict[
    SearchAttributeKey[str] | SearchAttributeKey[datetime],
    str | datetime | None,
]
State = TypeVar("State", bound=Published)


class Publication(Generic[State]):
    """Shows and records the newest version, and never a version twice. Journal lines go out in order."""

    def __init__(self, case: State, effects: Effects) -> None:
        self._case = case
        self._effects = effects
        self._shown = 0
        self._attributes: dict[str, str | datetime | None] = {}

    def page(self) -> str:
        """What the Web UI shows, as Markdown."""
        raise NotImplementedError

    def attributes(self) -> Attributes:
        """What lists of the engine can be filtered by."""
        raise NotImplementedError

    async def write(self, version: int, lines: tuple[JournalLine, ...]) -> None:
        """Write it into the read model, with these new lines of its journal."""
        raise NotImplementedError

    async def keep_showing(self) -> None:
        """Show the case whenever it has come to rest: what moves on in a moment is not shown.

        The page and the search attributes do not wait for the read model, which may be away.
        """
        while True:
            await workflow.wait_condition(lambda: self._shown < self._case.version and self._effects.under_way == 0)
            await workflow.wait_condition(lambda: True)  # one turn: what has just come in moves the case on first
            if self._effects.under_way == 0:
                workflow.set_current_details(columns_apart(self.page()))
                self._upsert_changed()
                self._shown = self._case.version

    async def keep_recording(self) -> None:
        """Record what is shown; changes that come while one version is written go out with the next."""
        while True:
            await workflow.wait_condition(lambda: self._case.recorded_version < self._shown)
            await self._record()

    async def is_done(self) -> None:
        """Wait until everything is out: the end of a case waits for its last write."""
        await workflow.wait_condition(lambda: self._case.is_recorded)

    async def _record(self) -> None:
        case, version = self._case, self._case.version
        unwritten = [line for line in case.journal if line.sequence > case.recorded_lines]
        lines = first_lines(unwritten)
        await self.write(version, lines)
        case.recorded_lines = lines[-1].sequence if lines else case.recorded_lines
        case.trim_journal(case.recorded_lines)
        case.recorded_version = version if len(lines) == len(unwritten) else case.recorded_version

    def _upsert_changed(self) -> None:
        updates = [
            _set(key, value) for key, value in self.attributes().items() if self._attributes.get(key.name) != value
        ]
        if updates:
            workflow.upsert_search_attributes(updates)
            self._attributes = {key.name: value for key, value in self.attributes().items()}


def _set(
    key: SearchAttributeKey[str] | SearchAttributeKey[datetime], value: str | datetime | None
) -> SearchAttributeUpdate[str] | SearchAttributeUpdate[datetime]:
    return key.value_unset() if value is None else key.value_set(value)  # type: ignore[arg-type]


class CasePublication(Publication[CaseState]):
    """What the world sees of a case."""

    def page(self) -> str:
        """The briefing of the case."""
        return briefing_of(self._case, workflow.now())

    def attributes(self) -> Attributes:
        """So that one list filter answers "what is late?"."""
        case, card = self._case, self._case.equipment
        return {
            keys.CASE_REFERENCE: case.reference,
            keys.CASE_STAGE: case.stage.value,
            keys.WAITING_FOR: case.waiting_for.value,
            keys.SERIAL_NUMBER: case.serial_number or None,
            keys.CUSTOMER: card.customer if card else None,
            keys.SITE: card.site if card else None,
            keys.PROMISE_STATE: promise_state(case.promises),
            keys.NEXT_DUE: next_due(case.promises) if case.is_open else None,
        }

    async def write(self, version: int, lines: tuple[JournalLine, ...]) -> None:
        """The case, its promises and its new journal lines."""
        view = view_of(self._case).model_copy(update={"journal": ()})
        coverage = None if self._case.is_open else self._case.coverage  # what a recurrence inherits
        served = await self._effects.record(CaseWrite(version=version, view=view, journal=lines, coverage=coverage))
        await self._tell_who_is_served(served)

    async def _tell_who_is_served(self, served: tuple[LoanGranted, ...]) -> None:
        """The case had a loan unit that it did not know of: whoever was in line for it has it now (R8)."""
        if served:
            key = EffectKey(case=self._case.reference, round=self._case.round.number, step="left-over")
            await self._effects.tell_cases(words_for(served, key, workflow.now()))
