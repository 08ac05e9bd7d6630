"""A registry for a crowd: many pieces of equipment in five rooms, ten technicians, three loan units."""

import asyncpg

PIECES_IN_STOCK = 40

_CROWD = """
update technicians set region = 'elsewhere';
insert into technicians (code, name, email, skills, region)
select 'T-' || n, 'Technician ' || n, 't' || n || '@provider.example', '{cisco}', 'ile_de_france'
from generate_series(1, 10) n;
insert into rooms (code, site, name) select 'CROWD-' || n, 'BRU-PAR', 'Salle ' || n from generate_series(1, 5) n;
delete from loan_units;
insert into loan_units (serial_number, type, location)
select 'LOAN-' || n, 'Cisco Webex Codec Plus', 'DEPOT-PARIS' from generate_series(1, 3) n;
update stock set quantity = 0;
"""
_STOCK = "update stock set quantity = $1 where article = 'CS-PWR-CDC' and location = 'DEPOT-PARIS'"

_EQUIPMENT = """
with equipped as (
    insert into equipment (serial_number, type, customer, site, room, software_version)
    select 'CROWD-' || n, 'Cisco Webex Codec Plus', 'BRUNEL', 'BRU-PAR', 'CROWD-' || (n % 5 + 1), 'RoomOS 10.19'
    from generate_series(1, $1::integer) n
    returning serial_number, customer
), line as (
    insert into configuration_lines (serial_number, article, quantity)
    select serial_number, 'CS-PWR-CDC', 1 from equipped
)
insert into coverage (serial_number, contract, customer)
select serial_number, 'CTR-2024-0112', customer from equipped
"""


_WATCH = """
create table watched (
    thing text, holder text, starts_at timestamptz, ends_at timestamptz,
    since timestamptz default clock_timestamp(), until timestamptz default 'infinity'
);
create function watch_slot() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into watched values (new.room, new.slot_id, new.starts_at, new.ends_at),
                                   (new.technician, new.slot_id, new.starts_at, new.ends_at);
    elsif new.state not in ('offered', 'chosen') then
        update watched set until = least(until, clock_timestamp()) where holder = new.slot_id;
    end if;
    return null;
end $$;
create trigger watch after insert or update on visit_slots for each row execute function watch_slot();
create function watch_loan() returns trigger language plpgsql as $$
declare name text := new.case_reference || new.round || new.step;
begin
    if new.unit is not null and old.unit is null then
        insert into watched values (new.unit, name, '-infinity', 'infinity');
    elsif new.state in ('returned', 'called_off', 'lost') then
        update watched set until = least(until, clock_timestamp()) where holder = name;
    end if;
    return null;
end $$;
create trigger watch after update on loans for each row execute function watch_loan();
"""

_HELD_TWICE = """
select one.thing, one.holder, other.holder as other, one.since, one.until
from watched one join watched other on one.thing = other.thing and one.holder < other.holder
    and one.starts_at < other.ends_at and one.ends_at > other.starts_at
    and one.since < other.until and one.until > other.since
"""


async def held_twice(pool: asyncpg.Pool) -> list[asyncpg.Record]:
    """What two had at the same time: a room, a technician, a loan unit. As watched from outside, by wall time."""
    found: list[asyncpg.Record] = await pool.fetch(_HELD_TWICE)
    return found


async def make_room_for_a_crowd(pool: asyncpg.Pool, size: int) -> list[str]:
    """Put `size` pieces of equipment into the rooms; their serial numbers."""
    await pool.execute(_CROWD)
    await pool.execute(_WATCH)
    await pool.execute(_STOCK, PIECES_IN_STOCK)
    await pool.execute(_EQUIPMENT, size)
    return [f"CROWD-{number}" for number in range(1, size + 1)]
