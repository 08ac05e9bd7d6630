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
    await case.signal("cancellation", {"reason": "not handled yet"})
    await case.diagnosed(1, "resolved")


STORIES: dict[str, tuple[Tell, str]] = {
    "standard_exchange": (standard_exchange, PARIS_ENDPOINT),
    "rejected": (rejected, EXPIRED_CONTRACT),
    "logs_and_a_late_vendor": (logs_and_a_late_vendor, PARIS_BRIDGE),
    "rounds_and_expired_slots": (rounds_and_expired_slots, PARIS_ENDPOINT),
    "signals_of_any_content": (signals_of_any_content, PARIS_ENDPOINT),
}
