"""A report as the desk sends it, and what its case's answer means for whoever reported (SPEC §3)."""

from collections.abc import Mapping
from uuid import uuid4

from pydantic import JsonValue

from domain.case import Outcome
from domain.messages import Report, parse_message
from domain.view import CaseView
from starter.answers import ReportAnswer, ReportStatus


def report_content(report: Report | Mapping[str, JsonValue], message_id: str | None) -> dict[str, JsonValue]:
    """The report as it was said, as JSON, with a message id: the one given, its own, or a new one."""
    said = report.model_dump(mode="json", exclude_unset=True) if isinstance(report, Report) else dict(report)
    if said.get("kind") == Report.kind:
        del said["kind"]
    said["message_id"] = message_id or said.get("message_id") or f"report-{uuid4()}"
    return said


def parsed_report(content: Mapping[str, JsonValue]) -> Report:
    """The report that such content is. Raises MessageRefused."""
    report = parse_message(Report.kind, dict(content))
    assert isinstance(report, Report)
    return report


def answer_of(view: CaseView, message_id: str, *, opened: bool) -> ReportAnswer:
    """The answer when the case has answered; `opened` says whether it was this report that opened it."""
    if view.outcome is Outcome.REJECTED:
        status, reason = ReportStatus.REJECTED, view.outcome_reason
    elif view.check_pending:
        status, reason = ReportStatus.PENDING, "recorded; the registry cannot be asked now, the check is pending"
    elif opened:
        status, reason = ReportStatus.ACCEPTED, view.outcome_reason if view.outcome is Outcome.MOVED else None
    else:
        status, reason = ReportStatus.JOINED, f"{view.reference} is open for this equipment already"
    return ReportAnswer(
        status=status,
        workflow_id=view.workflow_id,
        message_id=message_id,
        reference=view.reference,
        reason=reason,
        view=view,
    )


def answer_unseen(workflow_id: str, message_id: str) -> ReportAnswer:
    """The answer when the report is recorded and no worker has looked at it."""
    return ReportAnswer(
        status=ReportStatus.PENDING,
        workflow_id=workflow_id,
        message_id=message_id,
        reason="recorded; nobody works on cases now, the check is pending",
    )
