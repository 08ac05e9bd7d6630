"""A standard exchange, word by word, so that a test can break something between any two of them, or in one."""

from collections.abc import Awaitable, Callable
from typing import Any

from domain.case import Stage
from tests.workflows.case_story import CaseStory

TESTS = [{"name": "video call", "passed": True}]


async def _hardware_failed(case: CaseStory) -> None:
    if (await case.view())["level"] == 1:
        await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])


async def _approved(case: CaseStory) -> None:
    await case.approved()


async def _delivered(case: CaseStory) -> None:
    await case.say("shipment", status="delivered", signed_by="accueil")


async def _slot_chosen(case: CaseStory) -> None:
    offered = next(slot for slot in (await case.view())["slots"] if slot["state"] == "offered")
    await case.say("site_scheduling", action="choose", slot_id=offered["slot_id"])


async def _worked_on(case: CaseStory) -> None:
    await case.say("intervention_report", technician="Imane", outcome="completed", tests=TESTS)


async def _confirmed(case: CaseStory) -> None:
    await case.say("customer_confirmation", restored=True)


WORDS: dict[Stage, Callable[[CaseStory], Awaitable[None]]] = {
    Stage.REMOTE_DIAGNOSIS: _hardware_failed,
    Stage.VENDOR_VALIDATION: _approved,
    Stage.SHIPMENT: _delivered,
    Stage.SITE_SCHEDULING: _slot_chosen,
    Stage.ON_SITE: _worked_on,
    Stage.RESTORED: _confirmed,
}
"""What is said at each stage to lead to the next; answered whether or not the case can go on at once."""

WAITING_FOR = {Stage.VENDOR_VALIDATION: "vendor", Stage.SITE_SCHEDULING: "customer"}
"""Who has the ball once the case has come to rest at a stage that begins with an effect."""


def next_stage(stage: Stage) -> Stage:
    """The stage after `stage` in a round without trouble."""
    order = list(Stage)
    return order[order.index(stage) + 1]


async def comes_to(case: CaseStory, stage: Stage) -> None:
    """Wait until the case has come to rest at that stage, or has ended when it is the last."""
    if stage is Stage.CLOSED:
        await case.handle.result()
        return
    resting: dict[str, Any] = {"waiting_for": WAITING_FOR[stage]} if stage in WAITING_FOR else {}
    await case.reaches(stage, **resting)


async def lead(case: CaseStory, to: Stage) -> CaseStory:
    """Take a case on from where it has come to rest to that stage."""
    stage = Stage((await case.view())["stage"])
    while stage is not to:
        await WORDS[stage](case)
        stage = next_stage(stage)
        await comes_to(case, stage)
    return case
