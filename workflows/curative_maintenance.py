"""Curative maintenance: one piece of equipment, from the call to the closed case (*maintenance curative*)."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.message_handlers import MessageHandlers
from workflows.stages.closed import closed
from workflows.stages.on_site import on_site
from workflows.stages.registered import registered
from workflows.stages.remote_diagnosis import remote_diagnosis
from workflows.stages.restored import restored
from workflows.stages.shipment import shipment
from workflows.stages.site_scheduling import site_scheduling
from workflows.stages.vendor_validation import vendor_validation

with workflow.unsafe.imports_passed_through():
    from config.arrival import start_sent_at
    from domain.case import CaseState, Outcome
    from domain.messages import MessageRefused, Report
    from domain.opening import parse_opening
    from domain.reception import CLOCK_TOLERANCE
    from domain.references import new_reference
    from domain.serial_numbers import curative_workflow_id
    from domain.view import CaseView, view_of

OLDEST_REPORT = timedelta(days=366)
"""How far back even a supervisor may date a report."""


@workflow.defn(name="CurativeMaintenanceWorkflow")
class CurativeMaintenanceWorkflow(MessageHandlers):
    """One case. Started as `curative-<serial number>` with `{"report": {…}}`; its result is the closed case's view."""

    @workflow.init
    def __init__(self, opening: Any = None, *extra: Any) -> None:
        """Record the report at once: from here on it cannot be lost, whatever else is away (SPEC §7.1)."""
        self.report_taken: Report | None = None
        refusal: MessageRefused | None = None
        try:
            self.report_taken = _admitted(parse_opening((opening, *extra)))
        except MessageRefused as error:
            refusal = error
        self.execution = CaseExecution(_new_case(self.report_taken))
        if refusal is not None:
            self.execution.inbox.refuse("report", (opening, *extra), refusal)
            self.execution.end(Outcome.REJECTED, str(refusal))
        elif self.report_taken is not None:
            self.execution.inbox.accept_opening(self.report_taken)

    @workflow.run
    async def run(self, opening: Any = None, *extra: Any) -> CaseView:
        """From the opening to the end, with the promise clock and the publication running beside it."""
        run = self.execution
        clock, page, read_model = run.promises.run(), run.publication.keep_showing(), run.publication.keep_recording()
        beside = [asyncio.create_task(work) for work in (clock, page, read_model)]
        await _to_the_end(run, asyncio.create_task(self._procedure(run)), beside)
        for task in beside:
            task.cancel()
        return view_of(run.case)

    async def _procedure(self, run: CaseExecution) -> None:
        """The procedure of the sheet, from top to bottom."""
        if self.report_taken is not None and await registered(run, self.report_taken):
            await self._maintain(run)
        await closed(run)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await run.publication.is_done()

    async def _maintain(self, run: CaseExecution) -> None:
        """Diagnose, replace, visit, test: as many rounds as it takes until service is restored (R2 to R10)."""
        run.case.level = 2 if run.case.is_blocking else 1
        while run.case.outcome is None:
            finding = await remote_diagnosis(run)
            if finding is None:
                return
            if finding.outcome == "hardware_failure":
                if not await vendor_validation(run, finding):
                    continue
                await shipment(run, finding)
            if await self._visit(run):
                await restored(run)

    async def _visit(self, run: CaseExecution) -> bool:
        """Plan a visit until somebody can work on site (R10); True when every test passed, else a new round (R9)."""
        work = None
        while work is None:
            await site_scheduling(run)
            work = await on_site(run)
        if not work.service_is_restored:
            run.begin_round(work.summary, work.instant)
        return work.service_is_restored


async def _to_the_end(run: CaseExecution, procedure: asyncio.Task[None], beside: list[asyncio.Task[None]]) -> None:
    """Wait until the procedure is through, to its last record, whatever Temporal itself asks meanwhile.

    Its own request to cancel ends no case: a case ends by a message, so that nothing is left undone. What runs beside
    never ends by itself: when it has, it failed, and fails the workflow task, which is tried until a deploy mends it.
    """
    while not procedure.done():
        try:
            await workflow.wait_condition(lambda: any(task.done() for task in (procedure, *beside)))
        except asyncio.CancelledError:
            run.note(
                "the engine's own cancellation is no way to end a case: send a cancellation message", kind="engine"
            )
        for task in beside:
            if task.done():
                task.result()
    procedure.result()


def _admitted(report: Report) -> Report:
    """The report, when it belongs to this workflow id and was picked up at a time that can be meant."""
    expected = curative_workflow_id(report.serial_number)
    if workflow.info().workflow_id != expected:
        raise MessageRefused(
            "report.serial_number", f"the case of {report.serial_number} has the workflow id {expected}"
        )
    at = report.happened_at
    if at is not None and at > workflow.now() + CLOCK_TOLERANCE:
        raise MessageRefused("report.reported_at", f"{at.isoformat()} lies ahead of the case's clock")
    if at is not None and at < workflow.now() - OLDEST_REPORT:
        raise MessageRefused(
            "report.reported_at", f"{at.isoformat()} is more than a year ago; give the instant of the call"
        )
    return report


def _new_case(report: Report | None) -> CaseState:
    info, now = workflow.info(), workflow.now()
    sent_at = start_sent_at() or now
    reported_at = min(report.happened_at or sent_at, now) if report else now
    return CaseState(
        reference=new_reference(workflow.random()),
        workflow_id=info.workflow_id,
        run_id=info.run_id,
        opened_at=now,
        reported_at=reported_at,
        since=reported_at,
        serial_number=report.serial_number if report else info.workflow_id.removeprefix("curative-")[:64],
        report=report,
    )
