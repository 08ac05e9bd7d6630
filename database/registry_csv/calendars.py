"""Calendars from calendars.csv and calendar_days.csv, each built once, so that one that cannot count is refused."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import ValidationError

from database.registry_csv.errors import Findings, reason_of
from database.registry_csv.rows import CalendarDayRow, CalendarRow
from database.registry_csv.sheets import Sheet
from domain.business_time import business_calendar
from domain.calendars import WEEKDAYS, CalendarError, CalendarSpec, Window

_FIELDS = {"closure": "closures", "extra_holiday": "extra_holidays", "worked_holiday": "worked_holidays"}


def build_calendars(
    calendars: Sheet[CalendarRow], days: Sheet[CalendarDayRow], findings: Findings
) -> dict[str, CalendarSpec]:
    """The specification of each calendar, by code; the ones that are refused are left out (R1)."""
    special = _special_days(days, findings)
    specs = {}
    for number, row in calendars.numbered:
        try:
            specs[row.code] = _spec(row, special[row.code])
            business_calendar(specs[row.code])
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                findings.add(calendars.form.file, number, f"calendar {row.code}: {reason_of(error)}")
        except CalendarError as wrong:
            findings.add(calendars.form.file, number, f"calendar {row.code}: {wrong}")
    return specs


def _spec(row: CalendarRow, special: Mapping[str, Mapping[date, tuple[Window, ...]]]) -> CalendarSpec:
    values: dict[str, object] = {field: tuple(special[kind]) for kind, field in _FIELDS.items() if kind in special}
    if row.delivery_cutoff is not None:
        values["delivery_cutoff"] = row.delivery_cutoff
    return CalendarSpec.model_validate(
        {
            "tz": row.time_zone,
            "holidays_zone": row.holidays_zone,
            "week": {day: getattr(row, day) for day in WEEKDAYS},
            "day_hours": special.get("day_hours", {}),
            "revision": row.revision,
            **values,
        }
    )


def _special_days(
    days: Sheet[CalendarDayRow], findings: Findings
) -> Mapping[str, Mapping[str, Mapping[date, tuple[Window, ...]]]]:
    """By calendar and kind: each day, with its hours (none but for `day_hours`)."""
    special: dict[str, dict[str, dict[date, tuple[Window, ...]]]] = defaultdict(lambda: defaultdict(dict))
    for number, row in days.numbered:
        known = special[row.calendar][row.kind]
        for day in _span(row):
            if day in known:
                findings.add(days.form.file, number, f"{day} is a {row.kind} of {row.calendar} already: list it once")
            known[day] = row.hours
    return special


def _span(row: CalendarDayRow) -> Iterator[date]:
    day = row.first_day
    while day <= (row.last_day or row.first_day):
        yield day
        day += timedelta(days=1)
