"""The table of docs/software.md: every word that is said of a request, in every situation, and what it leads to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from tests.workflows.software_story import BRIDGE, KIT, SoftwareStory, request

PAGE = Path(__file__).parents[2] / "docs" / "software.md"
BEGIN, END = "<!-- every word: written by WRITE_PAGES=1 -->", "<!-- until here -->"
EXPRESSWAY = "52AE2266"
UNCLEAR = {"serial_number": EXPRESSWAY, "type": "Room Kit"}

SITUATIONS: dict[str, tuple[Any, ...]] = {
    "a key is awaited": (KIT, BRIDGE),
    "a clarification is awaited": (KIT, UNCLEAR),
    "a key and a clarification are awaited": (BRIDGE, UNCLEAR),
    "all is answered": (KIT,),
}
"""What is asked for, with no key in stock: what needs none is delivered at once."""


@dataclass(frozen=True)
class Word:
    """A message, and how the table names it."""

    kind: str
    about: str
    fields: dict[str, Any]


def words(items: tuple[Any, ...]) -> list[Word]:
    """What people can say."""
    key = {"keys": ["AAAAA-00001"]}
    return [
        Word("request", "again", request(*items)),
        Word("request", "other equipment", request("NOT-ASKED-FOR")),
        Word("clarification", "the registry's type", {"serial_number": EXPRESSWAY, "type": "Expressway-C"}),
        Word("clarification", "without a type", {"serial_number": EXPRESSWAY}),
        Word("clarification", "another wrong type", {"serial_number": EXPRESSWAY, "type": "Room Kit Mini"}),
        Word("clarification", "of an item by number", {"serial_number": "529C08A3", "item": 2}),
        Word("activation_keys", "for what awaits one", {"serial_number": BRIDGE, **key}),
        Word("activation_keys", "for something else", {"serial_number": KIT, **key}),
        Word("keys_granted", "by the stock, which has nothing", {}),
        Word("withdrawal", "by a case", {"tell": "curative-X", "serial_number": KIT, "reason": "closed"}),
        Word("cancellation", "", {"reason": "sold"}),
        Word("assignment", "", {"owner": "Noor"}),
        Word("note", "", {"text": "call back at 14:00"}),
        Word("vendor_validation", "of another process", {"decision": "approved"}),
    ]


async def row(story: SoftwareStory, word: Word) -> tuple[str, bool]:
    """A line of the table, and whether the word changed anything."""
    said = f"`{word.kind}`" + (f" {word.about}" if word.about else "")
    try:
        await story.say(word.kind, **word.fields)
    except (WorkflowUpdateFailedError, RPCError) as failure:
        cause = failure.cause if isinstance(failure, WorkflowUpdateFailedError) else None
        reason = cause.message if isinstance(cause, ApplicationError) else "the request is closed"
        reference = (await story.view())["reference"]
        return f"| {said} | refused | | | {reason.replace(reference, 'SW-…')} |", False
    view = await story.view()
    states = ", ".join(item["state"].replace("_", " ") for item in view["items"])
    stage = view["stage"].replace("_", " ") + (f" ({view['outcome']})" if view["outcome"] else "")
    return f"| {said} | taken | {states} | {view['waiting_for']} | {stage} |", True


def table(rows: dict[str, list[str]]) -> str:
    """The section, situation by situation."""
    head = "| said | answer | items then | ball | stage, or why not |\n|---|---|---|---|---|"
    parts = [f"### While {situation}\n\n{head}\n" + "\n".join(lines) for situation, lines in rows.items()]
    return "\n\n".join(parts)
