"""What must never be in the database is refused by the database itself."""

import asyncpg
import pytest

CHECK, FOREIGN_KEY = asyncpg.CheckViolationError, asyncpg.ForeignKeyViolationError


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("update equipment set serial_number = 'lower-case'", CHECK),
        ("update equipment set serial_number = '-8L'", CHECK),
        ("update contracts set ends_on = starts_on - 1", CHECK),
        ("update contracts set services = '{}'", CHECK),
        ("update contracts set services = '{gardening}'", CHECK),
        ("update contracts set terms = terms - 'software_reading'", CHECK),
        ("update contracts set terms = terms - 'transit_days'", CHECK),
        ("update calendars set spec = spec - 'tz'", CHECK),
        ("update stock set quantity = -1", CHECK),
        ("update configuration_lines set quantity = 0", CHECK),
        ("insert into provider values (false, 'Another', 'PROVIDER')", CHECK),
        ("insert into provider values (true, 'Another', 'PROVIDER')", asyncpg.UniqueViolationError),
        ("update coverage set contract = 'CTR-2024-0127' where contract = 'CTR-2024-0112'", FOREIGN_KEY),
        ("update equipment set room = 'BRU-LIL-101' where site = 'BRU-PAR'", FOREIGN_KEY),
        ("update equipment set customer = 'ALSAVIE' where site = 'BRU-PAR'", FOREIGN_KEY),
        ("delete from articles", FOREIGN_KEY),
        ("update equipment set replaced_by = serial_number, removed_at = '2026-06-08Z'", CHECK),
        ("update equipment set removed_at = '2026-06-08Z'", CHECK),
    ],
)
async def test_the_database_refuses(shared_pool: asyncpg.Pool, statement: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await shared_pool.execute(statement)
