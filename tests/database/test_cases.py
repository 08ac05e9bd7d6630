"""The read model: versions, journal, lists, recurrence."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from database.cases import CaseFilter, CaseStore, CaseWrite
from database.exchange import exchange
from domain.entitlement import PastCase
from domain.promises import PromiseKind, PromiseState, WarningMark
from domain.view import CaseView, PromiseView
from tests.database.case_writes import COVERAGE, MONDAY, REFERENCE, SERIAL_NUMBER, closed_view, line, view, write


@pytest.fixture
def cases(pool: asyncpg.Pool) -> CaseStore:
    return CaseStore(pool)


def promise(state: PromiseState) -> PromiseView:
    return PromiseView(
        id="level_1_answer.1",
        name="level_1_answer",
        kind=PromiseKind.INTERNAL,
        round=1,
        started_at=MONDAY,
        due_at=MONDAY + timedelta(hours=1),
        state=state,
        ended_at=None,
        paused_seconds=0,
        warnings=(WarningMark(point="50%", due_at=MONDAY + timedelta(minutes=30)),),
    )


async def stage_of(cases: CaseStore) -> object:
    found = await cases.find(REFERENCE)
    assert found is not None
    return found["stage"]


async def test_a_written_case_is_found_by_reference_workflow_id_and_serial_number(cases: CaseStore) -> None:
    await cases.record(write(1, line(1)))
    for name in (REFERENCE, " cm-7k3q-9xtb ", f"curative-{SERIAL_NUMBER}", SERIAL_NUMBER, SERIAL_NUMBER.lower()):
        found = await cases.find(name)
        assert found is not None, name
        assert found["reference"] == REFERENCE


async def test_an_unknown_case_is_not_found(cases: CaseStore) -> None:
    assert await cases.find("CM-0000-0000") is None
    assert await cases.find("\x00") is None


async def test_a_case_is_found_by_the_serial_number_that_it_installed_and_by_one_that_came_before(
    cases: CaseStore, pool: asyncpg.Pool
) -> None:
    await cases.record(write(1))
    async with pool.acquire() as connection:
        for removed, installed in (
            (SERIAL_NUMBER, "FOC-NEW-1"),
            ("FDO2535EDY0", "FOC-OTHER"),
            ("FOC-NEW-1", "FOC-NEW-2"),
        ):
            await exchange(connection, removed, installed, MONDAY)
    for name in ("FOC-NEW-1", " foc-new-2 "):
        found = await cases.find(name)
        assert found is not None, name
        assert found["reference"] == REFERENCE
    assert await cases.find("FOC-OTHER") is None
    assert await cases.find("curative-FOC-NEW-1") is None


async def test_the_newest_of_several_cases_of_one_equipment_is_found(cases: CaseStore) -> None:
    await cases.record(write(reference="CM-0000-0002", opened_at=MONDAY + timedelta(days=2)))
    await cases.record(write(reference="CM-0000-0001", opened_at=MONDAY + timedelta(days=1)))
    found = await cases.find(SERIAL_NUMBER)
    assert found is not None
    assert found["reference"] == "CM-0000-0002"


async def test_a_newer_version_replaces_the_case(cases: CaseStore) -> None:
    await cases.record(write(1))
    await cases.record(write(2, stage="remote_diagnosis"))
    assert await stage_of(cases) == "remote_diagnosis"


async def test_a_write_with_an_older_version_changes_neither_case_nor_promises(
    cases: CaseStore, pool: asyncpg.Pool
) -> None:
    await cases.record(write(2, stage="remote_diagnosis", promises=(promise(PromiseState.MET),)))
    await cases.record(write(1, stage="registered", promises=(promise(PromiseState.RUNNING),)))
    assert await stage_of(cases) == "remote_diagnosis"
    assert await pool.fetchval("select state from promises") == "met"


async def test_journal_lines_of_writes_that_cross_are_all_kept(cases: CaseStore) -> None:
    await cases.record(write(2, line(2)))
    await cases.record(write(1, line(1)))
    assert [kept.sequence for kept in await cases.journal(REFERENCE)] == [1, 2]


async def test_repeating_a_write_changes_nothing(cases: CaseStore, pool: asyncpg.Pool) -> None:
    repeated = write(1, line(1), promises=(promise(PromiseState.RUNNING),))
    await asyncio.gather(*[cases.record(repeated) for _ in range(5)])
    counts = "select (select count(*) from cases), (select count(*) from journal), (select count(*) from promises)"
    assert tuple(await pool.fetchrow(counts)) == (1, 1, 1)


async def test_a_line_that_is_in_the_journal_stays_as_it_was_written(cases: CaseStore) -> None:
    await cases.record(write(1, line(1, "first")))
    await cases.record(write(2, line(1, "rewritten")))
    assert [kept.text for kept in await cases.journal(REFERENCE)] == ["first"]


@pytest.mark.parametrize("statement", ["update journal set text = ''", "delete from journal", "truncate journal"])
async def test_the_journal_is_append_only(cases: CaseStore, pool: asyncpg.Pool, statement: str) -> None:
    await cases.record(write(1, line(1)))
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await pool.execute(statement)


async def test_a_found_case_shows_the_newest_hundred_lines_in_order(cases: CaseStore) -> None:
    await cases.record(write(1, *[line(sequence) for sequence in range(1, 131)]))
    found = CaseView.model_validate(await cases.find(REFERENCE))
    assert [shown.sequence for shown in found.journal] == list(range(31, 131))


async def test_a_journal_line_comes_back_as_it_was_written(cases: CaseStore) -> None:
    await cases.record(write(1, line(1)))
    assert list(await cases.journal(REFERENCE)) == [line(1)]


async def test_nothing_is_written_when_a_part_is_refused(cases: CaseStore) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await cases.record(write(1, line(1), line(0)))
    assert await cases.find(REFERENCE) is None


async def test_a_closed_case_says_how_it_ended(cases: CaseStore) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await cases.record(write(1, stage="closed", closed_at=MONDAY))


async def test_a_list_is_filtered_by_every_field_that_is_given(cases: CaseStore) -> None:
    await cases.record(write(reference="CM-0000-0001", customer="BRUNEL", waiting_for="vendor", owner="M. Roy"))
    await cases.record(write(reference="CM-0000-0002", customer="BRUNEL", promise_state="breached", stage="shipment"))
    await cases.record(CaseWrite(version=1, view=closed_view("CM-0000-0003", MONDAY)))

    async def listed(**fields: object) -> set[str]:
        return {row.reference for row in await cases.list(CaseFilter.model_validate(fields))}

    assert await listed() == {"CM-0000-0001", "CM-0000-0002", "CM-0000-0003"}
    assert await listed(open_only=True) == {"CM-0000-0001", "CM-0000-0002"}
    assert await listed(customer="BRUNEL", waiting_for="vendor") == {"CM-0000-0001"}
    assert await listed(promise_state="breached") == {"CM-0000-0002"}
    assert await listed(stage="shipment") == {"CM-0000-0002"}
    assert await listed(owner="M. Roy", customer="ALSAVIE") == set()


async def test_a_list_begins_with_what_is_due_next(cases: CaseStore) -> None:
    await cases.record(write(reference="CM-0000-0001", next_due_at=None))
    await cases.record(write(reference="CM-0000-0002", next_due_at=MONDAY + timedelta(hours=2)))
    await cases.record(write(reference="CM-0000-0003", next_due_at=MONDAY + timedelta(hours=1)))
    await cases.record(CaseWrite(version=1, view=closed_view("CM-0000-0004", MONDAY)))
    rows = await cases.list(CaseFilter(), limit=3)
    assert [row.reference for row in rows] == ["CM-0000-0003", "CM-0000-0002", "CM-0000-0001"]


def closed(reference: str, closed_at: datetime, outcome: str = "restored", **changes: object) -> CaseWrite:
    """The last write of a case that ran under a coverage."""
    shown = closed_view(reference, closed_at, outcome).model_copy(update=changes)
    return CaseWrite(version=2, view=shown, coverage=COVERAGE)


async def test_the_case_of_the_equipment_that_closed_last_is_the_one_that_recurs(cases: CaseStore) -> None:
    for day, reference in enumerate(("CM-0000-0001", "CM-0000-0003", "CM-0000-0002")):
        await cases.record(closed(reference, MONDAY + timedelta(days=day), customer="BRUNEL", site="BRU-PAR"))
    last = await cases.last_closed([SERIAL_NUMBER, "OTHER"])
    assert last == PastCase(
        reference="CM-0000-0002",
        customer="BRUNEL",
        site="BRU-PAR",
        closed_at=MONDAY + timedelta(days=2),
        coverage=COVERAGE,
    )
    assert await cases.last_closed(["OTHER"]) is None


@pytest.mark.parametrize("outcome", ["rejected", "moved", "cancelled"])
async def test_nothing_recurs_from_a_case_that_mended_nothing(cases: CaseStore, outcome: str) -> None:
    await cases.record(closed(REFERENCE, MONDAY, outcome))
    assert await cases.last_closed([SERIAL_NUMBER]) is None


async def test_nothing_recurs_from_a_case_that_is_open_or_whose_coverage_is_not_known(cases: CaseStore) -> None:
    await cases.record(CaseWrite(version=1, view=view("CM-0000-0001"), coverage=COVERAGE))
    await cases.record(CaseWrite(version=1, view=closed_view("CM-0000-0002", MONDAY)))
    assert await cases.last_closed([SERIAL_NUMBER]) is None


async def test_a_coverage_stays_until_another_is_written(cases: CaseStore) -> None:
    await cases.record(CaseWrite(version=1, view=view(), coverage=COVERAGE))
    await cases.record(CaseWrite(version=3, view=closed_view(REFERENCE, MONDAY)))
    last = await cases.last_closed([SERIAL_NUMBER])
    assert last is not None
    assert last.coverage == COVERAGE


async def test_a_case_is_open_for_others_once_it_was_found_to_be_entitled(cases: CaseStore) -> None:
    assert await cases.open_case([SERIAL_NUMBER]) is None
    await cases.record(write(1))
    assert await cases.open_case([SERIAL_NUMBER]) is None
    await cases.record(write(2, stage="remote_diagnosis"))
    assert await cases.open_case(["OTHER", SERIAL_NUMBER]) == SERIAL_NUMBER
    await cases.record(closed(REFERENCE, MONDAY).model_copy(update={"version": 3}))
    assert await cases.open_case([SERIAL_NUMBER]) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("nul \x00", "nul \\u0000"),
        ("lone \ud83d", "lone \\ud83d"),
        ("emoji 📹 é", "emoji 📹 é"),
        ('it\'s \\u0041 "quoted" {}', 'it\'s \\u0041 "quoted" {}'),
    ],
    ids=["nul", "surrogate", "emoji", "quotes"],
)
async def test_whatever_a_user_typed_is_written(cases: CaseStore, typed: str, stored: str) -> None:
    await cases.record(CaseWrite(version=1, view=view(symptom=typed, owner=typed), journal=(line(1, typed),)))
    found = await cases.find(REFERENCE)
    assert found is not None
    assert (found["symptom"], found["owner"]) == (stored, stored)
    assert [kept.text for kept in await cases.journal(REFERENCE)] == [stored]
    assert [row.owner for row in await cases.list(CaseFilter(owner=typed))] == [stored]
