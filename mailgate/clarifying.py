"""Which items of a software request an answer clears up (R12)."""

from collections.abc import Sequence

from pydantic import JsonValue

from domain.type_names import is_the_type
from mailgate.plan import ReplyItem
from mailgate.ports import Missing


def clarifications(said: Sequence[ReplyItem], missing: Sequence[Missing]) -> list[dict[str, JsonValue]]:
    """What to tell the request: each thing that was said for the one item that it can only mean.

    A serial number is for the item whose type it is, or for the only one that waits; a type alone confirms or corrects
    the only one that has a serial number. What could be meant for several is left to a person to read.
    """
    waiting = list(missing)
    made: list[dict[str, JsonValue]] = []
    for item in said:
        meant = _meant(item, waiting)
        if meant is None:
            continue
        serial_number = item.serial_number or meant.serial_number
        if serial_number is None:
            continue
        waiting.remove(meant)
        clarification: dict[str, JsonValue] = {"serial_number": serial_number}
        if meant.item is not None:
            clarification["item"] = meant.item
        if item.type:
            clarification["type"] = item.type
        made.append(clarification)
    return made


def _meant(item: ReplyItem, waiting: Sequence[Missing]) -> Missing | None:
    if item.serial_number is not None:
        named = [each for each in waiting if each.serial_number == item.serial_number]
        if named:
            return named[0]
        known = item.registered_type or item.type
        typed = [each for each in waiting if known and each.type and is_the_type(each.type, known, [known])]
        if typed and len({each.type for each in typed}) == 1:
            return typed[0]
    return waiting[0] if len(waiting) == 1 else None
