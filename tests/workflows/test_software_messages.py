"""What is said of a request: repeats, joins, clarifications, cancellation; nothing ever sticks it (SPEC §5)."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.engine.own_equipment import copied_equipment
from tests.engine.story_on_engine import Theatre, UsualConditions
from tests.workflows.case_story import instant, paris
from tests.workflows.letters import mails
from tests.workflows.software_story import (
    BRIDGE,
    CODEC,
    CONTACT,
    GATEWAY,
    KIT,
    REQUESTER,
    UP_TO_DATE,
    WORKFLOW,
    SoftwareStory,
    request,
)
from tests.workflows.strange_payloads import STRANGE

MONDAY = paris("mon 10 09:00")
EXPRESSWAY = "52AE2266"
UNCLEAR: dict[str, Any] = {"serial_number": EXPRESSWAY, "type": "Room Kit"}


@pytest.fixture
async def empty_stock(case_pool: asyncpg.Pool) -> None:
    """There is no key at all."""
    await case_pool.execute("delete from activation_keys")


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.usefixtures("empty_stock")
async def test_a_request_of_a_case_ends_with_it_unless_the_customer_has_joined(theatre: Theatre, joined: bool) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE, tell="curative-X"), MONDAY)
    if joined:
        await story.say("request", **request(BRIDGE))
    await story.say("withdrawal", tell="curative-X", serial_number=BRIDGE, reason="the case is closed")
    view = await story.view()
    assert (view["stage"], view["outcome"]) == (("activation_keys", None) if joined else ("closed", "cancelled"))


@pytest.mark.usefixtures("empty_stock")
async def test_the_same_request_joins(theatre: Theatre) -> None:
    asked = request(BRIDGE, message_id="mail-1")
    story = await SoftwareStory.on_engine(theatre, asked, MONDAY)
    length = len((await story.view())["journal"])
    again = {**asked, "received_at": MONDAY.isoformat()}
    answer = await story.submit({"kind": "request", **again})
    assert answer["text"] == f"joined {answer['case']['reference']}"
    assert len(answer["case"]["journal"]) == length, "the same message id changes nothing"
    view = await story.say("request", **{**again, "message_id": "mail-2"})
    assert len(view["items"]) == 1
    assert view["journal"][-1]["kind"] == "request"
    other = await story.refused("request", **request(KIT, message_id="mail-3"))
    assert other == f"items: {view['reference']} is not about {KIT}: ask in a request of its own"
    changed = await story.refused("request", **request(BRIDGE, message_id="mail-1"))
    assert changed.startswith("message_id")


async def test_a_type_that_does_not_match_is_asked_about(theatre: Theatre, tmp_path: Path) -> None:
    story = await SoftwareStory.on_engine(theatre, request(UNCLEAR, KIT), MONDAY)
    view = await story.view()
    assert [item["state"] for item in view["items"]] == ["clarification", "delivered"], "partial delivery"
    assert (view["stage"], view["waiting_for"], view["delivered"]) == ("clarification", "customer", 1)
    (letter,) = [mail for mail in mails(tmp_path) if mail.subject == "Demande de logiciel enregistrée"]
    assert letter.to == REQUESTER
    assert "52AE2266 est un Cisco Expressway-C dans notre registre, et non un Room Kit" in letter.text
    view = await story.say("clarification", serial_number=EXPRESSWAY, type="Expressway-E")
    assert (await story.states())[0] == "clarification", "asked again"
    assert "précision demandée" in [mail.subject for mail in mails(tmp_path)]
    await story.say("clarification", serial_number=EXPRESSWAY, type="Expressway C")
    view = await story.result()
    assert [item["state"] for item in view["items"]] == ["delivered", "delivered"]
    waits = {wait["party"] for wait in view["waits"]}
    assert "customer" in waits


async def test_without_a_serial_number_it_is_asked_for(theatre: Theatre) -> None:
    story = await SoftwareStory.on_engine(theatre, request({"type": "Room Kit"}), MONDAY)
    view = await story.view()
    assert (view["items"][0]["state"], view["promises"]) == ("clarification", [])
    await story.at(paris("tue 11 09:00"))
    await story.say("clarification", serial_number=KIT, type="Room Kit")
    view = await story.result()
    assert view["items"][0]["state"] == "delivered"
    promise = next(p for p in view["promises"] if p["name"] == "software_delivery")
    assert (promise["state"], instant(promise["started_at"])) == ("met", MONDAY)


async def test_a_clarification_must_be_about_what_is_unclear(theatre: Theatre) -> None:
    items = (UNCLEAR, {"type": "Studio X50"}, {"type": "Poly G7500"}, GATEWAY)
    story = await SoftwareStory.on_engine(theatre, request(*items), MONDAY)
    refused = await story.refused("clarification", serial_number=KIT)
    assert "what waits for a clarification: 1 (52AE2266), 3 (Studio X50), 4 (Poly G7500)" in refused
    assert (await story.refused("clarification", serial_number=KIT, item=2)).startswith("item: nothing is unclear")
    taken = await story.refused("clarification", serial_number=EXPRESSWAY, item=3)
    assert taken == "serial_number: 52AE2266 is item 1 of this request"
    await story.say("clarification", serial_number="8L230347DC25DV", type="Studio X50")
    await story.say("clarification", serial_number="8L2235AAC405DV", item=4)
    assert await story.states() == ["clarification", "no_release", "delivered", "delivered"]


async def test_what_is_entered_long_after_needs_a_supervisor(theatre: Theatre) -> None:
    story = await SoftwareStory.on_engine(theatre, request(UNCLEAR), MONDAY)
    await story.at(paris("fri 14 09:00"))
    said = {"serial_number": EXPRESSWAY, "at": paris("mon 10 12:00").isoformat()}
    assert "only a supervisor may enter it" in await story.refused("clarification", **said)
    assert "before the request" in await story.refused("note", text="x", at=paris("mon 10 08:00").isoformat())
    await story.say("clarification", **said, actor="supervisor:R. Martin")
    assert await story.states() == ["delivered"]


async def test_a_question_that_nobody_answers_is_given_up(theatre: Theatre, tmp_path: Path) -> None:
    story = await SoftwareStory.on_engine(theatre, request(UNCLEAR, UP_TO_DATE), MONDAY)
    view = await story.result()
    assert [item["state"] for item in view["items"]] == ["not_clarified", "up_to_date"]
    reminders = [mail for mail in mails(tmp_path) if mail.subject == "Rappel : précision demandée"]
    assert len(reminders) == 4
    assert {promise["state"] for promise in view["promises"]} <= {"met", "cancelled"}


@pytest.mark.usefixtures("empty_stock")
async def test_cancelled_what_is_delivered_is_delivered(theatre: Theatre, tmp_path: Path) -> None:
    story = await SoftwareStory.on_engine(theatre, request(KIT, BRIDGE, UNCLEAR), MONDAY)
    await story.say("cancellation", reason="the rooms are closed")
    view = await story.result()
    assert [item["state"] for item in view["items"]] == ["delivered", "cancelled", "cancelled"]
    assert (view["outcome"], view["outcome_reason"]) == ("cancelled", "the rooms are closed")
    assert {promise["state"] for promise in view["promises"]} == {"met"}, "what was answered by us was in time"
    assert "Demande de logiciel annulée" in [mail.subject for mail in mails(tmp_path)]


@pytest.mark.usefixtures("empty_stock")
async def test_cancelled_before_anything_was_done_nothing_is_owed(theatre: Theatre, case_pool: asyncpg.Pool) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    await story.say("cancellation", reason="sold")
    view = await story.result()
    assert {promise["state"] for promise in view["promises"]} == {"cancelled"}
    assert await case_pool.fetchval("select state from key_requests") == "called_off"


@pytest.mark.usefixtures("empty_stock")
async def test_messages_of_any_content_never_stick_it(theatre: Theatre) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE, UNCLEAR), MONDAY)
    kinds = ("request", "clarification", "activation_keys", "keys_granted", "cancellation", "assignment", "nonsense")
    sent = 0
    for kind in kinds:
        for payloads in STRANGE.values():
            await story.signal(kind, *payloads)
            sent += 1
    view = await story.view()
    assert await story.states() == ["awaiting_key", "clarification"]
    await story.say("activation_keys", serial_number=BRIDGE, keys=["AAAAA-00001"])
    await story.say("clarification", serial_number=EXPRESSWAY)
    assert (await story.states())[1] == "awaiting_key"
    await story.say("activation_keys", serial_number=EXPRESSWAY, keys=["AAAAA-00002"])
    view = await story.result()
    assert [item["state"] for item in view["items"]] == ["delivered", "delivered"]
    assert view["journal"][-1]["sequence"] > sent, "each has a line"


@pytest.mark.usefixtures("empty_stock")
async def test_keys_of_the_wrong_form_are_shown_to_nobody(theatre: Theatre) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    secret = "SECRE-TKEY0-00001"
    for payload in (
        {"serial_number": BRIDGE, "keys": secret},
        {"serial_number": BRIDGE, "keys": [secret, 5]},
        {"serial_number": BRIDGE, "key": secret},
        {"serial_number": "NOT-ITS-OWN", "keys": [secret]},
        [secret],
    ):
        await story.signal("activation_keys", payload)
        if isinstance(payload, dict):
            assert secret not in await story.refused("activation_keys", **payload)
    view = await story.view()
    assert secret not in str(view)
    assert [line["disposition"] for line in view["journal"]].count("refused") == 5


async def test_the_engine_s_own_cancellation_ends_no_request(theatre: Theatre) -> None:
    story = await SoftwareStory.on_engine(theatre, request(UNCLEAR), MONDAY)
    await story.on.execution.request_cancel()
    view = await story.view()
    assert "no way to end a request" in view["journal"][-1]["text"]
    assert view["outcome"] is None


@pytest.mark.parametrize(
    ("opening", "reason"),
    [
        ({"request": {"requested_by": {"name": "A"}, "items": []}}, "request.items"),
        ({"request": {"requested_by": {"name": "A"}, "items": [{}]}}, "request.items.0"),
        ({"request": {"items": [{"serial_number": KIT}]}}, "request.requested_by"),
        ({"request": request(KIT, received_at="2028-01-01T00:00:00Z")}, "request.received_at"),
        ({"request": request(KIT, received_at="2027-04-01T00:00:00Z")}, "request.received_at"),
        ({"report": {}}, "request"),
        ("software, please", "request"),
    ],
)
async def test_what_is_no_request_is_rejected_with_the_reason(theatre: Theatre, opening: Any, reason: str) -> None:
    handle = await theatre.begin(WORKFLOW, opening, id="software-X", at=MONDAY)
    view = await handle.result()
    assert (view["outcome"], view["stage"]) == ("rejected", "closed")
    assert view["outcome_reason"].startswith(f"{reason}:")


@pytest.mark.usefixtures("empty_stock")
async def test_200_items_in_one_request(theatre: Theatre, tmp_path: Path, case_pool: asyncpg.Pool) -> None:
    """Answered as they come, in few letters, with a history far below a thousand events."""
    pieces = [await copied_equipment(case_pool, CODEC, f"-{number}") for number in range(90)]
    bridges = [await copied_equipment(case_pool, BRIDGE, f"-{number}") for number in range(60)]
    unknown = [f"NOBODY-{number}" for number in range(50)]
    story = await SoftwareStory.on_engine(theatre, request(*pieces, *bridges, *unknown), MONDAY)
    states = await story.states()
    assert {state: states.count(state) for state in states} == {"delivered": 90, "awaiting_key": 60, "unknown": 50}
    for piece in bridges:
        await story.signal("activation_keys", {"serial_number": piece, "keys": [f"KEY-OF-{piece}"]})
    execution = story.on.execution
    view = await story.result()
    assert view["delivered"] == 150
    assert execution.approximate_history_length < 1_000, execution.approximate_history_length
    delivered = [mail for mail in mails(tmp_path) if mail.subject == "Livraison de logiciel"]
    assert {mail.to for mail in delivered} == {CONTACT}
    assert all(sum(f"KEY-OF-{piece}\n" in mail.text for mail in delivered) == 1 for piece in bridges)


class LongLives(UsualConditions):
    """The engine finds every history long."""

    def suggests_continue_as_new(self, history_length: int) -> bool:
        """At once."""
        return history_length > 40


@pytest.mark.usefixtures("empty_stock")
async def test_a_long_life_goes_on_as_new_with_all_it_knows(theatre: Theatre, tmp_path: Path) -> None:
    asked = request(BRIDGE, UNCLEAR, KIT, message_id="mail-1")
    story = await SoftwareStory.on_engine(theatre, asked, MONDAY, LongLives())
    await story.at(paris("wed 12 09:00"))
    assert story.on.execution.runs > 1
    due = (await story.promise("software_delivery"))["due_at"]
    again = await story.say("request", **{**asked, "received_at": MONDAY.isoformat()})
    assert again["journal"][-1]["kind"] != "request", "the id is still known"
    await story.say("clarification", serial_number=EXPRESSWAY)
    assert (await story.states())[1] == "awaiting_key"
    await story.say("activation_keys", serial_number=EXPRESSWAY, keys=["AAAAA-00002"])
    await story.say("activation_keys", serial_number=BRIDGE, keys=["AAAAA-00001"])
    view = await story.result()
    assert view["delivered"] == 3
    assert next(p["due_at"] for p in view["promises"] if p["name"] == "software_delivery") == due
    assert sum("AAAAA-00001" in mail.text for mail in mails(tmp_path)) == 1
