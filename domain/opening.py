"""The one argument with which a curative case starts: `{"report": {…}}` (SPEC §5)."""

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.diagnosis import DiagnosisSoFar
from domain.messages import MessageRefused, Report, parse_message
from domain.payloads import Undecodable, unreadable
from domain.refusals import first_mistake

REPORT, MOVED_FROM, DIAGNOSIS = "report", "moved_from", "diagnosis"


class Opening(BaseModel):
    """The report of a case; the case that it was first taken for, when it was another one's (a correction); and what a
    call has found already, when the case begins where a diagnosis by phone ended (R2, R3)."""

    model_config = ConfigDict(frozen=True)

    report: Report
    moved_from: str | None = None
    diagnosis: DiagnosisSoFar | None = None


def parse_opening(payloads: tuple[object, ...]) -> Opening:
    """Return the opening. Raises MessageRefused, in one sentence that names the field, otherwise."""
    opening = payloads[0] if payloads else None
    if len(payloads) > 1 or not isinstance(opening, dict) or isinstance(opening, Undecodable):
        raise MessageRefused("report", f'a case starts with one argument, {{"report": {{…}}}}{unreadable(opening)}')
    unknown = [str(field) for field in opening if field not in (REPORT, MOVED_FROM, DIAGNOSIS)]
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
    return Opening(report=report, moved_from=moved_from, diagnosis=_diagnosis(opening.get(DIAGNOSIS)))


def _diagnosis(given: object) -> DiagnosisSoFar | None:
    if given is None:
        return None
    try:
        return DiagnosisSoFar.model_validate(given)
    except ValidationError as error:
        field, reason = first_mistake(error, DiagnosisSoFar.model_fields)
        raise MessageRefused(f"{DIAGNOSIS}.{field}", reason) from None
