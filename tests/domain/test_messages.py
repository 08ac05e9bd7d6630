"""What messages say, field by field (SPEC §5)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.messages import CASE_MESSAGES, Correction, InterventionReport, Report, VendorValidation
from tests.domain.messages_page import EXAMPLES
from tests.domain.sample_cases import message, refusal

INSTANT_FIELDS = [
    ("note", "at"),
    ("report", "reported_at"),
    ("vendor_validation", "decided_at"),
    ("shipment", "expected_at"),
    ("site_scheduling", "start"),
    ("site_scheduling", "end"),
    ("intervention_report", "arrived_at"),
]


@pytest.mark.parametrize(("kind", "field"), INSTANT_FIELDS)
def test_a_naive_instant_is_refused_and_the_field_is_named(kind: str, field: str) -> None:
    assert refusal(kind, **{field: "2026-06-11T15:50:00"}) == (
        f"{field}: an instant names its offset, as 2026-06-11T15:50:00+02:00, not '2026-06-11T15:50:00'"
    )


@pytest.mark.parametrize(("kind", "field"), INSTANT_FIELDS)
@pytest.mark.parametrize("number", [5, 1781185800.5, "1781185800"])
def test_a_number_is_no_instant(kind: str, field: str, number: object) -> None:
    assert refusal(kind, **{field: number}) == f"{field}: give an instant with its offset, as 2026-06-11T15:50:00+02:00"


@pytest.mark.parametrize(("kind", "field"), INSTANT_FIELDS)
def test_an_instant_that_cannot_be_meant_is_refused(kind: str, field: str) -> None:
    assert refusal(kind, **{field: "0001-01-01T00:00:00+14:00"}).startswith(f"{field}: 0001-01-01")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("report", "symptom"),
        ("cancellation", "reason"),
        ("correction", "reason"),
        ("loan_veto", "reason"),
        ("note", "text"),
        ("remote_diagnosis", "technician"),
        ("assignment", "owner"),
    ],
)
@pytest.mark.parametrize("blank", ["", "   ", "\n\t"])
def test_a_text_that_must_say_something_is_not_blank(kind: str, field: str, blank: str) -> None:
    assert refusal(kind, **{field: blank}).startswith(f"{field}: string should have at least 1 character")


def test_an_exception_gives_its_reason() -> None:
    granted = {"kind": "goodwill", "granted_by": "R. Martin", "reason": " "}
    assert refusal("report", exception=granted).startswith("exception.reason: ")


def test_a_report_is_about_the_normalised_serial_number() -> None:
    report = message("report", serial_number=" ftt2608b2kr ")
    assert isinstance(report, Report)
    assert report.serial_number == "FTT2608B2KR"
    assert refusal("report", serial_number="ß1").startswith("serial_number: 'ß1' is not a serial number; give 1 to 64")


def test_a_report_happened_when_the_call_was_picked_up_not_when_the_form_was_saved() -> None:
    picked_up, saved = "2026-06-11T08:20:00+02:00", "2026-06-11T08:45:00+02:00"
    assert message("report", reported_at=picked_up, at=saved).instant == datetime.fromisoformat(picked_up)
    assert message("report", reported_at=None, at=saved).instant == datetime.fromisoformat(saved)
    assert message("report", reported_at=None).happened_at is None


def test_the_instant_of_the_vendors_decision_is_decided_at() -> None:
    decision = message("vendor_validation", at="2026-06-11T16:20:00+02:00")
    assert decision.instant == datetime(2026, 6, 11, 13, 50, tzinfo=UTC)


def test_a_correction_names_the_right_serial_number_or_the_right_site() -> None:
    assert refusal("correction", serial_number=None) == "serial_number: name the right serial number, or the right site"
    corrected = message("correction", serial_number=" abc1 ", site=" S-2 ")
    assert isinstance(corrected, Correction)
    assert (corrected.serial_number, corrected.site) == ("ABC1", "S-2")


@pytest.mark.parametrize("outcome", ["logs_needed", "hardware_failure", "onsite_without_parts", "software_fault"])
def test_level_1_resolves_or_escalates_and_nothing_else(outcome: str) -> None:
    assert refusal("remote_diagnosis", level=1, outcome=outcome) == (
        f"outcome: level 1 says 'resolved' or 'escalate'; '{outcome}' is for level 2 to find"
    )


def test_level_2_has_nobody_to_escalate_to() -> None:
    assert refusal("remote_diagnosis", outcome="escalate").startswith("outcome: level 2 is the last level")


@pytest.mark.parametrize("level", [0, 3, "2", 1.5])
def test_there_are_two_levels(level: object) -> None:
    assert refusal("remote_diagnosis", level=level).startswith("level: must be 1 or 2, not ")


def test_a_choice_names_the_slot_and_a_proposal_its_start_and_end() -> None:
    nothing = {"start": None, "end": None}
    assert refusal("site_scheduling", action="choose", **nothing) == "slot_id: name the slot that is chosen"
    assert refusal("site_scheduling", end=None) == "start: a proposed slot needs its start and its end"
    assert refusal("site_scheduling", end="2026-06-16T14:00:00+02:00") == "end: a proposed slot ends after its start"


def test_a_completed_intervention_names_its_tests() -> None:
    assert refusal("intervention_report", tests=[]).startswith("tests: a completed intervention names each test")


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "unfinished"},
        {"outcome": "no_fault_found"},
        {"installed": False},
        {"configured": False},
        {"tests": [{"name": "call", "passed": True}, {"name": "sharing", "passed": False}]},
    ],
)
def test_service_is_restored_when_installed_configured_and_every_test_passed(fields: dict[str, Any]) -> None:
    whole, lacking = message("intervention_report"), message("intervention_report", **fields)
    assert isinstance(whole, InterventionReport)
    assert isinstance(lacking, InterventionReport)
    assert whole.service_is_restored
    assert not lacking.service_is_restored


@pytest.mark.parametrize("actor", ["R. Martin", "Supervisor:R. Martin", "supervisor:", ":x", "supervisor R. Martin"])
def test_an_actor_is_a_role_and_a_name(actor: str) -> None:
    assert refusal("note", actor=actor).startswith("actor: ")


@pytest.mark.parametrize(
    ("kind", "speaker"),
    [
        ("report", "customer:Camille Petit"),
        ("remote_diagnosis", "level_2:Noor"),
        ("vendor_validation", "vendor:unnamed"),
        ("shipment", "carrier:Chrono"),
        ("intervention_report", "technician:Imane"),
        ("customer_confirmation", "customer:unnamed"),
        ("loan_veto", "coordinator:unnamed"),
        ("note", "support:unnamed"),
    ],
)
def test_who_said_it_is_the_actor_or_whoever_says_such_things(kind: str, speaker: str) -> None:
    assert message(kind).said_by == speaker
    assert message(kind, actor="supervisor:R. Martin").said_by == "supervisor:R. Martin"


@pytest.mark.parametrize("kind", CASE_MESSAGES)
def test_every_message_has_a_line_for_the_journal(kind: str) -> None:
    assert message(kind).summary
    assert "None" not in message(kind).summary


def test_a_message_cannot_be_changed() -> None:
    decision = message("vendor_validation")
    assert isinstance(decision, VendorValidation)
    with pytest.raises(ValueError, match="frozen"):
        decision.decision = "refused"  # type: ignore[misc]  # what is tested is that it fails


def test_the_examples_have_no_field_too_many() -> None:
    assert all(set(payload) <= set(CASE_MESSAGES[kind].model_fields) for kind, payload in EXAMPLES.items())
