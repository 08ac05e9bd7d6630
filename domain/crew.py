"""The technicians who can do a visit: who of them is free, and who has the least to do (R10)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.agenda import Agenda, Span, overlap


class Diary(NamedTuple):
    """What a technician has to do already, and when they are away."""

    technician: str
    visits: Sequence[Span] = ()
    absences: Sequence[Span] = ()


class Crew:
    """Technicians who have the skills, in the region."""

    def __init__(self, diaries: Iterable[Diary]) -> None:
        self._diaries = sorted(diaries)
        self._agendas = {one.technician: Agenda([*one.visits, *one.absences]) for one in self._diaries}

    def can_come(self, span: Span) -> bool:
        """Some of them is free then."""
        return any(agenda.is_free(span) for agenda in self._agendas.values())

    def share_out(self, spans: Sequence[Span]) -> Sequence[str]:
        """A technician for each of the spans, in which some is free; they are in order and do not overlap.

        Of those who are free comes the one with the fewest visits from the first of the spans to the end of the last,
        these included; then the first by code.
        """
        if not spans:
            return []
        whole = Span(spans[0].start, spans[-1].end)
        load = Counter({one.technician: sum(overlap(visit, whole) for visit in one.visits) for one in self._diaries})
        chosen = []
        for span in spans:
            free = [technician for technician, agenda in self._agendas.items() if agenda.is_free(span)]
            chosen.append(min(free, key=lambda technician: (load[technician], technician)))
            load[chosen[-1]] += 1
        return chosen
