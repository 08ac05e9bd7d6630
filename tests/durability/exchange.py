"""A standard exchange, step by step, so that a test can break something between any two steps."""

from collections.abc import Awaitable, Callable

from domain.case import Stage
from tests.workflows.case_story import CaseStory


async def _is_approved(case: CaseStory) -> None:
    await case.approved()


async def _is_delivered(case: CaseStory) -> None:
    await case.say("shipment", status="delivered", signed_by="accueil")
    await case.reaches(Stage.SITE_SCHEDULING, waiting_for="customer")


async def _is_confirmed(case: CaseStory) -> None:
    await case.say("customer_confirmation", restored=True)


STEPS: dict[Stage, Callable[[CaseStory], Awaitable[object]]] = {
    Stage.REMOTE_DIAGNOSIS: CaseStory.hardware_has_failed,
    Stage.VENDOR_VALIDATION: _is_approved,
    Stage.SHIPMENT: _is_delivered,
    Stage.SITE_SCHEDULING: CaseStory.visit_is_chosen,
    Stage.ON_SITE: CaseStory.worked_on_site,
    Stage.RESTORED: _is_confirmed,
}
"""What leads from each stage to the next."""


async def lead(case: CaseStory, to: Stage) -> CaseStory:
    """Take a case on from wherever it is to that stage, and wait until it has come to rest there."""
    view = await case.view()
    order = list(Stage)
    for stage in order[order.index(Stage(view["stage"])) : order.index(to)]:
        await STEPS[stage](case)
        if order[order.index(stage) + 1] is not Stage.CLOSED:
            await case.reaches(order[order.index(stage) + 1])
    return case
