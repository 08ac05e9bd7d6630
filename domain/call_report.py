"""The report and the diagnosis with which a call becomes a curative case (R3, R4)."""

from domain.assistance import AssistanceCall
from domain.call_messages import DraftedReport, IncidentReport
from domain.diagnosis import DiagnosisSoFar, lines_carried
from domain.messages import Report


def curative_report(call: AssistanceCall) -> Report:
    """The report: what was said when it was reported as an incident, else in the draft of a mail, else in the call.

    It is dated by the call: when it was picked up, or called back. That instant was accepted when the call came in,
    however long ago: the call vouches for it as a supervisor does, who may enter what is older than a business day.
    """
    assert call.call is not None
    incident = call.incident or IncidentReport(technician="level 2")
    draft = call.call.drafted_report or DraftedReport()
    serial_number = incident.serial_number or call.serial_number or draft.serial_number
    assert serial_number is not None
    return Report(
        serial_number=serial_number,
        reported_by=incident.reported_by or draft.reported_by or call.call.caller,
        symptom=incident.symptom or draft.symptom or call.call.symptom,
        impact=incident.impact or ("blocking" if call.is_blocking else None) or draft.impact or call.call.impact,
        reported_at=call.picked_up_at,
        channel="phone",
        mail=call.call.mail,
        exception=incident.exception or call.call.exception,
        actor=f"supervisor:call {call.reference}",
    )


def diagnosis_so_far(call: AssistanceCall) -> DiagnosisSoFar:
    """What the case goes on from: level, finding and clocks of the call, and what its journal says of the fault.

    As long as level 2 has not been asked, and of a mail that was called back to be reported as an incident, it begins
    at level 1, under clocks of its own: from the call on (R4).
    """
    by_mail = call.call is not None and call.call.is_by_mail
    lines = lines_carried(call.journal)
    if call.finding is None and (call.level == 1 or by_mail):
        return DiagnosisSoFar(call=call.reference, level=1, journal=lines)
    return DiagnosisSoFar(
        call=call.reference, level=call.level, finding=call.finding, promises=tuple(call.promises), journal=lines
    )
