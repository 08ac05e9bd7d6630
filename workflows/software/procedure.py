"""The procedure: look up, give out, deliver, answer; over again with whatever is said, until every item is answered."""

from datetime import datetime

from temporalio import workflow

from workflows.software.closing import close
from workflows.software.correspondence import remind, tell_cases, write_to_the_requester
from workflows.software.delivery import deliver
from workflows.software.escalation import next_escalation, tell_of_what_is_overdue
from workflows.software.execution import SoftwareExecution
from workflows.software.keys import call_off, give_out_keys, take_issued_keys
from workflows.software.registry_check import look_up


async def answer_the_request(run: SoftwareExecution) -> None:
    """Until every item is answered, whatever comes in between."""
    update = run.update
    while True:
        seen = update.version
        await _answer_what_can_be(run)
        if not update.open_items:
            break
        if update.version == seen:
            await _wait_for_the_world(run, seen)
    await close(run)


async def _answer_what_can_be(run: SoftwareExecution) -> None:
    """Every step once, for all the items that are due for it: what is delivered does not wait for what is not."""
    await look_up(run)
    await run.clocks.keep()
    await call_off(run)
    await take_issued_keys(run)
    await give_out_keys(run)
    deliver(run)
    await remind(run)
    await tell_of_what_is_overdue(run)
    await run.clocks.keep()
    await write_to_the_requester(run)
    await tell_cases(run)
    run.update.wait_for_the_ball(workflow.now())


async def _wait_for_the_world(run: SoftwareExecution, seen: int) -> None:
    """Until something is said or done, or something is due by itself."""
    what, at = _next_by_itself(run)
    await run.rest(lambda: run.update.version != seen, at, what)


def _next_by_itself(run: SoftwareExecution) -> tuple[str, datetime | None]:
    """What comes next when nobody says anything, and when."""
    update = run.update
    upcoming = {
        "Ask the requester again": update.remind_at,
        "See whether the stock has keys": update.poll_at,
        "Tell again of what is overdue": next_escalation(run),
    }
    known = [(at, what) for what, at in upcoming.items() if at is not None]
    at, what = min(known, default=(None, ""))
    return what, at
