"""Curative maintenance: one piece of equipment, from the call to the closed case (*maintenance curative*)."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from temporalio import workflow

from workflows.beginning import case_of
from workflows.case_execution import CaseExecution
from workflows.contact_watch import watch_the_contact
from workflows.continuation import continue_as_new, may_continue_as_new
from workflows.execution import Interrupted
from workflows.interruptions import answer_interruption
from workflows.lifetime import live
from workflows.loan_process import keep_lending
from workflows.message_handlers import MessageHandlers
from workflows.promise_alerts import tell_of_the_clock
from workflows.stages.closed import closed
from workflows.stages.on_site import on_site
from workflows.stages.registered import registered
from workflows.stages.remote_diagnosis import remote_diagnosis
from workflows.stages.restored import restored
from workflows.stages.shipment import shipment
from workflows.stages.site_scheduling import site_scheduling
from workflows.stages.vendor_validation import vendor_validation

with workflow.unsafe.imports_passed_through():
    from domain.case import Stage
    from domain.view import CaseView, view_of

NO_WAY_TO_END = "the engine's own cancellation is no way to end a case: send a cancellation message"

PROCEDURE: dict[Stage, Callable[[CaseExecution], Awaitable[None]]] = {
    Stage.REGISTERED: registered,
    Stage.REMOTE_DIAGNOSIS: remote_diagnosis,
    Stage.VENDOR_VALIDATION: vendor_validation,
    Stage.SHIPMENT: shipment,
    Stage.SITE_SCHEDULING: site_scheduling,
    Stage.ON_SITE: on_site,
    Stage.RESTORED: restored,
}
"""The procedure of the sheet, from top to bottom. Each stage says which one is next (R2 to R10).

A stage begins once, and can be entered again where it was left: after an interruption, or in the next execution.
"""


@workflow.defn(name="CurativeMaintenanceWorkflow")
class CurativeMaintenanceWorkflow(MessageHandlers):
    """One case. Started as `curative-<serial number>` with `{"report": {…}}`; its result is the closed case's view."""

    @workflow.init
    def __init__(self, opening: Any = None, *extra: Any) -> None:
        """Record the report at once: from here on it cannot be lost, whatever else is away (SPEC §7.1)."""
        self.execution = case_of((opening, *extra))

    @workflow.run
    async def run(self, opening: Any = None, *extra: Any) -> CaseView:
        """From the opening to the end, with all that goes on beside it: clocks, letters, a loan, the publication."""
        run = self.execution
        run.outbox.go_on()
        beside = [asyncio.create_task(work) for work in _beside(run)]
        await live(
            asyncio.create_task(_procedure(run)),
            lambda: beside,
            cancelled=lambda: run.note(NO_WAY_TO_END, kind="engine"),
            may_continue=lambda: may_continue_as_new(run),
            continue_as_new=lambda: continue_as_new(run),
        )
        return view_of(run.case)


def _beside(run: CaseExecution) -> tuple[Any, ...]:
    """What runs as long as the case does, and never ends by itself."""
    return (
        run.promises.run(partial(tell_of_the_clock, run)),
        keep_lending(run),
        watch_the_contact(run),
        run.publication.keep_showing(),
        run.publication.keep_recording(),
    )


async def _procedure(run: CaseExecution) -> None:
    """Stage by stage until it is known how the case ends; then it is closed, and everything is out."""
    while not run.case.is_ending:
        try:
            await PROCEDURE[run.case.stage](run)
        except Interrupted as interruption:
            await answer_interruption(run, interruption.word)
    await closed(run)
    await workflow.wait_condition(workflow.all_handlers_finished)
    await run.outbox.is_empty()
    await run.publication.is_done()
