"""A report on its way to the case of its equipment: opens it, or joins the one that is open (R4, SPEC §3)."""

from collections.abc import Mapping

from pydantic import JsonValue
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from config.search_attributes import CASE_STAGE, SERIAL_NUMBER
from domain.case import Stage
from domain.messages import Report
from domain.serial_numbers import curative_workflow_id
from domain.submission import SubmitAnswer
from starter.opening import OPENED_BY, Opening, Start

WORKFLOW = "CurativeMaintenanceWorkflow"


class CaseOpening(Opening[SubmitAnswer]):
    """One report with a message id.

    `besides` is what a case that it opens is told with it: the case whose report it was first, what a call has found.
    """

    WORKFLOW = WORKFLOW
    KIND = Report.kind

    def __init__(
        self,
        client: Client,
        task_queue: str,
        report: Report,
        content: Mapping[str, JsonValue],
        *,
        besides: Mapping[str, JsonValue] | None = None,
    ) -> None:
        first = {Report.kind: dict(content), **(besides or {})}
        super().__init__(client, _start(report, task_queue), first, content, SubmitAnswer)


def _start(report: Report, task_queue: str) -> Start:
    """How a case is started. A report after the closing opens a new one: the id may be used again on purpose."""
    assert report.message_id is not None
    attributes = [
        SearchAttributePair(SERIAL_NUMBER, report.serial_number),
        SearchAttributePair(CASE_STAGE, Stage.REGISTERED.value),
    ]
    return {
        "id": curative_workflow_id(report.serial_number),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        "memo": {OPENED_BY: report.message_id},
        "search_attributes": TypedSearchAttributes(attributes),
        "static_summary": f"{report.serial_number}: curative maintenance, {report.impact}",
        "static_details": f"Opened on a report about `{report.serial_number}`, received by {report.channel}.",
    }
