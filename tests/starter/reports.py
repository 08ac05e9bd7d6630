"""Reports as callers give them."""

from pydantic import JsonValue


def a_report(serial_number: str, **fields: JsonValue) -> dict[str, JsonValue]:
    """A report about that equipment."""
    caller: dict[str, JsonValue] = {"name": "Camille Petit", "phone": "+33 1 70 48 03 68"}
    return {"serial_number": serial_number, "reported_by": caller, "symptom": "no picture", **fields}
