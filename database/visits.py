"""Slots of visits (R10): while a slot is offered or chosen, nobody else gets its room or its technician.

Two cases can never hold the same room or technician at the same time: the database excludes it. Nothing here expires
by itself; the case that holds a slot frees it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from database.visit_needs import Availability, wait_for_availability
from domain.agenda import Span
from domain.effects import SlotChoice, SlotOffer, SlotProposal, SlotSearch
from domain.slots import Released, Slot, SlotState, Subject

__all__ = ["SlotGone", "SlotTaken", "Span", "VisitSlots"]

_HOLD = """
insert into visit_slots (slot_id, case_reference, round, step, subject, site, room, technician, starts_at, ends_at,
                         state, held_until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

_CHOOSE = """
with chosen as (
    update visit_slots set state = 'chosen', calendar_uid = $3, calendar_sequence = $4
    where slot_id = $1 and case_reference = $2 and state in ('offered', 'chosen')
    returning slot_id, subject, technician, starts_at, ends_at
), others as (
    update visit_slots set state = 'declined'
    where case_reference = $2 and slot_id <> $1 and state in ('offered', 'chosen')
      and subject = (select subject from chosen)
)
select subject, technician, starts_at, ends_at from chosen
"""

_KNOWN_AS = "update visit_slots set calendar_uid = $2, calendar_sequence = $3 where slot_id = $1"

_LET_GO = """
update visit_slots set state = 'declined'
where case_reference = $1 and subject = $2 and state in ('offered', 'chosen')
"""

_FORGET = "delete from visit_slots where case_reference = $1 and round = $2 and step = $3"

_LET_EARLIER_GO = """
update visit_slots slot set state = 'declined'
from effects
where slot.case_reference = $1 and slot.subject = $2 and slot.state = 'offered' and effects.at < $3
  and (effects.case_reference, effects.round, effects.step) = (slot.case_reference, slot.round, slot.step)
"""

_LET_ALL_GO = "update visit_slots set state = 'declined' where case_reference = $1 and state in ('offered', 'chosen')"

_RELEASE = """
with released as (
    update visit_slots set state = $2
    where case_reference = $1 and slot_id = any($3) and state in ('offered', 'chosen')
    returning slot_id
)
select count(*) from released
"""

_FINISH = "update visit_slots set state = 'done' where slot_id = $1 and state = 'chosen'"


class SlotTaken(Exception):
    """The room is taken at that time, or everybody who could come is; look for another time."""


class SlotGone(Exception):
    """The slot is not held by the case any more, or never was; offer new ones."""


class VisitSlots:
    """Slots in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._effects = Effects(pool)

    async def offer(self, search: SlotSearch, until: datetime, find: Callable[[Availability], SlotOffer]) -> SlotOffer:
        """Hold the slots that `find` makes of what is free from `not_before` until then; once for each key.

        Nobody takes any of it meanwhile, so that `find` should be quick. Raises SlotTaken, and holds nothing, when it
        came up with what is not free. A case makes one offer at a time: what an earlier one still holds for the visit
        is let go, and an offer under the key that nobody heard of is as if it had never been made.
        """
        key = search.key

        async def write(connection: asyncpg.Connection) -> JsonValue:
            await connection.execute(_LET_EARLIER_GO, key.case, search.subject, search.now)
            availability = await wait_for_availability(connection, search, Span(search.not_before, until))
            offer = find(availability)
            for slot in offer.slots:
                _refuse_what_is_taken(availability, Span(slot.start, slot.end))
                await _hold(connection, search, slot, offer.held_until)
            return offer.model_dump(mode="json")

        async def forget(connection: asyncpg.Connection) -> JsonValue:
            await connection.execute(_FORGET, key.case, key.round, key.step)
            return None

        return SlotOffer.model_validate(await self._effects.once(key, search.now, write, undo=forget))

    async def book(self, proposal: SlotProposal, slot_id: str) -> Slot:
        """Book what the customer proposes, in place of all that the case holds for this visit; once for each key.

        Raises SlotTaken, and leaves what the case holds as it is, when the room or every technician is taken.
        """
        key = proposal.key

        async def write(connection: asyncpg.Connection) -> JsonValue:
            await connection.execute(_LET_GO, key.case, proposal.subject)
            span = Span(proposal.start, proposal.end)
            availability = await wait_for_availability(connection, proposal, span)
            _refuse_what_is_taken(availability, span)
            (technician,) = availability.crew.share_out([span])
            slot = _chosen(slot_id, span, technician, proposal.subject)
            await _hold(connection, proposal, slot, slot.end)
            await connection.execute(_KNOWN_AS, slot_id, proposal.calendar_uid, proposal.calendar_sequence)
            return slot.model_dump(mode="json")

        return Slot.model_validate(await self._effects.once(key, proposal.now, write))

    async def choose(self, choice: SlotChoice) -> Slot:
        """Make a held slot the chosen one, and let go of the case's others for the same visit; once for each key.

        A repeat is answered as the first was, also when the visit is over by then. Raises SlotGone when the case does
        not hold the slot.
        """
        case, slot_id = choice.key.case, choice.slot_id

        async def write(connection: asyncpg.Connection) -> JsonValue:
            row = await connection.fetchrow(_CHOOSE, slot_id, case, choice.calendar_uid, choice.calendar_sequence)
            if row is None:
                raise SlotGone(f"Slot {slot_id} is not held by case {case} any more: offer new slots.")
            subject, technician, start, end = row
            return _chosen(slot_id, Span(start, end), technician, subject).model_dump(mode="json")

        return Slot.model_validate(await self._effects.once(choice.key, choice.now, write))

    async def release(self, case: str, state: Released, slot_ids: Sequence[str]) -> int:
        """Free those slots of the case, of whatever round, and say why; answers with how many were held.

        An attempt that comes late frees what it names, and never an offer that was made since.
        """
        released: int = await self._pool.fetchval(_RELEASE, case, state, slot_ids)
        return released

    async def finish(self, slot_id: str) -> None:
        """The visit took place: its slot stays as a record, and holds nothing."""
        await self._pool.execute(_FINISH, slot_id)


async def let_all_go(connection: asyncpg.Connection, case: str) -> None:
    """Free every slot that the case holds, in the caller's transaction."""
    await connection.execute(_LET_ALL_GO, case)


def _chosen(slot_id: str, span: Span, technician: str | None, subject: Subject) -> Slot:
    start, end = span
    return Slot(slot_id=slot_id, start=start, end=end, state=SlotState.CHOSEN, technician=technician, subject=subject)


def _refuse_what_is_taken(availability: Availability, span: Span) -> None:
    objection = availability.objection(span)
    if objection is not None:
        raise SlotTaken(objection)


async def _hold(
    connection: asyncpg.Connection, visit: SlotSearch | SlotProposal, slot: Slot, held_until: datetime
) -> None:
    what = (visit.key.case, visit.key.round, visit.key.step, slot.subject)
    where = (visit.site, visit.room, slot.technician)
    try:
        await connection.execute(_HOLD, slot.slot_id, *what, *where, slot.start, slot.end, slot.state, held_until)
    except asyncpg.ExclusionViolationError as conflict:
        who = f"technician {slot.technician}" if "technician" in conflict.constraint_name else f"room {visit.room}"
        raise SlotTaken(f"{who} is taken between {slot.start} and {slot.end}") from None
