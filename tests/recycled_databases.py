"""Databases that are used again: emptied and filled as they were at first, in a fraction of the time of a copy."""

import io
from dataclasses import dataclass

import asyncpg

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"

_SHAPE = """
select md5(string_agg(thing, E'\\n' order by thing)) from (
    select concat('column ', table_name, column_name, data_type, is_nullable, column_default) as thing
    from information_schema.columns where table_schema = 'public'
    union all
    select concat('trigger ', tgname, tgrelid::regclass) from pg_trigger where not tgisinternal
    union all
    select concat('constraint ', conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace
    union all
    select concat('relation ', relname, relkind) from pg_class where relnamespace = 'public'::regnamespace
    union all
    select concat('function ', proname, prosrc) from pg_proc where pronamespace = 'public'::regnamespace
) as things
"""

_SEND_THE_OTHERS_AWAY = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Contents:
    """What a database holds: its shape, as a fingerprint, and the rows of each table."""

    shape: str
    rows: dict[str, bytes]


async def contents_of(url: str) -> Contents:
    """Everything in a database."""
    connection = await asyncpg.connect(url)
    try:
        rows: dict[str, bytes] = {}
        for record in await connection.fetch(_TABLES):
            copied = io.BytesIO()
            await connection.copy_from_table(record["tablename"], output=copied, format="binary")
            rows[record["tablename"]] = copied.getvalue()
        return Contents(await connection.fetchval(_SHAPE), rows)
    finally:
        await connection.close()


async def restored(url: str, contents: Contents) -> bool:
    """Fill the database as it was, whoever is still connected; False when its shape is another one now."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_SEND_THE_OTHERS_AWAY)
        if await connection.fetchval(_SHAPE) != contents.shape:
            return False
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")  # no triggers, in any order
            await connection.execute("".join(f'delete from "{table}";' for table in contents.rows))
            for table, rows in contents.rows.items():
                await connection.copy_to_table(table, source=io.BytesIO(rows), format="binary")
        return True
    finally:
        await connection.close()
