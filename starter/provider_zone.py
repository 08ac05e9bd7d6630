"""The time zone in which instants are shown to people: the provider's, as far as it can be known."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from config.settings import Settings
from database.provider import NoProvider, ProviderDirectory
from database.registry import Registry
from starter.answers import DatabaseUnreachable
from starter.connections import database_errors, open_database


async def provider_zone(settings: Settings, site: str | None) -> tzinfo:
    """The provider's zone as the registry tells it for a site; UTC when it cannot be asked, or knows no such site."""
    if site is None:
        return UTC
    try:
        async with open_database(settings) as pool:
            with database_errors():
                record = await Registry(pool).site(site, datetime.now(UTC).date())
    except DatabaseUnreachable:
        return UTC
    return ZoneInfo(record.provider_calendar.tz) if record else UTC


async def line_zone(settings: Settings) -> tzinfo:
    """The zone of the provider's line; UTC when the registry cannot be asked, or names no provider."""
    try:
        async with open_database(settings) as pool:
            with database_errors():
                provider = await ProviderDirectory(pool).find()
    except (DatabaseUnreachable, NoProvider):
        return UTC
    return ZoneInfo(provider.calendar.tz)
