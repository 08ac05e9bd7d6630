"""A gate in PostgreSQL at which the writes of chosen cases wait with their commit.

A worker that is killed while its write waits there has written and will never know: the gate opens, PostgreSQL
commits, and nobody hears the answer.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.durability.waiting import until

TABLES = ("vendor_requests", "orders", "visit_slots", "cases")

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

_WAITING = """
select count(distinct (classid, objid))
from pg_locks join pg_database on pg_database.oid = pg_locks.database
where locktype = 'advisory' and not granted and datname = current_database()
"""

_WORKERS = """
select count(*) from pg_stat_activity where application_name = 'curative' and datname = current_database()
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

    async def all_wait(self) -> None:
        """Until a write waits at every gate that is shut."""

        async def at_every_gate() -> bool:
            return bool(await self._connection.fetchval(_WAITING) == self._shut)

        await until(at_every_gate, f"{self._shut} writes wait at the gate")

    async def open(self) -> None:
        """Let every write go on, and wait until the sessions of workers that were killed have committed and ended."""
        await self._connection.execute("select pg_advisory_unlock_all()")
        self._shut = 0

        async def nobody_is_left() -> bool:
            return bool(await self._connection.fetchval(_WORKERS) == 0)

        await until(nobody_is_left, "the sessions of the killed workers end")


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
