"""Cases worked out by hand, run one by one. BUSINESS_TIME_CASES names another file of the same shape."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from domain.business_time import FIRST_YEAR, LAST_YEAR, BusinessCalendar, business_calendar
from domain.calendars import CalendarError, CalendarSpec
from domain.delivery import delivery_due
from domain.public_holidays import public_holidays

Case = dict[str, Any]

INSTANTS = ("start", "end", "at", "validated_at")
OWN_CASES = Path(__file__).parents[1] / "data" / "business-time-cases.json"
EVERY_HOLIDAY = [day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in public_holidays("Métropole", year)]
CASES: list[Case] = json.loads(Path(os.environ.get("BUSINESS_TIME_CASES", OWN_CASES)).read_text("utf-8"))


def calendar_of(case: Case) -> BusinessCalendar:
    """The file's calendars name a redundant `subdiv`, and no holiday zone where no holiday is kept."""
    said = {key: value for key, value in case["calendar"].items() if key != "subdiv"}
    if said["holidays_zone"] is None:
        said |= {"holidays_zone": "Métropole", "worked_holidays": EVERY_HOLIDAY}
    return business_calendar(CalendarSpec.model_validate(said))


def answer(case: Case) -> dict[str, object]:
    calendar, given = calendar_of(case), case["input"]
    instants = {name: datetime.fromisoformat(given[name]) for name in INSTANTS if name in given}
    match case["kind"]:
        case "add_business_hours":
            return {"due": calendar.add(instants["start"], timedelta(seconds=given["seconds"])).isoformat()}
        case "elapsed":
            return {"seconds": calendar.elapsed(instants["start"], instants["end"]).total_seconds()}
        case "is_open":
            return {"open": calendar.is_open(instants["at"])}
        case "next_opening":
            return {"opening": calendar.next_opening(instants["at"]).isoformat()}
        case "delivery_due":
            return {"due": delivery_due(calendar, calendar, instants["validated_at"]).isoformat()}
        case unknown:
            raise AssertionError(f"No such kind of case: {unknown}")


def is_to_be_refused(case: Case) -> bool:
    instants = (datetime.fromisoformat(case["input"][name]) for name in INSTANTS if name in case["input"])
    return "error" in case["expected"] or any(instant.tzinfo is None for instant in instants)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: Case) -> None:
    if is_to_be_refused(case):
        with pytest.raises((CalendarError, ValidationError)):
            answer(case)
    else:
        assert answer(case) == case["expected"], case["why"]
