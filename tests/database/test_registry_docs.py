"""docs/registry.md names every file, and each of its examples could be loaded."""

import csv
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from database.registry_csv import forms
from database.registry_csv.forms import SheetForm
from database.registry_csv.rows import Row

PAGE = (Path(__file__).parents[2] / "docs" / "registry.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\S+\.csv)\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))
FORMS: dict[str, SheetForm[Row]] = {form.file: form for form in vars(forms).values() if isinstance(form, SheetForm)}


def test_every_file_is_documented() -> None:
    assert SECTIONS.keys() == FORMS.keys()


@pytest.mark.parametrize("file", sorted(FORMS))
def test_every_column_is_documented_with_an_example(file: str) -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", SECTIONS[file], re.DOTALL)
    lines = list(csv.DictReader(example.splitlines()))
    columns = list(FORMS[file].row.model_fields)
    assert list(lines[0]) == columns
    assert [column for column in columns if f"`{column}`" not in SECTIONS[file]] in (
        [],
        ["tue", "wed", "thu", "fri", "sat"],
    )
    for line in lines:
        TypeAdapter(FORMS[file].row).validate_python({column: cell for column, cell in line.items() if cell})
