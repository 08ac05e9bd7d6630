"""What docs/messages.md says: the table of stages and messages, the branches that no stage has, an example a kind."""

import json
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text(encoding="utf-8")

_EXAMPLE = re.compile(r"^### (\w+)$.*?^```json$(.*?)^```$", re.MULTILINE | re.DOTALL)
_BRANCH = re.compile(r"^\| `(\w+)` \| `(\{.*\})` \|$", re.MULTILINE)
_ROW = re.compile(r"^\| `(\w+)` \|((?: [a-z ]+ \|){2,})$", re.MULTILINE)
_HEAD = re.compile(r"^\| kind \|((?: \w+ \|){2,})$", re.MULTILINE)

EXAMPLES: dict[str, dict[str, Any]] = {kind: json.loads(text) for kind, text in _EXAMPLE.findall(PAGE)}
"""A payload of each kind."""

BRANCHES: list[tuple[str, dict[str, Any]]] = [(kind, json.loads(fields)) for kind, fields in _BRANCH.findall(PAGE)]
"""The fields of known messages that no stage acts on."""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip(" |").split("|")]


def table() -> dict[tuple[str, str], str]:
    """What the page says of each stage and kind."""
    [head] = _HEAD.findall(PAGE)
    stages = _cells(head)
    return {
        (stage, kind): cell for kind, row in _ROW.findall(PAGE) for stage, cell in zip(stages, _cells(row), strict=True)
    }
