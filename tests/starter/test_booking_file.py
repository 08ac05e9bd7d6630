"""Bookings read from iCalendar files: what blocks a room, and when (R10)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.room_bookings import Window
from starter.answers import WrongInput
from starter.booking_file import read_bookings
from tests.starter.calendar_file import calendar, event

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
JUNE = Window(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
SPRING = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
AT_NINE = ("DTSTART:20260610T090000Z", "DTEND:20260610T100000Z")


def booked(data: bytes, zone: ZoneInfo = PARIS, window: Window = JUNE) -> list[tuple[str, str]]:
    """Start and end of every booking, in UTC."""
    bookings = read_bookings(data, zone, window)
    assert all(booking.starts_at.tzinfo is UTC for booking in bookings)
    return [(f"{booking.starts_at:%m-%d %H:%M}", f"{booking.ends_at:%m-%d %H:%M}") for booking in bookings]


def test_a_time_in_utc_and_one_in_a_named_zone_are_instants() -> None:
    in_paris = event("DTSTART;TZID=Europe/Paris:20260611T090000", "DURATION:PT90M", uid="2")
    assert booked(calendar(event(*AT_NINE), in_paris), REUNION) == [
        ("06-10 09:00", "06-10 10:00"),
        ("06-11 07:00", "06-11 08:30"),
    ]


def test_a_time_without_a_zone_is_meant_at_the_site() -> None:
    floating = calendar(event("DTSTART:20260610T090000", "DTEND:20260610T100000"))
    assert booked(floating, PARIS) == [("06-10 07:00", "06-10 08:00")]
    assert booked(floating, REUNION) == [("06-10 05:00", "06-10 06:00")]


def test_a_file_may_name_the_zone_of_its_floating_times() -> None:
    floating = event("DTSTART:20260610T090000", "DTEND:20260610T100000")
    assert booked(calendar(floating, head=["X-WR-TIMEZONE:Indian/Reunion"])) == [("06-10 05:00", "06-10 06:00")]


def test_a_zone_may_be_one_of_outlook_or_the_files_own() -> None:
    outlook = event("DTSTART;TZID=Romance Standard Time:20260610T090000", "DURATION:PT1H")
    assert booked(calendar(outlook)) == [("06-10 07:00", "06-10 08:00")]
    rule = ("BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD")
    own = ("BEGIN:VTIMEZONE", "TZID:Ours", *rule, "END:VTIMEZONE")
    assert booked(calendar(event("DTSTART;TZID=Ours:20260610T090000", "DURATION:PT1H"), own)) == [
        ("06-10 06:00", "06-10 07:00")
    ]


def test_an_all_day_event_takes_the_days_of_the_site() -> None:
    days = calendar(event("DTSTART;VALUE=DATE:20260610", "DTEND;VALUE=DATE:20260612"))
    assert booked(days, REUNION) == [("06-09 20:00", "06-11 20:00")]
    assert booked(calendar(event("DTSTART;VALUE=DATE:20260610")), PARIS) == [("06-09 22:00", "06-10 22:00")]


def test_an_all_day_event_over_the_change_of_the_clocks_is_an_hour_shorter() -> None:
    assert booked(calendar(event("DTSTART;VALUE=DATE:20260329")), PARIS, SPRING) == [("03-28 23:00", "03-29 22:00")]


def test_what_repeats_keeps_its_hour_over_the_change_of_the_clocks() -> None:
    """Every Wednesday at nine in Paris: before and after 29 March 2026."""
    weekly = event("DTSTART;TZID=Europe/Paris:20260325T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")
    floating = event("DTSTART:20260326T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", uid="2")
    assert booked(calendar(weekly, floating), PARIS, SPRING) == [
        ("03-25 08:00", "03-25 09:00"),
        ("03-26 08:00", "03-26 09:00"),
        ("04-01 07:00", "04-01 08:00"),
        ("04-02 07:00", "04-02 08:00"),
    ]


def test_exceptions_of_what_repeats_are_left_out_moved_or_cancelled() -> None:
    series = event(
        "DTSTART;TZID=Europe/Paris:20260602T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Paris:20260609T090000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Paris:20260616T090000",
        "DTSTART;TZID=Europe/Paris:20260617T140000",
        "DURATION:PT2H",
    )
    cancelled = event(
        "RECURRENCE-ID;TZID=Europe/Paris:20260623T090000",
        "DTSTART;TZID=Europe/Paris:20260623T090000",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
    )
    assert booked(calendar(series, moved, cancelled)) == [
        ("06-02 07:00", "06-02 08:00"),
        ("06-17 12:00", "06-17 14:00"),
    ]


def test_what_repeats_for_ever_is_read_up_to_the_end_of_the_window() -> None:
    daily = event("DTSTART:20200101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    assert len(booked(calendar(daily))) == 30


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        ("20260531T230000Z", "20260601T000000Z", False),
        ("20260531T230000Z", "20260601T000100Z", True),
        ("20260630T235900Z", "20260701T010000Z", True),
        ("20260701T000000Z", "20260701T010000Z", False),
    ],
)
def test_only_what_touches_the_window_counts(start: str, end: str, counts: bool) -> None:
    assert bool(booked(calendar(event(f"DTSTART:{start}", f"DTEND:{end}")))) is counts


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "status:cancelled"])
def test_what_is_cancelled_or_shown_as_free_blocks_nothing(line: str) -> None:
    assert booked(calendar(event(*AT_NINE, line))) == []
    assert booked(calendar(event(*AT_NINE, "STATUS:TENTATIVE", "TRANSP:OPAQUE"))) != []


def test_what_lasts_no_time_blocks_nothing() -> None:
    assert booked(calendar(event("DTSTART:20260610T090000Z"))) == []


def test_a_visit_of_ours_that_comes_back_in_the_rooms_calendar_blocks_nothing() -> None:
    assert booked(calendar(event(*AT_NINE, uid="7K3Q9XTB-1.slots-1.1@curative"))) == []


def test_of_one_event_given_twice_the_longest_counts() -> None:
    longer = event("DTSTART:20260610T090000Z", "DTEND:20260610T113000Z")
    for events in ([event(*AT_NINE), longer], [longer, event(*AT_NINE)]):
        assert booked(calendar(*events[:1]) + calendar(*events[1:])) == [("06-10 09:00", "06-10 11:30")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_summary_is_read_in_the_encodings_that_calendars_export(encoding: str) -> None:
    data = calendar(event(*AT_NINE, "SUMMARY:Réunion d’équipe\\, étage 4")).decode().encode(encoding)
    assert [one.summary for one in read_bookings(data, PARIS, JUNE)] == ["Réunion d’équipe, étage 4"]


def test_a_folded_line_may_part_a_character() -> None:
    data = calendar(event(*AT_NINE, "SUMMARY:Comité")).replace("é".encode(), b"\xc3\r\n \xa9")
    assert [one.summary for one in read_bookings(data, PARIS, JUNE)] == ["Comité"]


def test_a_summary_fits_one_line_and_the_database() -> None:
    data = calendar(event(*AT_NINE, f"SUMMARY:two\\nlines\x00 {'x' * 500}", uid="\x00"))
    (booking,) = read_bookings(data, PARIS, JUNE)
    assert booking.summary.startswith("two lines xxx")
    assert len(booking.summary) == 200
    assert booking.uid


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a complete iCalendar file"),
        (b"<html>", "not an iCalendar file"),
        (b"BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n", "not a complete iCalendar file"),
        (calendar(event(*AT_NINE))[:-16], "not a complete iCalendar file"),
        (calendar(("BEGIN:VFREEBUSY", "END:VFREEBUSY")), "VFREEBUSY"),
        (calendar(event("SUMMARY:Board")), "event 'Board' (UID meeting@brunel.example): DTSTART is missing"),
        (calendar(event("DTSTART:2026061x")), "DTSTART cannot be read"),
        (calendar(event(*AT_NINE, "DTSTART:20260610T080000Z")), "DTSTART is given twice"),
        (calendar(event("DTSTART:20260610T090000Z", "DTEND:20260610T080000Z")), "it ends before it starts"),
        (calendar(event("DTSTART:20260610T090000Z", "DURATION:-PT1H")), "DURATION is negative"),
        (calendar(event("DTSTART:20260610T090000Z", "DTEND;VALUE=DATE:20260611")), "must both be days"),
        (calendar(event("DTSTART;TZID=Mars/Base:20260610T090000")), "time zone 'Mars/Base' of DTSTART is not known"),
        (calendar(event("DTSTART:20260610T090000", "DURATION:PT1H"), head=["X-WR-TIMEZONE:Mars/Base"]), "Mars/Base"),
        (calendar(event(*AT_NINE, "RRULE:FREQ=SOMETIMES")), "RRULE cannot be read"),
        (calendar(event(*AT_NINE, "RRULE:every day")), "RRULE names no FREQ"),
        (calendar(event(*AT_NINE, "RRULE:FREQ=SECONDLY")), "RRULE repeats secondly"),
        (calendar(event(*AT_NINE, "no property")), "a line cannot be read"),
    ],
)
def test_a_file_that_leaves_open_when_the_room_is_booked_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        read_bookings(data, PARIS, JUNE)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_mistake_that_changes_no_booking_is_no_obstacle() -> None:
    assert booked(calendar(event(*AT_NINE, "CREATED:yesterday"))) == [("06-10 09:00", "06-10 10:00")]
