"""The one argument with which a curative case starts: `{"report": {…}}` (SPEC §5)."""

from domain.messages import MessageRefused, Report, parse_message
from domain.payloads import Undecodable


def parse_opening(payloads: tuple[object, ...]) -> Report:
    """Return the report of an opening. Raises MessageRefused, in one sentence that names the field, otherwise."""
    opening = payloads[0] if payloads else None
    if len(payloads) > 1 or not isinstance(opening, dict) or isinstance(opening, Undecodable):
        raise MessageRefused("report", 'a case starts with one argument, {"report": {…}}')
    unknown = [str(field) for field in opening if field != "report"]
    if unknown or "report" not in opening:
        found = f"; {', '.join(unknown)[:80]!r} is not known here" if unknown else ""
        raise MessageRefused("report", f'a case starts with {{"report": {{…}}}}{found}')
    try:
        report = parse_message("report", opening["report"])
    except MessageRefused as refusal:
        raise MessageRefused(f"report.{refusal.field}", refusal.reason) from None
    assert isinstance(report, Report)
    return report
