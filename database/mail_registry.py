"""What the registry says of the serial numbers, types and people that one mail names, in one round trip (R12)."""

from collections.abc import Mapping, Sequence

import asyncpg
from pydantic import BaseModel, ConfigDict

_LOOK_UP = """
select
    coalesce((
        select jsonb_object_agg(asked, found) from (
            select sameness(serial_number) as asked,
                   jsonb_agg(jsonb_build_array(serial_number, type) order by serial_number) as found
            from equipment where sameness(serial_number) = any($1::text[])
            group by 1
        ) as matches
    ), '{}') as serial_numbers,
    (select coalesce(jsonb_agg(name order by name), '[]') from equipment_types) as types,
    (select coalesce(jsonb_agg(name order by name), '[]') from vendors) as vendors,
    exists (
        select from sites
        where lower(contact_email) = $2 or ($3 and lower(split_part(contact_email, '@', 2)) = split_part($2, '@', 2))
    ) as sender_is_known,
    exists (
        select from vendors
        where lower(email) = $2 or ($3 and lower(split_part(email, '@', 2)) = split_part($2, '@', 2))
    ) as sender_is_vendor
"""

PRIVATE_DOMAINS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr"}
    | {"yahoo.com", "yahoo.fr", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr"}
    | {"icloud.com", "me.com", "proton.me", "protonmail.com", "gmx.fr", "gmx.com", "aol.com", "msn.com"}
)
"""Where anybody may have an address: there, a contact is known by the whole of it."""


class MailAnswer(BaseModel):
    """What the registry knows. `serial_numbers` maps what was asked to serial numbers and their types."""

    model_config = ConfigDict(frozen=True)

    serial_numbers: Mapping[str, Sequence[tuple[str, str]]]
    types: Sequence[str]
    vendors: Sequence[str]
    sender_is_known: bool
    sender_is_vendor: bool


class MailRegistry:
    """Answers for one mail at a time."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def look_up(self, asked: Sequence[str], sender: str) -> MailAnswer:
        """What is known of these candidates (as `sameness` has them) and of the sender's address.

        A sender is known by the address of a contact, or by its domain, when that is not one where anybody may be; so
        is a vendor by the address that it is written to.
        """
        address = sender.lower()
        by_domain = "@" in address and address.rpartition("@")[2] not in PRIVATE_DOMAINS
        row = await self._pool.fetchrow(_LOOK_UP, list(asked), address, by_domain)
        return MailAnswer.model_validate(dict(row))
