"""Slots of visits (R10): while a slot is offered or chosen, nobody else gets its room or its technician.

Two cases can never hold the same room at the same time: the database excludes it. Nothing here expires by itself;
the case that holds a slot frees it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from domain.effects import EffectKey, SlotOffer
from domain.slots import Released, Slot, SlotState

# Whoever holds slots waits here for others that want the same place, before an exclusion could deadlock the two.
_QUEUE = "select from sites where code = $1 for no key update"
_QUEUE_FOR_TECHNICIAN = "select from technicians where code = $1 for no key update"

_HOLD = """
insert into visit_slots (slot_id, case_reference, round, step, site, room, technician, starts_at, ends_at, state,
                         held_until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

_CHOOSE = """
with chosen as (
    update visit_slots set state = 'chosen'
    where slot_id = $1 and case_reference = $2 and state in ('offered', 'chosen')
    returning slot_id, starts_at, ends_at
), others as (
    update visit_slots set state = 'declined'
    where case_reference = $2 and slot_id <> $1 and state in ('offered', 'chosen')
      and exists (select from chosen)
)
select slot_id, starts_at, ends_at from chosen
"""

_RELEASE = """
with released as (
    update visit_slots set state = $3
    where case_reference = $1 and round = $2 and state in ('offered', 'chosen')
      and ($4::text[] is null or slot_id = any($4))
    returning slot_id
)
select count(*) from released
"""

_FINISH = "update visit_slots set state = 'done' where slot_id = $1 and state = 'chosen'"

_BUSY = """
select starts_at, ends_at
from visit_slots
where state in ('offered', 'chosen') and starts_at < $2 and ends_at > $1
  and ($3::text is null or site = $3) and ($4::text is null or room = $4)
  and ($5::text is null or technician = $5)
order by starts_at
"""


class SlotTaken(Exception):
    """The room or the technician is held by another slot at that time; look for another time."""


class SlotGone(Exception):
    """The slot is not held by the case any more, or never was; offer new ones."""


class Span(NamedTuple):
    """A half-open span of time."""

    start: datetime
    end: datetime


class Place(NamedTuple):
    """What a visit needs besides the customer: a site, and a room and a technician when they are known."""

    site: str
    room: str | None = None
    technician: str | None = None


class VisitSlots:
    """Slots in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._effects = Effects(pool)

    async def hold(self, key: EffectKey, offer: SlotOffer, place: Place, at: datetime) -> SlotOffer:
        """Hold all of the offered slots or none; answers with the offer that the first run under this key made.

        Raises SlotTaken when another slot has the room or the technician at one of the times.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            await _queue(connection, place)
            for slot in offer.slots:
                await _hold(connection, key, slot, place, offer.held_until)
            return offer.model_dump(mode="json")

        return SlotOffer.model_validate(await self._effects.once(key, at, write))

    async def book(self, key: EffectKey, slot: Slot, place: Place, at: datetime) -> Slot:
        """Book a slot that was never offered in place of all that the case holds; once for each key.

        Raises SlotTaken, and leaves what the case holds as it is, when another case has the room or the technician.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            booked = slot.model_copy(update={"state": SlotState.CHOSEN})
            await _queue(connection, place)
            await connection.fetchval(_RELEASE, key.case, key.round, SlotState.DECLINED, None)
            await _hold(connection, key, booked, place, booked.end)
            return booked.model_dump(mode="json")

        return Slot.model_validate(await self._effects.once(key, at, write))

    async def choose(self, case: str, slot_id: str) -> Slot:
        """Make a held slot the chosen one, and let go of the case's others. Choosing it again changes nothing.

        Raises SlotGone when the case does not hold it.
        """
        row = await self._pool.fetchrow(_CHOOSE, slot_id, case)
        if row is None:
            raise SlotGone(f"Slot {slot_id} is not held by case {case} any more: offer new slots.")
        return Slot(slot_id=slot_id, start=row["starts_at"], end=row["ends_at"], state=SlotState.CHOSEN)

    async def release(self, case: str, round_: int, state: Released, slot_ids: Sequence[str] | None = None) -> int:
        """Free those slots, or every one that the case holds in that round, and say why; answers with how many.

        An attempt that comes late frees what it names, and never an offer that was made since.
        """
        released: int = await self._pool.fetchval(_RELEASE, case, round_, state, slot_ids)
        return released

    async def finish(self, slot_id: str) -> None:
        """The visit took place: its slot stays as a record, and holds nothing."""
        await self._pool.execute(_FINISH, slot_id)

    async def busy(
        self,
        start: datetime,
        end: datetime,
        *,
        site: str | None = None,
        room: str | None = None,
        technician: str | None = None,
    ) -> Sequence[Span]:
        """The spans held between two instants by slots that match everything given, in order."""
        rows = await self._pool.fetch(_BUSY, start, end, site, room, technician)
        return [Span(row["starts_at"], row["ends_at"]) for row in rows]


async def _queue(connection: asyncpg.Connection, place: Place) -> None:
    await connection.execute(_QUEUE, place.site)
    await connection.execute(_QUEUE_FOR_TECHNICIAN, place.technician)


async def _hold(connection: asyncpg.Connection, key: EffectKey, slot: Slot, place: Place, held_until: datetime) -> None:
    values = (*place, slot.start, slot.end, slot.state, held_until)
    try:
        await connection.execute(_HOLD, slot.slot_id, key.case, key.round, key.step, *values)
    except asyncpg.ExclusionViolationError as conflict:
        who = f"Technician {place.technician}" if "technician" in conflict.constraint_name else f"Room {place.room}"
        raise SlotTaken(f"{who} is taken between {slot.start} and {slot.end}: look for another time.") from None
