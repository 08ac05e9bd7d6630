"""The catalogue of articles, and what belongs to a piece of equipment (R7)."""

from collections.abc import Iterable

import asyncpg
from pydantic import BaseModel, ConfigDict

from database.lineage import lineage
from domain.registry import Article, ConfigurationLine

_EXTRACT = """
select
    type.name as equipment_type,
    (select coalesce(jsonb_agg(to_jsonb(known) - 'vendor'), '[]')
     from articles known
     where upper(known.reference) in (select jsonb_array_elements_text($2))) as articles,
    (select coalesce(jsonb_agg(jsonb_build_object(
                'quantity', line.quantity, 'article', to_jsonb(known) - 'vendor')), '[]')
     from configuration_lines line join articles known on known.reference = line.article
     where line.serial_number = equipment.serial_number) as configuration
from equipment join equipment_types type on type.name = equipment.type
where equipment.serial_number = $1
"""


class UnknownEquipment(Exception):
    """The registry does not know the serial number; import it, or correct the case."""


class CatalogueExtract(BaseModel):
    """What decides on the defective articles of one piece of equipment."""

    model_config = ConfigDict(frozen=True)

    equipment_type: str
    configuration: tuple[ConfigurationLine, ...]
    articles: tuple[Article, ...]


class Catalogue:
    """The catalogue in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def extract(self, serial_number: str, references: Iterable[str]) -> CatalogueExtract:
        """The configuration of the equipment, and the articles with those references (in any case of letters).

        Of equipment that was exchanged, the configuration is that of what took its place. Raises UnknownEquipment.
        """
        in_service = (await lineage(self._pool, serial_number)).in_service
        wanted = sorted({reference.strip().upper() for reference in references})
        row = await self._pool.fetchrow(_EXTRACT, in_service, wanted)
        if row is None:
            raise UnknownEquipment(f"serial number {serial_number} is not in the registry: import it first")
        return CatalogueExtract.model_validate(dict(row))
