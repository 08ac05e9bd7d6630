"""A registry that is wrong is refused: every mistake, with its file, its line and what to do."""

import pytest

from database.registry_import import LineError, RegistryErrors, check_directory
from tests.database.registry_files import RegistryFiles


def errors_of(sample: RegistryFiles) -> tuple[LineError, ...]:
    with pytest.raises(RegistryErrors) as refused:
        check_directory(sample.directory)
    return refused.value.errors


def test_the_sample_registry_is_right(sample: RegistryFiles) -> None:
    assert len(check_directory(sample.directory).sheets.equipment.rows) >= 40


@pytest.mark.parametrize(
    ("file", "line", "cells", "reason"),
    [
        ("contracts.csv", 3, {"ends_on": "2023-12-31"}, "before it starts"),
        ("contracts.csv", 3, {"starts_on": "01/01/2024"}, "write a date as 2026-12-31"),
        ("contracts.csv", 3, {"starts_on": "2024-02-30"}, "starts_on '2024-02-30'"),
        ("contracts.csv", 3, {"starts_on": ""}, "starts_on is empty"),
        ("contracts.csv", 3, {"customer": "NOBODY"}, "customer 'NOBODY' is not in customers.csv"),
        ("contracts.csv", 3, {"services": "curative gardening"}, "write one or more of assistance, curative"),
        ("contracts.csv", 3, {"software_reading": "72h"}, "service_hours, business_day_clock, business_days"),
        ("contracts.csv", 3, {"software_reading": ""}, "software_reading is empty"),
        ("contracts.csv", 2, {"transit_days": "la_reunion=soon"}, "la_reunion=3"),
        ("contracts.csv", 2, {"transit_days": "la_reunion=31"}, "less than or equal to 30"),
        ("contracts.csv", 2, {"transit_days": "la_reunion=1 la_reunion=2"}, "each delivery zone once"),
        ("contract_terms.csv", 2, {"term": "patience"}, "no such term"),
        ("contract_terms.csv", 2, {"value": "two hours"}, "1h30m"),
        ("contract_terms.csv", 2, {"value": "0h"}, "greater than 0"),
        ("contract_terms.csv", 3, {"value": "half"}, "not a warning point"),
        ("contract_terms.csv", 2, {"contract": "CTR-0"}, "not in contracts.csv"),
        ("calendars.csv", 3, {"time_zone": "Europe/Lyon"}, "Unknown time zone 'Europe/Lyon'"),
        ("calendars.csv", 3, {"holidays_zone": "Bretagne"}, "Unknown holiday zone 'Bretagne'"),
        ("calendars.csv", 3, {"mon": "18:00-08:00"}, "empty or reversed"),
        ("calendars.csv", 3, {"mon": "08:00-13:00 12:00-18:00"}, "starts before the previous one ends"),
        ("calendars.csv", 3, {"mon": "8h-18h"}, "write hours as 08:00-18:00"),
        ("calendars.csv", 3, {"delivery_cutoff": "4 pm"}, "write a time of day as 16:00"),
        ("calendars.csv", 3, dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""), "never opens"),
        ("calendar_days.csv", 2, {"calendar": "NOWHERE"}, "not in calendars.csv"),
        ("calendar_days.csv", 2, {"kind": "holiday"}, "'closure', 'extra_holiday'"),
        ("calendar_days.csv", 2, {"last_day": "2024-08-01"}, "after first_day"),
        ("calendar_days.csv", 2, {"hours": "08:00-12:00"}, "to no other kind"),
        ("customers.csv", 3, {"name": " "}, "name is empty"),
        ("vendors.csv", 2, {"email": "nobody"}, "desk@example.net"),
        ("sites.csv", 2, {"calendar": "NOWHERE"}, "not in calendars.csv"),
        ("sites.csv", 4, {"delivery_zone": "metropole"}, "overseas calendar"),
        ("rooms.csv", 2, {"site": "NOWHERE"}, "not in sites.csv"),
        ("articles.csv", 2, {"consumable": "maybe"}, "write yes or no"),
        ("equipment_types.csv", 2, {"category": "furniture"}, "'endpoint' or 'infrastructure'"),
        ("equipment.csv", 2, {"type": "Fax"}, "not in equipment_types.csv"),
        ("equipment.csv", 2, {"room": "BRU-LIL-101"}, "room 'BRU-LIL-101' is at site BRU-LIL"),
        ("coverage.csv", 2, {"contract": "CTR-2024-0127"}, "is ALSAVIE's, the equipment BRUNEL's"),
        ("coverage.csv", 2, {"serial_number": "UNKNOWN"}, "not in equipment.csv"),
        ("configuration_lines.csv", 2, {"quantity": "0"}, "1 or more"),
        ("configuration_lines.csv", 2, {"article": "NOTHING"}, "not in articles.csv"),
        ("sites.csv", 2, {"latitude": "48,84"}, "decimal degrees between -90 and 90"),
        ("sites.csv", 2, {"longitude": "181"}, "decimal degrees between -180 and 180"),
        ("sites.csv", 2, {"longitude": ""}, "write both or none"),
        ("locations.csv", 2, {"latitude": ""}, "write both or none"),
        ("stock.csv", 2, {"quantity": "-1"}, "0 or more"),
        ("stock.csv", 2, {"location": "NOWHERE"}, "not in locations.csv"),
        ("loan_units.csv", 2, {"type": "Fax"}, "not in equipment_types.csv"),
        ("loan_units.csv", 2, {"location": "NOWHERE"}, "not in locations.csv"),
        ("contract_terms.csv", 2, {"term": "reminders", "value": "10h soon"}, "1h30m"),
        ("technicians.csv", 2, {"code": "two words"}, "without blanks"),
        ("technicians.csv", 2, {"email": "x"}, "desk@example.net"),
    ],
    ids=lambda value: str(value) if isinstance(value, (str, int)) else ",".join(value),
)
def test_a_wrong_line_is_the_only_one_that_is_reported(
    sample: RegistryFiles, file: str, line: int, cells: dict[str, str], reason: str
) -> None:
    sample.set(file, line, **cells)
    (error,) = errors_of(sample)
    assert (error.file, error.line) == (file, line)
    assert reason in error.reason


