"""A vendor who is silent, who answers before being asked, who takes an approval back (R6, SPEC §3)."""

from datetime import timedelta
from pathlib import Path

import asyncpg

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import COORDINATOR, mails_about, no_mail_leaves
from tests.workflows.sample import PARIS_ENDPOINT

VENDOR = "rma@cisco-support.example"
REQUEST, REMINDER = "Demande de remplacement", "Rappel : demande de remplacement"
SILENCE, ORDER_CALLED_OFF = "Constructeur sans réponse", "Commande annulée"
REVOKED_TOO_LATE = "Validation retirée après l'expédition"


async def revoked(case: CaseStory, reason: str = "sent in error") -> None:
    """The vendor takes its approval back."""
    now = (await case.now()).isoformat()
    answer = await case.say("vendor_validation", decision="revoked", decided_at=now, reason=reason)
    assert answer["disposition"] == "taken"


async def test_a_silent_vendor_is_reminded_once_before_16_00_and_the_coordinator_chases_after_it(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.at(paris("tue 11 14:59"))
    assert mails_about(tmp_path, REMINDER) == []
    await case.at(paris("tue 11 15:55"))
    await case.until(lambda _: mails_about(tmp_path, REMINDER), "the vendor is reminded")
    await case.at(paris("tue 11 16:01"))
    view = await case.until(lambda _: mails_about(tmp_path, SILENCE), "the coordinator is told")
    assert [mail.to for mail in mails_about(tmp_path, REMINDER)] == [VENDOR]
    assert [mail.to for mail in mails_about(tmp_path, SILENCE)] == [COORDINATOR]
    assert "before Tuesday 11 May 2027 at 16:00" in mails_about(tmp_path, REMINDER)[0].text
    assert (view["owner"], view["waiting_for"]) == ("coordinator", "vendor")
    assert view["next_action"] == "Chase the vendor, who is silent over the cut-off"
    assert (await case.promise("vendor_validation"))["state"] == "breached"
    await case.at(paris("wed 12 11:00"))
    await case.approved()
    assert (await case.reaches("shipment"))["delivery_missed_through"] == "vendor"
    assert instant((await case.promise("replacement_delivery"))["due_at"]) == paris("thu 13 18:00")
    assert len(mails_about(tmp_path, REMINDER)) == len(mails_about(tmp_path, SILENCE)) == 1


async def test_who_was_asked_ten_minutes_before_16_00_is_not_reminded_as_well(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 15:50"), impact="blocking")
    await case.hardware_has_failed()
    await case.at(paris("tue 11 16:01"))
    await case.until(lambda _: mails_about(tmp_path, SILENCE), "the coordinator is told")
    assert mails_about(tmp_path, REMINDER) == []


async def test_what_the_delay_set_off_and_has_not_left_the_house_is_called_off(
    open_case: OpenCase, tmp_path: Path
) -> None:
    """No mail leaves from 14:00 on; approved by telephone at 15:50, entered at 16:20."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.at(paris("tue 11 14:00"))
    with no_mail_leaves(tmp_path):
        await case.at(paris("tue 11 16:20"))
        told = await case.journal()
        assert {"vendor told: vendor reminder", "coordinator told: vendor silent"} <= set(told)
        assert {"coordinator told: promise at risk", "supervisor told: promise breached"} <= set(told)
        await case.approved(paris("tue 11 15:50"))
        view = await case.reaches("shipment")
    await case.after(timedelta(minutes=30))
    for subject in (REMINDER, SILENCE, "Engagement menacé", "Engagement dépassé"):
        assert mails_about(tmp_path, subject) == []
    assert (await case.promise("vendor_validation"))["state"] == "met"
    assert view["delivery_missed_through"] is None


async def test_a_vendor_who_answers_while_the_request_cannot_be_sent_is_not_asked_any_more(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    with no_mail_leaves(tmp_path):
        await case.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
        await case.at(paris("tue 11 09:45"))
        view = await case.reaches("vendor_validation", waiting_for="support")
        assert (await case.promise("vendor_request_sent"))["state"] == "breached"
        assert view["next_action"] == "Send the replacement request"
        await case.approved(paris("tue 11 09:20"))
        await case.reaches("shipment")
    await case.after(timedelta(minutes=30))
    assert mails_about(tmp_path, REQUEST) == []
    assert (await case.promise("vendor_request_sent"))["state"] == "met"
    assert await case_pool.fetchval("select count(*) from orders") == 1
    assert (await case.view())["delivery_missed_through"] is None


async def test_a_request_that_could_not_be_sent_goes_out_once_when_mail_leaves_again(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    with no_mail_leaves(tmp_path):
        await case.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
        await case.at(paris("tue 11 09:20"))
    await case.after(timedelta(minutes=20))
    await case.reaches("vendor_validation", waiting_for="vendor")
    assert [mail.to for mail in mails_about(tmp_path, REQUEST)] == [VENDOR]
    sent = await case.promise("vendor_request_sent")
    assert instant(sent["ended_at"]) >= paris("tue 11 09:20")


async def test_an_answer_dated_before_the_case_is_refused(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    before = paris("tue 11 08:59").isoformat()
    reason = await case.refused("vendor_validation", decision="approved", rma_number="RMA-1", decided_at=before)
    assert reason.startswith("decided_at: ")
    assert "before the case's report" in reason
    await case.reaches("vendor_validation", waiting_for="vendor")


async def test_an_approval_revoked_before_the_dispatch_calls_the_order_off_and_leads_to_level_2(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await nothing_can_be_revoked(case)
    await case.approved()
    await case.reaches("shipment")
    await revoked(case)
    view = await case.reaches("remote_diagnosis", round=2, level=2)
    assert view["rounds"][1]["reason"] == "vendor: revoked – sent in error"
    assert await case_pool.fetchval("select count(*) from orders where called_off_at is not null") == 1
    assert (await case.promise("replacement_delivery"))["state"] == "cancelled"
    await case.until(lambda _: mails_about(tmp_path, ORDER_CALLED_OFF), "the vendor is told")
    assert [mail.to for mail in mails_about(tmp_path, ORDER_CALLED_OFF)] == [VENDOR]
    assert mails_about(tmp_path, "Demande de remplacement retirée") == []
    await nothing_can_be_revoked(case)
    await case.hardware_has_failed()
    await case.delivered()
    assert await case_pool.fetchval("select count(*) from orders where called_off_at is null") == 1


async def nothing_can_be_revoked(case: CaseStory) -> None:
    """Nothing was approved in this round."""
    now = (await case.now()).isoformat()
    reason = await case.refused("vendor_validation", decision="revoked", decided_at=now)
    assert reason == "decision: there is no approval to revoke in this round"


async def test_an_approval_that_was_given_and_revoked_while_level_2_still_wrote_ships_nothing(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    assert (await case.approved())["disposition"] == "kept"
    now = (await case.now()).isoformat()
    answer = await case.say("vendor_validation", decision="revoked", decided_at=now, reason="sent in error")
    assert (answer["disposition"], answer["text"]) == ("kept", "kept until the approval that it takes back is used")
    await case.parts_have_failed("CS-PWR-CDC")
    await case.reaches("remote_diagnosis", round=2)
    assert await case_pool.fetchval("select count(*) from orders where called_off_at is null") == 0


async def test_a_revocation_goes_with_the_approval_that_no_stage_uses(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.approved()
    now = (await case.now()).isoformat()
    await case.say("vendor_validation", decision="revoked", decided_at=now)
    await case.diagnosed(2, "onsite_without_parts")
    await case.reaches("site_scheduling", waiting_for="customer")
    assert any("there is no approval to revoke" in text for text in await case.journal())
    await nothing_can_be_revoked(case)


async def test_an_approval_revoked_after_the_dispatch_is_the_coordinators_and_the_parcel_goes_on(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """At every stage from there on; and though both words wait while the order is noted, the dispatch came first."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case_pool.execute("alter table orders rename to orders_away")
    await case.approved()
    await case.until(lambda view: view["next_action"] == "Have the replacement dispatched", "it is being ordered")
    await case.parcel("dispatched")
    await revoked(case, "1")
    await case_pool.execute("alter table orders_away rename to orders")
    await case.after(timedelta(minutes=1))
    await case.until(lambda _: len(mails_about(tmp_path, REVOKED_TOO_LATE)) == 1, "the coordinator is told")
    await case.reaches("shipment", waiting_for="carrier", round=1)
    await case.say("shipment", status="delivered")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    await revoked(case, "2")
    await case.until(lambda _: len(mails_about(tmp_path, REVOKED_TOO_LATE)) == 2, "the coordinator is told")
    assert (await case.view())["slots"] == view["slots"]
    await case.visit_is_chosen()
    await revoked(case, "3")
    await case.worked_on_site()
    await case.reaches("restored", round=1)
    await revoked(case, "4")
    await case.until(lambda _: len(mails_about(tmp_path, REVOKED_TOO_LATE)) == 4, "the coordinator is told")
    assert {mail.to for mail in mails_about(tmp_path, REVOKED_TOO_LATE)} == {COORDINATOR}
    assert await case_pool.fetchval("select count(*) from orders where called_off_at is not null") == 0
    await case.reaches("restored", round=1)
