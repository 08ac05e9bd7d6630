"""The page of stages says what the workflow does: every word at every stage, no blank cell.

`WRITE_PAGES=1 pytest tests/engine/test_stages_page.py` writes the page anew.
"""

import asyncio
import os
from itertools import count
from pathlib import Path

import asyncpg

from config.settings import Settings
from tests.engine.case_on_engine import CaseOnEngine
from tests.engine.own_equipment import copied_equipment
from tests.engine.stages_page import PAGE, STAGES, WORDS, Said, is_refused, page, row
from tests.workflows.case_story import paris
from tests.workflows.sample import PARIS_BRIDGE
from worker import registrations

_MORE = """
with more as (select generate_series(1, 60) as number)
, technicians as (
    insert into technicians (code, name, email, skills, region)
    select 'T-' || number, 'Technician ' || number, 't' || number || '@provider.example',
           array['cisco', 'infrastructure'], case number % 3 when 0 then 'hauts_de_france' else 'ile_de_france' end
    from more
)
insert into loan_units (serial_number, type, location)
select 'LOAN' || number, equipment.type, 'DEPOT-PARIS' from more, equipment where serial_number = $1
"""
"""People and units enough, so that no case stands in another's way."""

_FREE = (
    "update visit_slots set state = 'declined' where case_reference = $1 and state in ('offered', 'chosen')",
    "delete from loans where case_reference = $1",
)


async def test_no_cell_of_the_page_is_blank_and_each_says_what_the_workflow_does(
    pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await pool.execute(_MORE, PARIS_BRIDGE)
    await pool.execute("delete from activation_keys")  # what is at fault waits for a key of the vendor
    told = page(await _rows(pool, Settings(data_dir=tmp_path)))
    if os.environ.get("WRITE_PAGES"):
        PAGE.write_text(told, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == told


async def _rows(pool: asyncpg.Pool, settings: Settings) -> dict[str, list[str]]:
    numbers = count(1)

    async def of_the_stage(stage: str) -> list[str]:
        rows: list[str] = []
        case: CaseOnEngine | None = None
        for said in WORDS:
            case = case or await _case_at(pool, settings, next(numbers), stage)
            rows.append(await row(case, said, await _other(pool, said, next(numbers))))
            if not is_refused(rows[-1]):  # what is refused changes nothing: the next word finds the case as it was
                await _let_go(pool, case)
                case = None
        return rows

    told = await asyncio.gather(*map(of_the_stage, STAGES))
    return dict(zip(STAGES, told, strict=True))


async def _case_at(pool: asyncpg.Pool, settings: Settings, number: int, stage: str) -> CaseOnEngine:
    """A case of its own, with equipment of its own, at that stage."""
    serial_number = await copied_equipment(pool, PARIS_BRIDGE, f"-{number}")
    case = await CaseOnEngine.open(
        lambda messenger: registrations(pool, settings, messenger)[1],
        serial_number,
        paris("tue 11 09:00"),
        seed=number,  # a reference of its own
    )
    await STAGES[stage](case)
    await case.engine.run_until_idle()
    return case


async def _other(pool: asyncpg.Pool, said: Said, number: int) -> str:
    return await copied_equipment(pool, PARIS_BRIDGE, f"-{number}") if said.kind == "correction" else ""


async def _let_go(pool: asyncpg.Pool, case: CaseOnEngine) -> None:
    for statement in _FREE:
        await pool.execute(statement, (await case.view())["reference"])
    await case.engine.close()
