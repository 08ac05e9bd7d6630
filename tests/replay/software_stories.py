"""The stories of software requests whose histories are kept: each goes to its last answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.workflows.case_story import paris
from tests.workflows.software_story import (
    BRIDGE,
    CODEC,
    EXPIRED,
    GATEWAY,
    KIT,
    RMX,
    UP_TO_DATE,
    SoftwareStory,
    request,
)

Tell = Callable[[SoftwareStory], Awaitable[None]]
EXPRESSWAY = "52AE2266"


async def every_answer(story: SoftwareStory) -> None:
    """Delivered with and without a key, up to date, no release, not covered, unknown."""


async def keys_of_the_vendor(story: SoftwareStory) -> None:
    """Keys are awaited past the warnings and the breach; the stock is asked now and then; the vendor answers."""
    await story.at(paris("fri 21 12:00"))
    for serial_number in (BRIDGE, EXPRESSWAY):
        await story.signal("activation_keys", {"serial_number": serial_number, "keys": [f"KEY-{serial_number}"]})


async def clarified_in_the_middle(story: SoftwareStory) -> None:
    """The clock stands still, reminders go out, signals of any content come in, one piece is cleared up."""
    await story.at(paris("wed 12 11:00"))
    await story.signal("clarification")
    await story.signal("no_such_signal", {"text": "nobody"})
    await story.say("clarification", serial_number=EXPRESSWAY, type="Room Kit Mini")
    await story.at(paris("fri 14 11:00"))
    await story.say("clarification", serial_number=EXPRESSWAY, at=paris("fri 14 10:30").isoformat())
    await story.until(lambda view: view["items"][0]["state"] == "delivered", "it is delivered")


async def cancelled(story: SoftwareStory) -> None:
    """One is delivered, one has waited for a key, one for a clarification."""
    await story.say("cancellation", reason="the building is sold")


UNCLEAR = {"serial_number": EXPRESSWAY, "type": "Room Kit"}
SOFTWARE_STORIES: dict[str, tuple[Tell, dict[str, Any], bool]] = {
    "software_every_answer": (every_answer, request(KIT, BRIDGE, UP_TO_DATE, GATEWAY, EXPIRED, RMX, "NOBODY"), True),
    "software_keys_of_the_vendor": (keys_of_the_vendor, request(BRIDGE, EXPRESSWAY, CODEC), False),
    "software_clarified_in_the_middle": (clarified_in_the_middle, request(UNCLEAR, {"type": "Studio X50"}), True),
    "software_cancelled": (cancelled, request(KIT, BRIDGE, UNCLEAR), False),
}
"""What is told, what is asked for, and whether the stock has keys."""
