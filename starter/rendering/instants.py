"""Instants and durations as people read them."""

from datetime import datetime, timedelta, tzinfo


def instant(at: datetime | None, zone: tzinfo) -> str:
    """`Thu 11 Jun 2026 18:00` in that zone; empty for none. The seconds are shown where there are any."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    seconds = f":{local:%S}" if local.second else ""
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}{seconds}"


def minute(at: datetime | None, zone: tzinfo) -> str:
    """The same to the minute that has begun: 15:59:59 is still 15:59."""
    return instant(at.replace(second=0, microsecond=0), zone) if at else ""


def duration(amount: timedelta | None) -> str:
    """`2 h 30`, `40 min`, to the nearest minute; empty for none."""
    if amount is None:
        return ""
    minutes = round(amount.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"
