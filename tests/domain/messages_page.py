"""What docs/messages.md says: the tables of stages and messages, of the case and of its loan; an example a kind."""

import json
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text(encoding="utf-8")

_EXAMPLE = re.compile(r"^### (\w+)$.*?^```json$(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(\w+)` \|((?: [a-z ]+ \|){2,})$", re.MULTILINE)
_HEAD = re.compile(r"^\| (kind|of a loan) \|((?: \w+ \|){2,})$", re.MULTILINE)

EXAMPLES: dict[str, dict[str, Any]] = {kind: json.loads(text) for kind, text in _EXAMPLE.findall(PAGE)}
"""A payload of each kind."""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip(" |").split("|")]


def table(name: str) -> dict[tuple[str, str], str]:
    """What the page says of each stage and kind: in the table `kind`, of a case, or in that `of a loan`."""
    [part] = [block for block in PAGE.split("\n\n") if block.startswith(f"| {name} |")]
    [(_, head)] = _HEAD.findall(part)
    stages = _cells(head)
    return {
        (stage, kind): cell for kind, row in _ROW.findall(part) for stage, cell in zip(stages, _cells(row), strict=True)
    }
