"""What a visit needs besides its customer: a room, and a technician who can do it (R10)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from domain.agenda import Agenda, Span
from domain.crew import Crew, Diary
from domain.effects import SlotProposal, SlotSearch

# The site first, then technicians by code: whoever wants some of the same waits here, and none deadlocks.
_QUEUE_FOR_SITE = "select from sites where code = $1 for no key update"
_QUEUE_FOR_TECHNICIANS = """
select code from technicians
where skills @> $1::text[] and ($2::text is null or region = $2)
order by code
for no key update
"""

_TAKEN = """
select 'room' as what, null as technician, starts_at, ends_at
from visit_slots
where room = $3 and state in ('offered', 'chosen') and starts_at < $2 and ends_at > $1
union all
select 'room', null, starts_at, ends_at
from room_bookings
where room = $3 and starts_at < $2 and ends_at > $1
union all
select 'visit', technician, starts_at, ends_at
from visit_slots
where technician = any($4::text[]) and state in ('offered', 'chosen') and starts_at < $2 and ends_at > $1
union all
select 'absence', technician, starts_at, ends_at
from technician_absences
where technician = any($4::text[]) and starts_at < $2 and ends_at > $1
"""


@dataclass(frozen=True)
class Availability:
    """When the room is taken, and the technicians who can do the visit."""

    room: str | None
    room_taken: Sequence[Span]
    crew: Crew

    def objection(self, span: Span) -> str | None:
        """Why the visit cannot be then, or None when the room is free and somebody can come."""
        if not Agenda(self.room_taken).is_free(span):
            return f"room {self.room} is taken then"
        return None if self.crew.can_come(span) else "no technician who can do it is free then"


async def wait_for_availability(
    connection: asyncpg.Connection, visit: SlotSearch | SlotProposal, within: Span
) -> Availability:
    """Read what is free, once nobody else can take any of it before the caller's transaction has ended.

    A technician can do the visit who has all of its skills and is of its region; of any region when it names none.
    """
    await connection.execute(_QUEUE_FOR_SITE, visit.site)
    able = [row["code"] for row in await connection.fetch(_QUEUE_FOR_TECHNICIANS, visit.skills, visit.region)]
    taken: defaultdict[tuple[str, str | None], list[Span]] = defaultdict(list)
    for what, technician, start, end in await connection.fetch(_TAKEN, *within, visit.room, able):
        taken[what, technician].append(Span(start, end))
    diaries = [Diary(code, taken["visit", code], taken["absence", code]) for code in able]
    return Availability(visit.room, taken["room", None], Crew(diaries))
