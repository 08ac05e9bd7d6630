"""The page of a call in the Temporal Web UI: what it is about, who has the ball, what to send (SPEC §6)."""

from datetime import datetime
from typing import Any

from domain.assistance import AssistanceCall, CallOutcome, CallStage
from domain.call_briefing import call_briefing
from domain.call_messages import Call, DraftedReport
from domain.journal import Disposition
from domain.messages import Caller
from domain.waits import Party
from tests.domain.sample_cases import card

MONDAY = datetime.fromisoformat("2027-05-10T09:00+02:00")
CALLER = Caller(name="Camille | Petit", phone="0170480368")


def state(**fields: Any) -> AssistanceCall:
    """A call at level 1."""
    said = Call(caller=CALLER, symptom="no <b>sound</b>", drafted_report=fields.pop("draft", None))
    call = AssistanceCall(
        **{
            "reference": "CA-7K3Q-9XTB",
            "workflow_id": "assistance-1",
            "run_id": "run",
            "call_id": "1",
            "opened_at": MONDAY,
            "reported_at": MONDAY,
            "since": MONDAY,
            "call": said,
            "stage": CallStage.REMOTE_DIAGNOSIS,
            **fields,
        }
    )
    call.wait_for(Party.SUPPORT, MONDAY)
    return call


def test_it_says_what_it_is_about_and_what_to_send() -> None:
    page = call_briefing(state(equipment=card(), serial_number="FTT2608B2KR"), MONDAY)
    assert page.startswith("## CA-7K3Q-9XTB · remote_diagnosis (level 1)")
    assert "| Waiting for | **support** since" in page
    assert 'remote_diagnosis` `{"level": 1, "outcome": "resolved"' in page
    assert "logs_provided" not in page  # it is an endpoint


def test_what_anyone_typed_is_shown_as_it_stands() -> None:
    page = call_briefing(state(), MONDAY)
    assert "Camille \\| Petit, 0170480368" in page
    assert "no \\<b\\>sound\\</b\\>" in page
    assert "nobody has said which" in page


def test_the_draft_of_a_mail_is_to_be_confirmed() -> None:
    draft = DraftedReport(serial_number="FTT2608B2KR", reported_by=CALLER, symptom="black screen")
    page = call_briefing(state(draft=draft), MONDAY)
    assert "**Drafted report**" in page
    assert "| serial number | FTT2608B2KR |" in page
    assert "| reported by | Camille \\| Petit |" in page


def test_a_closed_call_asks_for_nothing_and_says_how_it_ended() -> None:
    closed = state(stage=CallStage.CLOSED, outcome=CallOutcome.CURATIVE_CASE, led_to="CM-7K3Q-9XTB")
    page = call_briefing(closed, MONDAY)
    assert "— **curative_case**" in page
    assert "| Goes on as | CM-7K3Q-9XTB |" in page
    assert "**Send**" not in page


def test_a_page_stays_within_the_limit_of_the_web_ui() -> None:
    call = state()
    for _ in range(60):
        call.write(MONDAY, "customer:" + "é" * 150, "note", Disposition.TAKEN, "é" * 4_000)
    assert len(call_briefing(call, MONDAY).encode()) < 20_000
