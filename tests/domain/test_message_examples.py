"""What a page tells an operator to send is taken as it stands there, in every stage (SPEC §6)."""

import json
import re
from datetime import timedelta

import pytest

from domain.briefing import briefing_of
from domain.case import CaseState, Stage
from domain.loan import Loan, LoanStage
from domain.messages import parse_message
from domain.reception import Reception, receive
from domain.slots import Slot, SlotState
from domain.software_wait import SoftwareState, SoftwareWait
from tests.domain.sample_cases import NOON, OPENED, case

HOUR = timedelta(hours=1)


def slot(slot_id: str, hours_ahead: int, state: SlotState = SlotState.OFFERED) -> Slot:
    start = NOON + hours_ahead * HOUR
    return Slot(slot_id=slot_id, start=start, end=start + HOUR, state=state)


def shown(about: CaseState) -> list[tuple[str, str]]:
    """The kinds and the payloads that its page shows."""
    return re.findall(r"^- `(\w+)` `(\{.*\})`$", briefing_of(about, NOON), re.MULTILINE)


CASES: dict[str, CaseState] = {
    **{stage.value: case(stage=stage) for stage in Stage if stage not in (Stage.ON_SITE, Stage.CLOSED)},
    "level 2": case(stage=Stage.REMOTE_DIAGNOSIS, level=2),
    "reported this second": case(stage=Stage.VENDOR_VALIDATION, reported_at=NOON + timedelta(milliseconds=1)),
    "slots offered": case(stage=Stage.SITE_SCHEDULING, slots=[slot("PAST", -1), slot("AHEAD", 1)]),
    "a slot chosen": case(stage=Stage.ON_SITE, slots=[slot("AHEAD", 1, SlotState.CHOSEN)]),
    "software delivered": case(
        stage=Stage.REMOTE_DIAGNOSIS,
        level=2,
        software=SoftwareWait(state=SoftwareState.DELIVERED, asked_at=OPENED, answered_at=OPENED, with_hardware=False),
    ),
    "loan considered": case(stage=Stage.SHIPMENT, loan=Loan(number=1, cause="late", considered_at=OPENED)),
    "loan reserved": case(
        stage=Stage.SHIPMENT, loan=Loan(number=1, cause="late", considered_at=OPENED, stage=LoanStage.RESERVED)
    ),
}


@pytest.mark.parametrize("about", CASES.values(), ids=list(CASES))
def test_what_the_page_shows_is_taken_as_it_stands(about: CaseState) -> None:
    examples = shown(about)
    assert examples
    for kind, payload in examples:
        assert receive(about, parse_message(kind, json.loads(payload)), NOON)[0] is Reception.TAKEN, payload


def test_a_slot_that_is_past_is_not_the_one_to_choose() -> None:
    assert ("site_scheduling", '{"action": "choose", "slot_id": "AHEAD"}') in shown(CASES["slots offered"])


def test_an_agreed_visit_can_be_called_off_and_without_slots_one_is_proposed() -> None:
    assert ("site_scheduling", '{"action": "cancel", "reason": "…"}') in shown(CASES["a slot chosen"])
    assert (
        "site_scheduling",
        '{"action": "propose", "start": "2026-06-18T10:00:00+02:00", "end": "2026-06-18T12:00:00+02:00"}',
    ) in shown(CASES["site_scheduling"])


def test_the_instant_of_a_decision_is_in_the_time_of_the_page() -> None:
    decided = [payload for kind, payload in shown(CASES["vendor_validation"]) if kind == "vendor_validation"]
    assert all('"decided_at": "2026-06-11T12:00:01+02:00"' in payload for payload in decided)


def test_of_two_parcels_each_has_an_example_of_its_own() -> None:
    shipments = [payload for kind, payload in shown(CASES["loan reserved"]) if kind == "shipment"]
    assert len([payload for payload in shipments if '"subject": "loan"' in payload]) * 2 == len(shipments)


def test_software_that_is_there_is_to_be_tested() -> None:
    assert "intervention_report" in dict(shown(CASES["software delivered"]))
