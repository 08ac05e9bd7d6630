"""What must hold between the lines of a registry's files."""

from dataclasses import fields

from database.registry_csv.directory import RegistrySheets
from database.registry_csv.errors import Findings
from database.registry_csv.rows import Row
from database.registry_csv.sheets import Sheet


def check_provider(sheets: RegistrySheets, findings: Findings) -> None:
    """There is one provider."""
    file, lines = sheets.provider.form.file, sheets.provider.numbered
    if sheets.provider.names is not None and not sheets.provider.names:
        findings.add(file, 0, "the provider is missing: give it its one line")
    for number, _ in lines[1:]:
        findings.add(file, number, "there is one provider: keep one line")


def check_references(sheets: RegistrySheets, findings: Findings) -> None:
    """Every reference names a line of the file that it leads to."""
    every: list[Sheet[Row]] = [getattr(sheets, field.name) for field in fields(sheets)]
    names = {sheet.form.file: sheet.names for sheet in every}
    for sheet in every:
        for number, row in sheet.numbered:
            for column, target in sheet.form.references.items():
                value, known = getattr(row, column), names[target]
                if value is not None and known is not None and value not in known:
                    findings.add(sheet.form.file, number, f"{column} {value!r} is not in {target}: add it there")


def check_rooms(sheets: RegistrySheets, findings: Findings) -> None:
    """Equipment stands in a room of its own site."""
    sites = {site.code for site in sheets.sites.rows}
    site_of = {room.code: room.site for room in sheets.rooms.rows if room.site in sites}
    for number, equipment in sheets.equipment.numbered:
        site = site_of.get(equipment.room or "", equipment.site)
        if site != equipment.site:
            reason = f"room {equipment.room!r} is at site {site}, the equipment at {equipment.site}: name one site"
            findings.add(sheets.equipment.form.file, number, reason)


def check_contracts(sheets: RegistrySheets, findings: Findings) -> None:
    """A contract covers its own customer's equipment only."""
    site_of = {equipment.serial_number: equipment.site for equipment in sheets.equipment.rows}
    customers = {customer.code for customer in sheets.customers.rows}
    customer_of = {site.code: site.customer for site in sheets.sites.rows if site.customer in customers}
    holder_of = {one.reference: one.customer for one in sheets.contracts.rows if one.customer in customers}
    for number, coverage in sheets.coverage.numbered:
        customer = customer_of.get(site_of.get(coverage.serial_number, ""))
        holder = holder_of.get(coverage.contract)
        if customer and holder and customer != holder:
            reason = (
                f"contract {coverage.contract!r} is {holder}'s, the equipment {customer}'s: name one of {customer}'s"
            )
            findings.add(sheets.coverage.form.file, number, reason)
