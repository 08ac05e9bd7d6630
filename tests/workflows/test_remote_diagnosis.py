"""Remote diagnosis: level 1, level 2, escalation by word and by clock, logs (R2, R3)."""

from datetime import timedelta
from pathlib import Path

from tests.workflows.case_story import instant, paris, report
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails_about
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT

LOG = {"name": "bridge.log", "uri": "https://logs.example/bridge.log", "sha256": "0" * 64}


async def test_level_1_resolves_remotely(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.diagnosed(1, "resolved")
    closed = await case.handle.result()
    assert (closed["outcome"], closed["outcome_reason"]) == ("resolved_remotely", "the power supply")
    assert closed["promises"][0]["state"] == "met"


async def test_level_2_resolves_remotely(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "resolved")
    assert (await case.handle.result())["outcome"] == "resolved_remotely"


async def test_a_blocking_report_goes_straight_to_level_2(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")
    view = await case.view()
    assert view["level"] == 2
    assert [promise["name"] for promise in view["promises"]] == ["level_2_diagnosis"]
    assert instant(view["promises"][0]["due_at"]) == paris("mon 10 13:00")


async def test_silence_of_level_1_escalates_by_itself_after_an_hour(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.at(paris("mon 10 09:59"))
    assert (await case.view())["level"] == 1
    await case.at(paris("mon 10 10:01"))
    view = await case.view()
    assert view["level"] == 2
    assert (await case.promise("level_1_answer"))["state"] == "breached"
    assert "nobody at level 1 has acted in time: escalated to level 2" in await case.journal()
    assert instant((await case.promise("level_2_diagnosis"))["started_at"]) >= paris("mon 10 10:00")


async def test_an_answer_of_level_1_given_in_time_and_entered_late_is_met_after_all(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.at(paris("mon 10 10:30"))
    assert (await case.promise("level_1_answer"))["state"] == "breached"
    await case.diagnosed(1, "resolved", at=paris("mon 10 09:45").isoformat())
    closed = await case.handle.result()
    level_1 = next(promise for promise in closed["promises"] if promise["name"] == "level_1_answer")
    assert level_1["state"] == "met"
    assert any(text.endswith("[entered late]") for text in await case.journal())


async def test_an_escalation_entered_late_starts_level_2_when_it_happened(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.at(paris("mon 10 10:30"))
    await case.diagnosed(1, "escalate", at=paris("mon 10 09:40").isoformat())
    promise = (
        await case.until(
            lambda view: any(instant(p["started_at"]) == paris("mon 10 09:40") for p in view["promises"]),
            "level 2 started at 09:40",
        )
    )["promises"][-1]
    assert instant(promise["due_at"]) == paris("mon 10 13:40")


async def test_what_level_1_says_after_the_escalation_is_out_of_date(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.at(paris("mon 10 10:30"))
    assert await case.refused("remote_diagnosis", level=1, outcome="resolved", technician="Noor", findings="late") == (
        "level: level 1 is out of date: the case is at level 2"
    )


async def test_level_2_speaking_first_is_kept_until_level_1_escalates(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    answer = await case.diagnosed(2, "resolved")
    assert (answer["disposition"], answer["text"]) == ("kept", "kept until level 1 escalates")
    await case.diagnosed(1, "escalate")
    assert (await case.handle.result())["outcome"] == "resolved_remotely"


async def test_while_logs_are_awaited_our_clock_stands_still(open_case: OpenCase) -> None:
    """Asked on Monday 17:00, received on Tuesday 09:00: two business hours are added to four."""
    case = await open_case(PARIS_BRIDGE, paris("mon 10 16:00"), impact="blocking")
    await case.at(paris("mon 10 17:00"))
    await case.diagnosed(2, "logs_needed", at=paris("mon 10 17:00").isoformat())
    view = await case.view()
    assert (view["waiting_for"], view["promises"][0]["state"]) == ("customer", "paused")
    await case.at(paris("tue 11 09:00"))
    assert (await case.promise("level_2_diagnosis"))["state"] == "paused"
    await case.say("logs_provided", files=[LOG], at=paris("tue 11 09:00").isoformat())
    view = await case.reaches("remote_diagnosis", waiting_for="support")
    promise = await case.promise("level_2_diagnosis")
    assert promise["paused_seconds"] == 2 * 3600
    assert instant(promise["due_at"]).replace(microsecond=0) == paris("tue 11 12:00")
    assert promise["state"] == "running"


async def test_a_pause_fires_no_warning_when_it_ends(open_case: OpenCase) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "logs_needed")
    await case.after(timedelta(days=2))
    await case.say("logs_provided", files=[LOG])
    await case.reaches("remote_diagnosis", waiting_for="support")
    assert [warning["fired_at"] for warning in (await case.promise("level_2_diagnosis"))["warnings"]] == [None, None]


async def test_logs_that_come_in_parts_stop_the_clock_until_they_are_complete(open_case: OpenCase) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "logs_needed")
    await case.say("logs_provided", files=[LOG], complete=False)
    assert (await case.view())["waiting_for"] == "customer"
    await case.say("logs_provided", files=[LOG])
    await case.reaches("remote_diagnosis", waiting_for="support")


async def test_level_2_may_go_on_without_the_logs(open_case: OpenCase) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "logs_needed")
    await case.diagnosed(2, "resolved")
    assert (await case.handle.result())["promises"][0]["state"] == "met"


async def test_logs_are_asked_for_infrastructure_equipment_only(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")
    assert "infrastructure equipment only" in await case.refused(
        "remote_diagnosis", level=2, outcome="logs_needed", technician="Noor", findings="?"
    )


async def test_a_visit_without_parts_needs_no_vendor(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "onsite_without_parts")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert "vendor_validation" not in [promise["name"] for promise in view["promises"]]
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")


async def test_a_second_report_that_says_blocking_escalates_at_once(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    answer = await case.say("report", **report(PARIS_ENDPOINT, impact="blocking"))
    assert answer["text"] == f"joins {answer['case']['reference']}"
    await case.reaches("remote_diagnosis", level=2)
    assert (await case.promise("level_1_answer"))["state"] == "cancelled"
    assert "reported again, as blocking: escalated to level 2" in await case.journal()


async def test_who_is_asked_for_logs_is_reminded_ever_more_seldom_until_the_technician_goes_on_without(
    open_case: OpenCase, tmp_path: Path
) -> None:
    """Reminded after 1, 2, 5, 10 and 20 business days more; Whit Monday is the 17th."""

    async def reminded_by(at: str) -> int:
        await case.at(instant(at))
        return len(mails_about(tmp_path, "Fichiers de journalisation attendus"))

    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "logs_needed", at=paris("mon 10 09:00").isoformat())
    assert [await reminded_by(f"2027-05-{day}T09:30+02:00") for day in (10, 11, 12, 13, 20, 21)] == [0, 1, 1, 2, 2, 3]
    assert await reminded_by("2027-06-03T18:00+02:00") == 3
    assert await reminded_by("2027-06-04T09:30+02:00") == 4
    assert await reminded_by("2027-07-02T09:30+02:00") == 5
    assert await reminded_by("2027-12-01T09:30+01:00") == 5
    view = await case.view()
    assert (view["waiting_for"], view["owner"]) == ("customer", "level 2")
    assert view["next_action"].startswith("The log files do not come: ")
    assert "no further reminder of log files goes out" in await case.journal()

    await case.diagnosed(2, "hardware_failure", defective_articles=["UCSC-PSU1-770W"])
    await case.reaches("vendor_validation", waiting_for="vendor")
    texts = await case.journal()
    assert "level_2_diagnosis: paused: log files were asked for (customer)" in texts
    assert "log files: given up: the diagnosis goes on without the log files" in texts
    promise = await case.promise("level_2_diagnosis")
    assert (promise["state"], promise["paused_seconds"] > 100 * 36_000) == ("met", True)
    ledger = (await case.handle.query("promises"))[0]
    assert [(pause["actor"], pause["reason"]) for pause in ledger["pauses"]] == [
        ("customer", "log files were asked for")
    ]


async def test_logs_in_parts_keep_the_reminders_going_and_complete_ones_end_them(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"), impact="blocking")
    await case.say("logs_provided", files=[LOG])
    await case.diagnosed(2, "logs_needed")
    await case.say("logs_provided", files=[LOG], complete=False)
    await case.at(paris("tue 11 09:30"))
    view = await case.reaches("remote_diagnosis", waiting_for="customer")
    assert len(mails_about(tmp_path, "Fichiers de journalisation attendus")) == 1
    assert "a part of the log files is there: more is to come" in [line["text"] for line in view["journal"]]
    await case.say("logs_provided", files=[LOG])
    await case.reaches("remote_diagnosis", waiting_for="support")
    await case.diagnosed(2, "logs_needed")
    await case.at(paris("wed 12 08:30"))
    assert (await case.view())["waiting_for"] == "customer"
    await case.say("logs_provided", files=[LOG])
    await case.reaches("remote_diagnosis", waiting_for="support")
    await case.at(paris("fri 28 09:30"))
    assert len(mails_about(tmp_path, "Fichiers de journalisation attendus")) == 1


async def test_a_customer_who_is_reached_again_does_not_start_the_clock_while_logs_are_awaited(
    open_case: OpenCase,
) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"), impact="blocking")
    for day in ("mon 10 09:10", "mon 10 09:20", "tue 11 09:00"):
        await case.at(paris(day))
        await case.say("contact_attempt", party="customer", channel="phone", reached=False, at=paris(day).isoformat())
    await case.until(lambda view: view["promises"][0]["state"] == "paused", "nobody is reached")
    await case.diagnosed(2, "logs_needed")
    await case.say("contact_attempt", party="customer", channel="phone", reached=True)
    await case.until(lambda view: "the customer is reached" in [line["text"] for line in view["journal"]])
    await case.at(paris("wed 12 09:00"))
    assert (await case.promise("level_2_diagnosis"))["state"] == "paused"
    await case.say("logs_provided", files=[LOG])
    await case.reaches("remote_diagnosis", waiting_for="support")
    assert (await case.promise("level_2_diagnosis"))["state"] == "running"


async def test_a_fault_of_the_software_that_is_put_right_ends_the_case_as_resolved_by_software(
    open_case: OpenCase,
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "software_fault")
    view = await case.until(lambda view: "software" in view["next_action"], "level 2 has the software put right")
    assert (view["stage"], view["owner"], view["waiting_for"]) == ("remote_diagnosis", "level 2", "support")
    assert (await case.promise("level_2_diagnosis"))["state"] == "met"
    await case.diagnosed(2, "resolved")
    assert (await case.handle.result())["outcome"] == "resolved_by_software"


async def test_a_fault_of_the_software_that_turns_out_to_be_hardware_goes_its_way(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")
    await case.diagnosed(2, "software_fault")
    await case.hardware_has_failed()
