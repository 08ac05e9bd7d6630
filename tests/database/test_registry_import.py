"""Loading a registry: all of it or nothing; again and again; and what changes is what changed."""

import asyncio
from datetime import date

import asyncpg
import pytest

from database.registry import Registry
from database.registry_import import (
    SAMPLE_DIRECTORY,
    FileSummary,
    RegistryErrors,
    import_directory,
    load_sample_if_empty,
)
from tests.database.registry_files import RegistryFiles

JUNE = date(2026, 6, 8)


async def summary_of(pool: asyncpg.Pool, sample: RegistryFiles, file: str) -> FileSummary:
    summary = await import_directory(pool, sample.directory)
    (found,) = [one for one in summary.files if one.file == file]
    return found


async def empty_registry(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "truncate calendars, customers, vendors, articles, equipment_types, locations, technicians cascade"
    )


async def test_a_registry_is_loaded_into_an_empty_database(pool: asyncpg.Pool) -> None:
    await empty_registry(pool)
    summary = await import_directory(pool, SAMPLE_DIRECTORY)
    assert all(file.added and not (file.changed or file.unchanged or file.removed) for file in summary.files)


async def test_importing_again_changes_nothing(pool: asyncpg.Pool) -> None:
    summary = await import_directory(pool, SAMPLE_DIRECTORY)
    assert all(file.unchanged and not (file.added or file.changed or file.removed) for file in summary.files)


async def test_nothing_is_loaded_when_a_line_is_wrong(pool: asyncpg.Pool, sample: RegistryFiles) -> None:
    sample.append("customers.csv", code="NEW", name="New customer")
    sample.set("stock.csv", 2, quantity="many")
    with pytest.raises(RegistryErrors):
        await import_directory(pool, sample.directory)
    assert not await pool.fetchval("select exists (select from customers where code = 'NEW')")


async def test_what_was_added_and_changed_is_counted_file_by_file(pool: asyncpg.Pool, sample: RegistryFiles) -> None:
    sample.append("customers.csv", code="NEW", name="New customer")
    sample.set("customers.csv", 2, name="Brunel SA")
    summary = await summary_of(pool, sample, "customers.csv")
    assert (summary.added, summary.changed, summary.unchanged) == (1, 1, 5)


async def test_a_line_that_is_not_listed_any_more_is_left_as_it_is(pool: asyncpg.Pool, sample: RegistryFiles) -> None:
    sample.remove("technicians.csv", 2)
    summary = await summary_of(pool, sample, "technicians.csv")
    assert (summary.unchanged, summary.removed) == (8, 0)
    assert await pool.fetchval("select count(*) from technicians") == 9


async def test_the_configuration_of_equipment_is_what_its_lines_say(pool: asyncpg.Pool, sample: RegistryFiles) -> None:
    """R7: what belongs to the configuration is never excluded, so that no line of an old one may stay."""
    gone = sample.rows("configuration_lines.csv")[0]
    sample.remove("configuration_lines.csv", 2)
    assert (await summary_of(pool, sample, "configuration_lines.csv")).removed == 1
    record = await Registry(pool).find(gone["serial_number"], JUNE)
    assert record is not None
    assert gone["article"] not in {line.article.reference for line in record.equipment.configuration}


async def test_a_room_and_its_equipment_move_to_another_site_together(
    pool: asyncpg.Pool, sample: RegistryFiles
) -> None:
    line = sample.line_of("equipment.csv", room="BRU-LIL-101")
    serial_number = sample.rows("equipment.csv")[line - 2]["serial_number"]
    sample.set("equipment.csv", line, site="BRU-PAR")
    sample.set("rooms.csv", sample.line_of("rooms.csv", code="BRU-LIL-101"), site="BRU-PAR")
    await import_directory(pool, sample.directory)
    record = await Registry(pool).find(serial_number, JUNE)
    assert record is not None
    assert (record.site.code, record.equipment.room) == ("BRU-PAR", "BRU-LIL-101")


async def test_files_that_contradict_what_only_the_registry_knows_are_refused(
    pool: asyncpg.Pool, sample: RegistryFiles
) -> None:
    line = sample.line_of("equipment.csv", room="BRU-LIL-101")
    serial_number = sample.rows("equipment.csv")[line - 2]["serial_number"]
    for file in ("equipment.csv", "coverage.csv", "configuration_lines.csv"):
        for number in reversed(sample.lines_of(file, serial_number=serial_number)):
            sample.remove(file, number)
    sample.set("rooms.csv", sample.line_of("rooms.csv", code="BRU-LIL-101"), site="BRU-PAR")
    with pytest.raises(RegistryErrors, match=r"table equipment: it contradicts"):
        await import_directory(pool, sample.directory)
    assert await pool.fetchval("select site from rooms where code = 'BRU-LIL-101'") == "BRU-LIL"


async def test_imports_at_the_same_time_wait_for_each_other(pool: asyncpg.Pool, sample: RegistryFiles) -> None:
    sample.append("customers.csv", code="NEW", name="New customer")
    summaries = await asyncio.gather(*[import_directory(pool, sample.directory) for _ in range(3)])
    assert sum(file.added for summary in summaries for file in summary.files) == 1


async def test_the_sample_is_loaded_once_and_only_into_an_empty_registry(pool: asyncpg.Pool) -> None:
    assert not await load_sample_if_empty(pool)
    await empty_registry(pool)
    assert sorted(await asyncio.gather(*[load_sample_if_empty(pool) for _ in range(3)])) == [False, False, True]
