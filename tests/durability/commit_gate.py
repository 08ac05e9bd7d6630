"""A gate in PostgreSQL at which the writes of chosen cases wait with their commit.

So the writes of many cases can be made to happen in one moment, of the test's choice.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.durability.waiting import until

TABLES = ("orders", "visit_slots", "cases", "stock_reservations", "loans", "effects")

_WAIT = """
create function wait_at_the_gate() returns trigger language plpgsql as $$
declare reference text := coalesce(to_jsonb(new) ->> 'case_reference', to_jsonb(new) ->> 'reference');
begin
    perform pg_advisory_xact_lock_shared(hashtext(tg_table_name), hashtext(reference));
    return null;
end;
$$
"""

_STAND_AT = """
create constraint trigger gate after insert or update on {table}
deferrable initially deferred for each row execute function wait_at_the_gate()
"""

# A lock of two keys is a gate; the counter of the loan pool, at which one waits for the other, has one key.
_WAITING = """
select count(distinct (classid, objid)) filter (where objsubid = 2) as at_the_gates,
       count(*) filter (where objsubid = 1) as at_the_counter
from pg_locks join pg_database on pg_database.oid = pg_locks.database
where locktype = 'advisory' and not granted and datname = current_database()
"""

# What waits for a table that the test has locked was never at the gate.
_WRITING = """
select count(*) from pg_stat_activity
where application_name = 'curative' and datname = current_database()
  and state <> 'idle' and wait_event is distinct from 'relation'
"""


class CommitGate:
    """One connection that holds the gate shut; whatever it held is open again once it is closed."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._shut = 0

    async def shut(self, table: str, reference: str) -> None:
        """From now on a write of that case to that table waits with its commit."""
        await self._connection.execute("select pg_advisory_lock(hashtext($1), hashtext($2))", table, reference)
        self._shut += 1

    async def all_wait(self, *, at_the_counter: int = 0) -> None:
        """Until a write waits at every gate that is shut, and so many behind one of them, at the loan counter."""

        async def at_every_gate() -> bool:
            return tuple(await self._connection.fetchrow(_WAITING)) == (self._shut, at_the_counter)

        await until(at_every_gate, f"{self._shut} writes wait at the gate, {at_the_counter} at the counter")

    async def open(self) -> None:
        """Let every write go on, and wait until all of them are committed."""
        await self._connection.execute("select pg_advisory_unlock_all()")
        self._shut = 0

        async def all_is_written() -> bool:
            return bool(await self._connection.fetchval(_WRITING) == 0)

        await until(all_is_written, "all that waited at the gate is committed")


@asynccontextmanager
async def commit_gate(database_url: str) -> AsyncIterator[CommitGate]:
    """The gate of a database of the test's own."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_WAIT)
        for table in TABLES:
            await connection.execute(_STAND_AT.format(table=table))
        yield CommitGate(connection)
    finally:
        await connection.close()
