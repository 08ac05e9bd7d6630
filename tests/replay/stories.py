"""The stories whose histories are kept: each goes to the end of its case."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.sample import EXPIRED_CONTRACT, PARIS_BRIDGE, PARIS_ENDPOINT

Tell = Callable[[CaseStory], Awaitable[None]]
LOG = {"name": "bridge.log", "uri": "https://logs.example/bridge.log", "sha256": "0" * 64}


async def standard_exchange(case: CaseStory) -> None:
    """Everybody does the right thing; silence confirms."""
    await case.service_is_restored()
    await case.result()


async def rejected(case: CaseStory) -> None:
    """The contract has ended."""


async def logs_and_a_late_vendor(case: CaseStory) -> None:
    """Level 1 is silent, logs are awaited, the vendor approves after 16:00 and by telephone before."""
    await case.at(paris("mon 10 10:30"))
    await case.diagnosed(2, "logs_needed")
    await case.after(timedelta(hours=2))
    await case.say("logs_provided", files=[LOG])
    await case.reaches("remote_diagnosis", waiting_for="support")
    await case.hardware_has_failed()
    await case.at(paris("mon 10 16:20"))
    await case.approved(paris("mon 10 15:50"))
    await case.reaches("shipment")
    await case.say("shipment", status="delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")
    await case.say("customer_confirmation", restored=True)


async def rounds_and_expired_slots(case: CaseStory) -> None:
    """Refused, asked again, slots expire, a test fails, resolved remotely in the end."""
    await case.hardware_has_failed()
    await case.say("vendor_validation", decision="refused", decided_at=(await case.now()).isoformat())
    await case.reaches("remote_diagnosis", round=2)
    await case.hardware_has_failed()
    await case.delivered()
    await case.at(instant((await case.view())["slots"][2]["start"]) + timedelta(minutes=1))
    await case.until(lambda view: len(view["slots"]) > 3, "new slots are offered")
    await case.visit_is_chosen()
    await case.worked_on_site(passed=False)
    await case.reaches("remote_diagnosis", round=3)
    await case.diagnosed(2, "resolved")


async def signals_of_any_content(case: CaseStory) -> None:
    """What cannot be read is journaled; the case goes on."""
    await case.signal("note")
    await case.signal("note", {"text": "one"}, {"text": "two"})
    await case.signal("remote_diagnosis", ["level", 1])
    await case.signal("no_such_signal", {"text": "nobody"})
    await case.signal("cancellation", {"why": "not a field"})
    await case.diagnosed(1, "resolved")


async def lost_parcel_and_a_loan(case: CaseStory) -> None:
    """The parcel is lost; a loan stands in until the replacement is in service, and comes back."""
    await case.is_ordered()
    await case.parcel("dispatched")
    await case.parcel("lost")
    await case.loan_is("reserved")
    await case.parcel("delivered", subject="loan")
    view = await case.loan_is("scheduling")
    view = await case.until(lambda view: view["slots"], "slots are offered for the loan")
    await case.say("site_scheduling", action="choose", slot_id=view["slots"][0]["slot_id"])
    await case.loan_is("visit")
    tests = [{"name": "video call", "passed": True}]
    await case.say("intervention_report", technician="Imane", outcome="completed", tests=tests)
    await case.loan_is("in_service")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site(exchanges=[{"removed": PARIS_ENDPOINT, "installed": "FTT2950NEW1"}])
    await case.reaches("restored")
    await case.say("customer_confirmation", restored=True)


async def breach_without_a_word(case: CaseStory) -> None:
    """Nobody says anything: the delivery is breached, the veto's hour passes, the loan is decided, then called off."""
    await case.is_ordered()
    await case.at(paris("wed 12 10:00"))
    await case.loan_is("reserved")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site(outcome="dead_on_arrival")
    await case.reaches("vendor_validation", round=2)
    await case.say("cancellation", reason="the room is closed for good")


async def own_stock_and_another_site(case: CaseStory) -> None:
    """Parts of our own; the equipment turns out to stand in Lille; the case is called off."""
    await case.diagnosed(1, "escalate")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    await case.say("correction", site="BRU-LIL", reason="moved last month")
    await case.until(lambda view: view["site"] == "BRU-LIL", "it stands in Lille")
    await case.say("cancellation", reason="sold")


async def nobody_answers(case: CaseStory) -> None:
    """Offers expire, reminders end, attempts reach nobody; a word from the customer in the end."""
    await case.needs_hands()
    await case.at(paris("wed 26 09:00"))
    for at in ("wed 26 09:05", "wed 26 15:00", "thu 27 10:00"):
        await case.at(paris(at))
        await case.say("contact_attempt", party="customer", channel="phone", reached=False)
    await case.after(timedelta(days=3))
    await case.say("contact_attempt", party="customer", channel="phone", reached=True)
    await case.until(lambda view: any(slot["state"] == "offered" for slot in view["slots"]), "slots are offered again")
    await case.visit_is_chosen()
    await case.say("site_scheduling", action="technician_unavailable", reason="ill")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.result()


STORIES: dict[str, tuple[Tell, str]] = {
    "standard_exchange": (standard_exchange, PARIS_ENDPOINT),
    "rejected": (rejected, EXPIRED_CONTRACT),
    "logs_and_a_late_vendor": (logs_and_a_late_vendor, PARIS_BRIDGE),
    "rounds_and_expired_slots": (rounds_and_expired_slots, PARIS_ENDPOINT),
    "signals_of_any_content": (signals_of_any_content, PARIS_ENDPOINT),
    "lost_parcel_and_a_loan": (lost_parcel_and_a_loan, PARIS_ENDPOINT),
    "breach_without_a_word": (breach_without_a_word, PARIS_ENDPOINT),
    "own_stock_and_another_site": (own_stock_and_another_site, PARIS_ENDPOINT),
    "nobody_answers": (nobody_answers, PARIS_ENDPOINT),
}
