"""What a case learns from the registry when it opens (R14)."""

from datetime import date

import asyncpg
import pytest

from database.registry import Registry
from domain.registry import Category, Service
from tests.database.registry_files import RegistryFiles

JUNE = date(2026, 6, 8)
PARIS_ENDPOINT = "FOC2735Y3TT"
NO_CONTRACT = "FDO2720A6CW"
EXPIRED = "821518170AADCV"
RENEWED = "CTR-2026-0001"


@pytest.fixture
def registry(shared_pool: asyncpg.Pool) -> Registry:
    return Registry(shared_pool)


async def add_contract(pool: asyncpg.Pool, reference: str, starts_on: date, ends_on: date) -> None:
    """A second contract for EXPIRED, like its first but for the dates."""
    await pool.execute(
        "insert into contracts (reference, customer, starts_on, ends_on, services, terms)"
        " select $1, customer, $2, $3, services, terms from contracts where reference = 'CTR-2021-0093'",
        reference,
        starts_on,
        ends_on,
    )
    await pool.execute("insert into coverage values ($1, $2, 'VILLEMONT')", EXPIRED, reference)


async def contract_on(registry: Registry, day: date) -> str | None:
    record = await registry.find(EXPIRED, day)
    assert record is not None
    return record.contract.reference if record.contract else None


async def test_every_serial_number_of_the_sample_is_found(registry: Registry, sample: RegistryFiles) -> None:
    for row in sample.rows("equipment.csv"):
        record = await registry.find(row["serial_number"], JUNE)
        assert record is not None, row
        assert record.equipment.serial_number == row["serial_number"]
        assert (record.equipment.type, record.site.code) == (row["type"], row["site"])
        assert record.equipment.configuration


async def test_a_record_says_everything_of_a_piece_of_equipment(registry: Registry) -> None:
    record = await registry.find(PARIS_ENDPOINT, JUNE)
    assert record is not None
    assert record.equipment.category is Category.ENDPOINT
    assert (record.customer, record.customer_name) == ("BRUNEL", "Groupe Brunel Ingénierie")
    assert (record.equipment.room, record.site.calendar.tz) == ("BRU-PAR-CONSEIL", "Europe/Paris")
    assert (record.vendor.code, record.vendor.calendar.tz) == ("CISCO", "Europe/Brussels")
    assert record.contract is not None
    assert Service.CURATIVE in record.contract.services
    microphones = [line for line in record.equipment.configuration if line.article.reference == "CTS-MIC-TABL60"]
    assert [line.quantity for line in microphones] == [3]
    assert record.provider_calendar.holidays_zone == "Métropole"


@pytest.mark.parametrize("serial_number", ["UNKNOWN-1", "", "\x00"])
async def test_an_unknown_serial_number_is_not_found(registry: Registry, serial_number: str) -> None:
    assert await registry.find(serial_number, JUNE) is None


async def test_equipment_without_contract_has_none(registry: Registry) -> None:
    record = await registry.find(NO_CONTRACT, JUNE)
    assert record is not None
    assert record.contract is None


async def test_an_expired_contract_is_told_so_that_the_case_can_say_why_not(registry: Registry) -> None:
    assert await contract_on(registry, JUNE) == "CTR-2021-0093"


async def test_the_contract_in_force_on_the_day_counts(pool: asyncpg.Pool) -> None:
    registry = Registry(pool)
    await add_contract(pool, RENEWED, date(2026, 1, 1), date(2026, 12, 31))
    await add_contract(pool, "CTR-2028-0001", date(2028, 1, 1), date(2028, 12, 31))
    assert await contract_on(registry, date(2024, 12, 31)) == "CTR-2021-0093"
    assert await contract_on(registry, date(2026, 1, 1)) == RENEWED
    assert await contract_on(registry, date(2026, 12, 31)) == RENEWED
    assert await contract_on(registry, date(2027, 1, 1)) == "CTR-2028-0001"


async def test_a_site_tells_what_decides_a_promise_there(registry: Registry) -> None:
    record = await registry.site("AUS-FDF", JUNE)
    assert record is not None
    assert (record.site.calendar.tz, record.provider_calendar.tz) == ("America/Martinique", "Europe/Paris")
    assert record.contract is not None
    assert record.contract.terms.transit_days[record.site.delivery_zone] == 3
    assert await registry.site("NOWHERE", JUNE) is None


async def test_the_contract_that_covers_equipment_at_the_site_comes_first(
    pool: asyncpg.Pool,
) -> None:
    await pool.execute(
        "insert into contracts (reference, customer, starts_on, ends_on, services, terms)"
        " select 'CTR-LONGER', customer, starts_on, '2040-12-31', services, terms"
        " from contracts where reference = 'CTR-2024-0144'"
    )
    record = await Registry(pool).site("AUS-FDF", JUNE)
    assert record is not None
    assert record.contract is not None
    assert record.contract.reference == "CTR-2024-0144"


async def test_all_sites_are_listed(registry: Registry, sample: RegistryFiles) -> None:
    assert {site.code for site in await registry.sites()} == {row["code"] for row in sample.rows("sites.csv")}
