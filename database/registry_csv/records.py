"""What a checked registry puts into each table, parents before children. A file is named for its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from database.registry_csv.checked import CheckedRegistry
from database.registry_csv.rows import CalendarRow, ContractRow, CoverageRow, EquipmentRow, ProviderRow, Row
from database.registry_csv.sheets import Sheet

Record = dict[str, JsonValue]


@dataclass(frozen=True)
class TableRecords:
    """The records that a file stands for; every record has the same columns."""

    file: str
    table: str
    key: tuple[str, ...]
    records: Sequence[Record]


def records_of(registry: CheckedRegistry) -> Iterator[TableRecords]:
    """Table by table. calendar_days.csv is part of the calendars, contract_terms.csv of the contracts.

    Activation keys are not among them: they are sealed, and never changed (`database.registry_keys`).
    """
    customer_of = _customers_by_serial_number(registry)
    for sheet in _in_order(registry):
        table = sheet.form.file.removesuffix(".csv")
        key = ("only_row",) if table == "provider" else sheet.form.key
        records = [_record(row, registry, customer_of) for row in sheet.rows]
        yield TableRecords(sheet.form.file, table, key, records)


def _in_order(registry: CheckedRegistry) -> Sequence[Sheet[Row]]:
    sheets = registry.sheets
    return (
        *(sheets.calendars, sheets.provider, sheets.customers, sheets.vendors, sheets.contracts),
        *(sheets.sites, sheets.rooms, sheets.articles, sheets.equipment_types, sheets.equipment),
        *(sheets.coverage, sheets.configuration_lines, sheets.locations, sheets.stock, sheets.loan_units),
        *(sheets.technicians, sheets.releases, sheets.release_compatibility),
    )


def _record(row: Row, registry: CheckedRegistry, customer_of: Mapping[str, str]) -> Record:
    plain = row.model_dump(mode="json")
    match row:
        case CalendarRow():
            return {"code": row.code, "spec": registry.calendars[row.code].model_dump(mode="json")}
        case ContractRow():
            terms = registry.terms[row.reference].model_dump(mode="json")
            figures = ("software_reading", "transit_days")
            return {**{name: value for name, value in plain.items() if name not in figures}, "terms": terms}
        case EquipmentRow() | CoverageRow():
            return {**plain, "customer": customer_of[row.serial_number]}
        case ProviderRow():
            return {**plain, "only_row": True}
        case _:
            return plain


def _customers_by_serial_number(registry: CheckedRegistry) -> Mapping[str, str]:
    customer_of = {site.code: site.customer for site in registry.sheets.sites.rows}
    return {one.serial_number: customer_of[one.site] for one in registry.sheets.equipment.rows}
