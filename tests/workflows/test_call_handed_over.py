"""A call becomes a curative case that starts where the diagnosis ended, or a software request (R3 to R6)."""

from datetime import timedelta
from pathlib import Path

from tests.workflows.call_story import CALLER
from tests.workflows.case_story import instant, paris
from tests.workflows.conftest import OpenCall, OpenCase
from tests.workflows.letters import mails_about
from tests.workflows.sample import NO_CURATIVE, PARIS_ENDPOINT


async def test_hardware_that_failed_leads_straight_to_the_vendor(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 09:30"))
    await story.diagnosed(1, "escalate", findings="nothing helps")
    await story.at(paris("mon 10 11:00"))
    await story.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
    closed = await story.result()
    case = story.case(PARIS_ENDPOINT)
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert (closed["outcome"], closed["led_to"]) == ("curative_case", view["reference"])
    assert (view["call"], view["level"], view["symptom"]) == (closed["reference"], 2, "no sound from the far end")
    assert view["rounds"][0]["lines"][0]["article"] == "CS-PWR-CDC"


async def test_its_promises_count_from_the_call(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 09:30"))
    await story.diagnosed(1, "escalate", findings="nothing helps")
    await story.at(paris("mon 10 11:00"))
    await story.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
    closed = await story.result()
    case = story.case(PARIS_ENDPOINT)
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert instant(view["reported_at"]) == paris("mon 10 09:00")
    of_the_call = [promise for promise in view["promises"] if promise["name"].startswith("level_")]
    assert of_the_call == closed["promises"]
    assert [(p["name"], p["state"]) for p in of_the_call] == [("level_1_answer", "met"), ("level_2_diagnosis", "met")]
    request = await case.promise("vendor_request_sent")
    assert instant(request["started_at"]).replace(microsecond=0) == paris("mon 10 11:00")
    approved_at = paris("mon 10 15:00")
    await case.at(approved_at)
    await case.approved(approved_at)
    delivery = await case.until(lambda view: view["stage"] == "shipment") and await case.promise("replacement_delivery")
    assert instant(delivery["due_at"]) == paris("tue 11 18:00")
    assert (await case.view())["delivery_missed_through"] is None  # day J is the day of the call


async def test_a_diagnosis_that_took_a_week_is_handed_over_with_its_breaches(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("tue 18 10:00"))
    await story.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
    await story.result()
    case = story.case(PARIS_ENDPOINT)
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert instant(view["reported_at"]) == paris("mon 10 09:00")
    states = {promise["name"]: promise["state"] for promise in view["promises"]}
    assert (states["level_1_answer"], states["level_2_diagnosis"]) == ("breached", "breached")


async def test_its_journal_begins_with_what_was_said_in_the_call(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 09:30"))
    closed = await story.hardware_has_failed()
    prefix, journal = f"[{closed['reference']}] ", (await story.case(PARIS_ENDPOINT).view())["journal"]
    told = {
        line["text"].removeprefix(prefix): (line["actor"], instant(line["at"]).replace(microsecond=0))
        for line in journal
        if line["text"].startswith(prefix)
    }
    assert told == {
        "degraded: no sound from the far end": ("customer:Camille Petit", paris("mon 10 09:00")),
        "level 1: escalate – nothing helps": ("level_1:Noor", paris("mon 10 09:30")),
        "level 2: hardware failure – the power supply": ("level_2:Noor", paris("mon 10 09:30")),
    }


async def test_hands_without_parts_lead_straight_to_slots(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "onsite_without_parts", findings="a cable is loose")
    await story.result()
    await story.case(PARIS_ENDPOINT).reaches("site_scheduling", waiting_for="customer")


async def test_the_caller_is_told_the_reference_of_the_case(open_call: OpenCall, tmp_path: Path) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    closed = await story.hardware_has_failed()
    (letter,) = mails_about(tmp_path, "Votre appel : maintenance curative ouverte")
    assert letter.to == CALLER["email"]
    assert closed["led_to"] in letter.text


async def test_articles_that_nobody_knows_leave_the_ball_with_level_2_of_the_case(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "hardware_failure", defective_articles=["WHAT"])
    await story.result()
    case = story.case(PARIS_ENDPOINT)
    view = await case.reaches("remote_diagnosis", level=2, waiting_for="support")
    assert "WHAT unknown" in view["next_action"]
    await case.parts_have_failed("CS-PWR-CDC")
    await case.reaches("vendor_validation", waiting_for="vendor")


async def test_what_curative_maintenance_does_not_cover_is_told_to_the_caller(
    open_call: OpenCall, tmp_path: Path
) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=NO_CURATIVE)
    closed = await story.hardware_has_failed()
    assert closed["outcome"] == "curative_case"
    assert "does not cover curative maintenance" in closed["outcome_reason"]
    (letter,) = mails_about(tmp_path, "Signalement non pris en charge")
    assert "does not cover curative maintenance" in letter.text


async def test_a_case_that_is_open_for_the_equipment_is_joined_and_told(
    open_call: OpenCall, open_case_on_engine: OpenCase
) -> None:
    case = await open_case_on_engine(PARIS_ENDPOINT, paris("mon 10 08:30"))
    await case.after(timedelta(minutes=30))
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    reference = (await case.view())["reference"]
    assert any(f"{reference} is open for this equipment" in text for text in await story.journal())
    closed = await story.hardware_has_failed()
    assert closed["led_to"] == reference
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert view["call"] is None
    texts = [line["text"] for line in view["journal"]]
    assert f"{closed['reference']} is about the same equipment" in texts


async def test_level_1_reports_an_incident_and_the_case_begins_at_level_1(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 09:10"))
    await story.say("report", technician="Noor", symptom="no picture at all", impact="degraded")
    closed = await story.result()
    assert [(p["name"], p["state"]) for p in closed["promises"]] == [("level_1_answer", "met")]
    view = await story.case(PARIS_ENDPOINT).reaches("remote_diagnosis", level=1)
    assert (view["symptom"], view["impact"]) == ("no picture at all", "degraded")
    promise = view["promises"][0]
    assert (instant(promise["started_at"]), instant(promise["due_at"])) == (
        paris("mon 10 09:00"),
        paris("mon 10 10:00"),
    )


async def test_a_report_while_level_2_diagnoses_takes_its_clock_along(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 09:10"))
    await story.diagnosed(1, "escalate")
    await story.reaches("remote_diagnosis", level=2)
    await story.say("report", technician="Noor")
    await story.result()
    case = story.case(PARIS_ENDPOINT)
    await case.reaches("remote_diagnosis", level=2)
    promise = await case.promise("level_2_diagnosis")
    assert promise["state"] == "running"
    assert instant(promise["started_at"]).replace(microsecond=0) == paris("mon 10 09:10")


async def test_software_at_fault_becomes_a_software_request(open_call: OpenCall, tmp_path: Path) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "software_fault", findings="a known defect of this version")
    closed = await story.result()
    assert closed["outcome"] == "software_request"
    assert closed["led_to"].startswith("SW-")
    (letter,) = mails_about(tmp_path, "Votre appel : demande de logiciel ouverte")
    assert closed["led_to"] in letter.text


DRAFT = {"serial_number": PARIS_ENDPOINT, "symptom": "the screen stays black since this morning", "impact": "blocking"}
MAIL = {"message_id": "<a1@brunel.example>", "subject": "Panne"}


async def test_a_breakdown_by_mail_is_answered_with_phone_number_and_hours_and_called_back(
    open_call: OpenCall, tmp_path: Path
) -> None:
    story = await open_call(paris("mon 10 09:00"), channel="email", drafted_report=DRAFT, mail=MAIL)
    view = await story.reaches("remote_diagnosis", level=1, waiting_for="support")
    assert view["next_action"].startswith("Call back Camille Petit (+33 1 70 48 03 68)")
    assert view["drafted_report"]["serial_number"] == PARIS_ENDPOINT
    (letter,) = mails_about(tmp_path, "Votre signalement : appelez-nous")
    assert "Téléphone : 01" in letter.text
    assert "Horaires : du lundi au vendredi, 08h00–18h00" in letter.text


async def test_what_was_called_back_becomes_a_case_from_the_call_back_on(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), channel="email", drafted_report=DRAFT, mail=MAIL)
    await story.at(paris("mon 10 09:40"))
    await story.say("report", technician="Noor")
    closed = await story.result()
    assert instant(closed["called_back_at"]).replace(microsecond=0) == paris("mon 10 09:40")
    case = story.case(PARIS_ENDPOINT)
    view = await case.reaches("remote_diagnosis", level=2)
    assert (view["call"], view["symptom"], view["impact"]) == (closed["reference"], DRAFT["symptom"], "blocking")
    assert instant(view["reported_at"]).replace(microsecond=0) == paris("mon 10 09:40")
    assert [promise["name"] for promise in view["promises"]] == ["level_2_diagnosis"]


async def test_a_mail_that_nobody_calls_back_escalates_by_itself(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 19:00"), channel="email", drafted_report=DRAFT, mail=MAIL)
    await story.at(paris("tue 11 09:01"))
    await story.reaches("remote_diagnosis", level=2)


async def test_a_report_without_any_serial_number_is_refused(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), channel="email", mail=MAIL)
    assert (await story.refused("report", technician="Noor")).startswith(
        "serial_number: a curative case starts with the serial number"
    )


async def test_a_cancellation_while_it_is_handed_over_goes_on_to_the_case(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
    await story.signal("cancellation", {"reason": "it works again"})
    await story.result()
    closed = await story.case(PARIS_ENDPOINT).result()
    assert (closed["stage"], closed["outcome"]) == ("closed", "cancelled")