@pytest.mark.parametrize("serial_number", ["-8L2303", "8L 2303", "É8L2303", "8" * 65])
def test_a_serial_number_that_no_call_could_give_is_refused(sample: RegistryFiles, serial_number: str) -> None:
    line = sample.append("equipment.csv", **{**sample.rows("equipment.csv")[0], "serial_number": serial_number})
    (error,) = errors_of(sample)
    assert (error.file, error.line) == ("equipment.csv", line)
    assert "(R4)" in error.reason


def test_every_mistake_is_reported_at_once(sample: RegistryFiles) -> None:
    sample.set("contracts.csv", 2, starts_on="soon", services="none")
    sample.set("equipment.csv", 5, serial_number="?")
    sample.set("stock.csv", 9, quantity="many")
    found = {(error.file, error.line) for error in errors_of(sample)}
    assert {("contracts.csv", 2), ("equipment.csv", 5), ("stock.csv", 9)} <= found
    assert len([error for error in errors_of(sample) if error.file == "contracts.csv"]) == 2


def test_a_line_that_stands_twice_is_reported_on_its_second_line(sample: RegistryFiles) -> None:
    serial_number = sample.rows("equipment.csv")[0]["serial_number"]
    repeated = sample.append(
        "equipment.csv", **{**sample.rows("equipment.csv")[0], "serial_number": serial_number.lower()}
    )
    (error,) = errors_of(sample)
    assert (error.file, error.line) == ("equipment.csv", repeated)
    assert f"{serial_number} stands on line 2 already" in error.reason


def test_a_file_that_is_missing_is_reported_alone(sample: RegistryFiles) -> None:
    (sample.directory / "rooms.csv").unlink()
    assert [str(error) for error in errors_of(sample)] == [
        "rooms.csv: the file is missing: a registry has all of its files, if only with a header"
    ]


def test_a_directory_that_is_missing_is_one_mistake(sample: RegistryFiles) -> None:
    sample.directory = sample.directory / "elsewhere"
    (error,) = errors_of(sample)
    assert "there is no such directory" in str(error)


def test_columns_are_the_known_ones(sample: RegistryFiles) -> None:
    path = sample.directory / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("code,name", "code,nom"), encoding="utf-8")
    reasons = [str(error) for error in errors_of(sample)]
    assert reasons == [
        "customers.csv:1: column 'name' is missing: the columns are code,name",
        "customers.csv:1: column 'nom' is unknown: the columns are code,name",
    ]


def test_an_empty_file_is_told_its_header(sample: RegistryFiles) -> None:
    (sample.directory / "customers.csv").write_text("", encoding="utf-8")
    assert [str(error) for error in errors_of(sample)] == [
        "customers.csv:1: the header is missing: begin with code,name"
    ]


def test_a_line_with_a_cell_too_many_is_reported(sample: RegistryFiles) -> None:
    with (sample.directory / "customers.csv").open("a", encoding="utf-8") as text:
        text.write("MORE,More,and more\n")
    (error,) = errors_of(sample)
    assert (error.line, error.reason) == (8, "the line has 3 cells where the header has 2")


def test_a_line_after_a_cell_of_several_lines_has_its_own_number(sample: RegistryFiles) -> None:
    path = sample.directory / "customers.csv"
    path.write_text('code,name\nBRUNEL,"Groupe\nBrunel"\ntwo words,Name\n', encoding="utf-8")
    assert ("customers.csv", 4) in {(error.file, error.line) for error in errors_of(sample)}


