"""The items of a request as the command line names them: one by one, or in a file."""

import csv
import io
from pathlib import Path

from pydantic import JsonValue

from starter.answers import WrongInput
from starter.text_file import read_text

COLUMNS = ("serial_number", "type")


def items_stated(options: list[str], file: Path | None) -> list[JsonValue]:
    """What is asked for. Raises WrongInput, in one sentence, when nothing is, or the file cannot be read."""
    stated = [_of_option(option) for option in options] + (_of_file(file) if file else [])
    if not stated:
        raise WrongInput("--item is missing: name what is asked for, as --item FTT27177WBH, or in a --file")
    return stated


def _of_option(option: str) -> JsonValue:
    serial_number, _, type_ = option.partition("=")
    return _item(serial_number, type_)


def _item(serial_number: str, type_: str) -> dict[str, JsonValue]:
    given = {"serial_number": serial_number.strip(), "type": type_.strip()}
    return {field: value for field, value in given.items() if value}


def _of_file(file: Path) -> list[JsonValue]:
    text = read_text(file)
    separator = ";" if ";" in text.partition("\n")[0] else ","
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    if not set(lines.fieldnames or ()) & set(COLUMNS):
        raise WrongInput(f"{file}:1: the columns are {','.join(COLUMNS)}; one of them may be missing")
    return [_item(line.get("serial_number") or "", line.get("type") or "") for line in lines]
