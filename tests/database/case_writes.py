"""Cases as a workflow would write them, for the tests of the read model."""

from datetime import UTC, datetime, timedelta
from typing import Any

from database.cases import CaseWrite
from domain.calendars import CalendarSpec, Reading
from domain.case import CaseState
from domain.coverage import Coverage
from domain.journal import Disposition, JournalLine
from domain.rounds import Round
from domain.terms import Terms
from domain.view import CaseView, view_of

REFERENCE = "CM-7K3Q-9XTB"
SERIAL_NUMBER = "FOC2735Y3TT"
MONDAY = datetime(2026, 6, 8, 8, 0, tzinfo=UTC)
PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", revision="2024-1")
COVERAGE = Coverage(
    terms=Terms(software_reading=Reading.SERVICE_HOURS, transit_days={"metropole": 0}),
    provider=PARIS,
    site=PARIS,
    basis="contract",
)


def view(reference: str = REFERENCE, **changes: Any) -> CaseView:
    """The view of a case that was just reported, with these fields changed."""
    case = CaseState(
        reference=reference,
        workflow_id=f"curative-{SERIAL_NUMBER}",
        run_id="0197",
        opened_at=MONDAY,
        reported_at=MONDAY,
        since=MONDAY,
        serial_number=SERIAL_NUMBER,
        rounds=[Round(reason="reported", began_at=MONDAY)],
    )
    return CaseView.model_validate({**view_of(case).model_dump(), **changes})


def closed_view(reference: str, closed_at: datetime, outcome: str = "restored") -> CaseView:
    """The view of a case that has ended."""
    return view(reference, stage="closed", outcome=outcome, closed_at=closed_at)


def line(sequence: int, text: str = "Screen stays black") -> JournalLine:
    """A line of the journal, a minute after the one before."""
    at = MONDAY + timedelta(minutes=sequence)
    return JournalLine(
        sequence=sequence,
        at=at,
        entered_at=at,
        actor="level_1:A. Petit",
        kind="note",
        disposition=Disposition.TAKEN,
        text=text,
    )


def write(version: int = 1, *lines: JournalLine, **changes: Any) -> CaseWrite:
    """A write of that version, with these journal lines and these fields of the view changed."""
    return CaseWrite(version=version, view=view(**changes), journal=lines)