def test_a_quotation_mark_that_is_left_open_is_reported(sample: RegistryFiles) -> None:
    with (sample.directory / "technicians.csv").open("a", encoding="utf-8") as text:
        text.write('T-X,"Name,x@example.net,,r\n')
    (error,) = errors_of(sample)
    assert (error.file, error.line) == ("technicians.csv", 11)


def test_a_file_that_is_not_utf_8_is_reported_with_its_line(sample: RegistryFiles) -> None:
    path = sample.directory / "sites.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace("–", "-").replace("’", "'").encode("latin-1"))
    (error,) = [error for error in errors_of(sample) if "UTF-8" in error.reason]
    assert (error.file, error.line) == ("sites.csv", 2)


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_spreadsheets_save_registries_in_their_own_ways(sample: RegistryFiles, separator: str, encoding: str) -> None:
    plain = check_directory(sample.directory)
    for path in sample.directory.glob("*.csv"):
        lines = path.read_text(encoding="utf-8")
        if '"' not in lines:
            path.write_text(lines.replace(",", separator).replace("\n", "\r\n"), encoding=encoding, newline="")
        else:
            path.write_text(lines, encoding=encoding)
    assert check_directory(sample.directory) == plain


def test_there_is_one_provider(sample: RegistryFiles) -> None:
    second = sample.append("provider.csv", name="Another", calendar="PROVIDER")
    assert [(error.file, error.line) for error in errors_of(sample)] == [("provider.csv", second)]
    sample.rewrite("provider.csv", list.clear)
    assert [str(error) for error in errors_of(sample)] == [
        "provider.csv: the provider is missing: give it its one line"
    ]


def test_an_overseas_site_needs_transit_days_in_each_contract_that_covers_it(sample: RegistryFiles) -> None:
    """R6: none in metropolitan France; overseas has no default."""
    line = sample.line_of("contracts.csv", reference="CTR-2024-0144")
    sample.set("contracts.csv", line, transit_days="la_reunion=2")
    (error,) = errors_of(sample)
    assert (error.file, error.line) == ("contracts.csv", line)
    assert "names no transit days for delivery zone 'martinique' of site AUS-FDF" in error.reason


def test_an_overseas_site_without_equipment_needs_transit_days_too(sample: RegistryFiles) -> None:
    site = {
        **sample.rows("sites.csv")[3],
        "code": "ALS-RUN",
        "calendar": "FR-LA-REUNION",
        "delivery_zone": "la_reunion",
    }
    line = sample.append("sites.csv", **site)
    (error,) = errors_of(sample)
    assert (error.file, error.line) == ("sites.csv", line)
    assert "transit days for delivery zone 'la_reunion' of site ALS-RUN" in error.reason


def test_zero_transit_days_are_an_answer_too(sample: RegistryFiles) -> None:
    line = sample.line_of("contracts.csv", reference="CTR-2024-0144")
    sample.set("contracts.csv", line, transit_days="la_reunion=0 martinique=0")
    assert check_directory(sample.directory).terms["CTR-2024-0144"].transit_days["martinique"] == 0


def test_a_day_that_is_no_holiday_cannot_be_worked_as_one(sample: RegistryFiles) -> None:
    sample.append("calendar_days.csv", calendar="FR-METROPOLE", kind="worked_holiday", first_day="2026-06-10")
    (error,) = errors_of(sample)
    assert (error.file, error.line) == ("calendars.csv", sample.line_of("calendars.csv", code="FR-METROPOLE"))
    assert "2026-06-10, which is no holiday" in error.reason


def test_a_day_is_listed_once_whether_alone_or_in_a_span(sample: RegistryFiles) -> None:
    line = sample.append("calendar_days.csv", calendar="RHONEVAL-FEYZIN", kind="closure", first_day="2026-08-10")
    assert ("calendar_days.csv", line) in {(error.file, error.line) for error in errors_of(sample)}


def test_three_business_days_cannot_be_cut_in_hours(sample: RegistryFiles) -> None:
    sample.append("contract_terms.csv", contract="CTR-2024-0144", term="software_hours", value="70")
    (error,) = errors_of(sample)
    assert error.line == sample.line_of("contracts.csv", reference="CTR-2024-0144")
    assert "multiple of 24" in error.reason


def test_figures_of_a_contract_take_the_place_of_the_defaults(sample: RegistryFiles) -> None:
    sample.append("contract_terms.csv", contract="CTR-2024-0112", term="level_1_answer", value="1h30m")
    sample.append("contract_terms.csv", contract="CTR-2024-0112", term="warnings.level_1_answer", value="25% -10m")
    terms = check_directory(sample.directory).terms
    assert terms["CTR-2024-0112"].level_1_answer.total_seconds() == 5400
    assert terms["CTR-2024-0112"].warning_points("level_1_answer") == ("25%", "-10m")
    assert terms["CTR-2024-0127"].level_1_answer.total_seconds() == 3600
