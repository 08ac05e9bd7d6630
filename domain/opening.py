"""The one argument with which a curative case starts: `{"report": {…}}` (SPEC §5)."""

from pydantic import BaseModel, ConfigDict

from domain.messages import MessageRefused, Report, parse_message
from domain.payloads import Undecodable, unreadable

REPORT, MOVED_FROM = "report", "moved_from"


class Opening(BaseModel):
    """The report of a case, and the case that it was first taken for, when it was another one's (a correction)."""

    model_config = ConfigDict(frozen=True)

    report: Report
    moved_from: str | None = None


def parse_opening(payloads: tuple[object, ...]) -> Opening:
    """Return the opening. Raises MessageRefused, in one sentence that names the field, otherwise."""
    opening = payloads[0] if payloads else None
    if len(payloads) > 1 or not isinstance(opening, dict) or isinstance(opening, Undecodable):
        raise MessageRefused("report", f'a case starts with one argument, {{"report": {{…}}}}{unreadable(opening)}')
    unknown = [str(field) for field in opening if field not in (REPORT, MOVED_FROM)]
    if unknown or REPORT not in opening:
        found = f"; {', '.join(unknown)[:80]!r} is not known here" if unknown else ""
        raise MessageRefused("report", f'a case starts with {{"report": {{…}}}}{found}')
    moved_from = opening.get(MOVED_FROM)
    if moved_from is not None and not isinstance(moved_from, str):
        raise MessageRefused(MOVED_FROM, "it is the reference of the case that the report was first taken for")
    try:
        report = parse_message("report", opening[REPORT])
    except MessageRefused as refusal:
        raise MessageRefused(f"report.{refusal.field}", refusal.reason) from None
    assert isinstance(report, Report)
    return Opening(report=report, moved_from=moved_from)
