"""Serial numbers: the one thing that a call must give (R4)."""

import re

_SERIAL_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9._/-]{0,63}")


class SerialNumberError(ValueError):
    """The text is not a serial number."""


def normalise_serial_number(text: str) -> str:
    """Return the serial number trimmed and in upper case (R4).

    Raises SerialNumberError, in one sentence, for anything that is not `[A-Z0-9][A-Z0-9._/-]{0,63}` by then, and for
    letters that only become some of these in upper case: `ß` is not `SS`.
    """
    serial_number = text.strip().upper()
    if not text.strip().isascii() or not _SERIAL_NUMBER.fullmatch(serial_number):
        raise SerialNumberError(
            f"serial_number: {text[:80]!r} is not a serial number; "
            "give 1 to 64 letters, digits, '.', '_', '/' or '-', beginning with a letter or a digit"
        )
    return serial_number


def curative_workflow_id(serial_number: str) -> str:
    """The id of the case of this piece of equipment: at most one is open at a time (SPEC §3)."""
    return f"curative-{serial_number}"
