"""72 business hours from reception, in the contract's reading; an internal target on the strictest (R13).

May 2027: the 6th (Thursday) is Ascension, the 17th Whit Monday. Easter Monday is 29 March, the clocks go forward on the
28th; they go back on 31 October, and 1 November (Monday) is a holiday. Every due instant is worked out by hand.
"""

from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from tests.engine.story_on_engine import Theatre
from tests.workflows.case_story import instant, paris
from tests.workflows.letters import COORDINATOR, SUPERVISOR, mails
from tests.workflows.software_story import SoftwareStory, request

BRUNEL, RHONEVAL, AUSTRAL = "WZP27155V3Y", "WZP2733QD7G", "FOC2540X62E"
"""Equipment under contracts that read "72h ouvrées" as service hours, as a clock without closed days, as days."""

pytestmark = pytest.mark.usefixtures("nothing_in_stock")


@pytest.fixture
async def nothing_in_stock(case_pool: asyncpg.Pool) -> None:
    """Every release needs a key, and there is none: every item stays open."""
    await case_pool.execute("update releases set needs_key = true")
    await case_pool.execute("delete from activation_keys")


def at(text: str) -> datetime:
    """An instant with its offset."""
    return datetime.fromisoformat(text)


def to_the_second(text: str) -> datetime:
    """An instant, without the milliseconds that a question takes to be asked."""
    return (instant(text) + timedelta(seconds=0.5)).replace(microsecond=0)


FRIDAY_EVENING = at("2027-05-07T19:00+02:00")
"""Closed: the clocks begin on Monday the 10th at 08:00."""
BEFORE_ASCENSION = at("2027-05-05T16:00+02:00")
BEFORE_WHITSUN = at("2027-05-14T15:00+02:00")
CLOCKS_FORWARD = at("2027-03-26T17:00+01:00")
CLOCKS_BACK = at("2027-10-29T10:00+02:00")


@pytest.mark.parametrize(
    ("serial_number", "received", "due", "target"),
    [
        # 50 h in the week of the 10th; the 17th is closed; 20 h on the 18th and 19th; 2 h on the 20th
        (BRUNEL, FRIDAY_EVENING, "2027-05-20T10:00+02:00", "2027-05-13T08:00+02:00"),
        # Monday 08:00 to Thursday 08:00
        (RHONEVAL, FRIDAY_EVENING, "2027-05-13T08:00+02:00", "2027-05-13T08:00+02:00"),
        # the 11th, 12th and 13th
        (AUSTRAL, FRIDAY_EVENING, "2027-05-13T18:00+02:00", "2027-05-13T08:00+02:00"),
        # 2 h on the 5th, 10 on the 7th, 50 in the week of the 10th, 10 on the 18th
        (BRUNEL, BEFORE_ASCENSION, "2027-05-18T18:00+02:00", "2027-05-11T16:00+02:00"),
        # 8 h on the 5th, 24 on the 7th, 24 on the 10th, 16 on the 11th
        (RHONEVAL, BEFORE_ASCENSION, "2027-05-11T16:00+02:00", "2027-05-11T16:00+02:00"),
        # the 7th, 10th and 11th
        (AUSTRAL, BEFORE_ASCENSION, "2027-05-11T18:00+02:00", "2027-05-11T16:00+02:00"),
        # 3 h on the 14th, 40 from the 18th to the 21st, 20 on the 24th and 25th, 9 on the 26th
        (BRUNEL, BEFORE_WHITSUN, "2027-05-26T17:00+02:00", "2027-05-20T15:00+02:00"),
        # 9 h on the 14th, 24 on the 18th and on the 19th, 15 on the 20th
        (RHONEVAL, BEFORE_WHITSUN, "2027-05-20T15:00+02:00", "2027-05-20T15:00+02:00"),
        (AUSTRAL, BEFORE_WHITSUN, "2027-05-20T18:00+02:00", "2027-05-20T15:00+02:00"),
        # 1 h on 26 March, 40 from 30 March to 2 April, 30 from the 5th to the 7th, 1 on the 8th
        (BRUNEL, CLOCKS_FORWARD, "2027-04-08T09:00+02:00", "2027-04-01T17:00+02:00"),
        # 7 h on the 26th, 24 on the 30th and on the 31st, 17 on 1 April
        (RHONEVAL, CLOCKS_FORWARD, "2027-04-01T17:00+02:00", "2027-04-01T17:00+02:00"),
        (AUSTRAL, CLOCKS_FORWARD, "2027-04-01T18:00+02:00", "2027-04-01T17:00+02:00"),
        # 8 h on 29 October, 40 from 2 to 5 November, 20 on the 8th and 9th, 4 on the 10th
        (BRUNEL, CLOCKS_BACK, "2027-11-10T12:00+01:00", "2027-11-04T10:00+01:00"),
        # 14 h on the 29th, 24 on 2 and 3 November, 10 on the 4th
        (RHONEVAL, CLOCKS_BACK, "2027-11-04T10:00+01:00", "2027-11-04T10:00+01:00"),
        (AUSTRAL, CLOCKS_BACK, "2027-11-04T18:00+01:00", "2027-11-04T10:00+01:00"),
    ],
)
async def test_due_in_the_contract_s_reading(
    theatre: Theatre, serial_number: str, received: datetime, due: str, target: str
) -> None:
    story = await SoftwareStory.on_engine(theatre, request(serial_number), received)
    promise = await story.promise("software_delivery")
    assert instant(promise["due_at"]) == at(due)
    assert instant((await story.promise("software_delivery_target"))["due_at"]) == at(target)
    await story.at(at(due))
    assert (await story.promise("software_delivery"))["state"] == "running", "at the due instant it is still kept"


@pytest.mark.parametrize(
    ("serial_number", "due"),
    [
        # without the pause: the 20th at 11:00. It held 9 + 10 + 3 hours: 7 on the 20th, 10 on the 21st, 5 on the 24th
        (BRUNEL, "2027-05-24T13:00+02:00"),
        # without: the 13th at 09:00. It held 50 h: 15 on the 13th, 24 on the 14th, 11 on the 18th
        (RHONEVAL, "2027-05-18T11:00+02:00"),
        # without: the 13th at 18:00. It held 22 service hours: 10 on the 14th, 10 on the 18th, 2 on the 19th
        (AUSTRAL, "2027-05-19T10:00+02:00"),
    ],
)
async def test_a_clarification_that_is_awaited_stops_the_clock(theatre: Theatre, serial_number: str, due: str) -> None:
    """Asked on Monday the 10th at 09:00, answered on Wednesday the 12th at 11:00."""
    unclear = {"serial_number": serial_number, "type": "Logitech Rally Bar"}
    story = await SoftwareStory.on_engine(theatre, request(unclear), paris("mon 10 09:00"))
    for name in ("software_delivery", "software_delivery_target"):
        assert (await story.promise(name))["state"] == "paused"
    await story.at(paris("wed 12 11:30"))
    await story.say("clarification", serial_number=serial_number, at=paris("wed 12 11:00").isoformat())
    promise = await story.promise("software_delivery")
    assert (promise["state"], to_the_second(promise["due_at"])) == ("running", at(due))


async def test_a_pause_before_the_clock_has_begun_holds_nothing(theatre: Theatre) -> None:
    """Asked on Friday evening, answered on Sunday: the clock begins on Monday all the same."""
    unclear = {"serial_number": RHONEVAL, "type": "Logitech Rally Bar"}
    story = await SoftwareStory.on_engine(theatre, request(unclear), FRIDAY_EVENING)
    await story.at(paris("sun 9 15:00"))
    await story.say("clarification", serial_number=RHONEVAL)
    promise = await story.promise("software_delivery")
    assert (promise["state"], to_the_second(promise["due_at"])) == ("running", paris("thu 13 08:00"))


async def test_what_waits_for_us_is_not_excused_by_what_waits_for_the_requester(theatre: Theatre) -> None:
    """One item awaits a key, another a clarification: the clock runs until all that is open waits for the requester."""
    unclear = {"serial_number": "52AE2266", "type": "Room Kit"}
    story = await SoftwareStory.on_engine(theatre, request(BRUNEL, unclear), paris("mon 10 09:00"))
    assert (await story.promise("software_delivery"))["state"] == "running"
    await story.at(paris("tue 11 10:00"))
    await story.say("activation_keys", serial_number=BRUNEL, keys=["AAAAA-00001"])
    assert await story.states() == ["delivered", "clarification"]
    promise = await story.promise("software_delivery")
    assert promise["state"] == "paused"
    await story.at(paris("wed 12 11:00"))
    await story.say("clarification", serial_number="52AE2266", type="Cisco Expressway-C")
    promise = await story.promise("software_delivery")
    assert to_the_second(promise["due_at"]) == paris("mon 24 13:00"), (
        "it stood still since the question, on Monday at 09:00"
    )


async def test_items_of_two_contracts_have_two_clocks(theatre: Theatre) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRUNEL, RHONEVAL), FRIDAY_EVENING)
    due = {
        (promise["contract"], promise["reading"]): promise["due_at"]
        for promise in (await story.view())["promises"]
        if promise["name"] == "software_delivery"
    }
    assert {key: instant(value) for key, value in due.items()} == {
        ("CTR-2024-0112", "service_hours"): paris("thu 20 10:00"),
        ("CTR-2024-0131", "business_day_clock"): paris("thu 13 08:00"),
    }
    await story.at(paris("wed 12 09:00"))
    await story.say("activation_keys", serial_number=RHONEVAL, keys=["AAAAA-00001"])
    assert (await story.promise("software_delivery", "CTR-2024-0131"))["state"] == "met"
    assert (await story.promise("software_delivery", "CTR-2024-0112"))["state"] == "running"


def told(tmp_path: Path, to: str) -> list[str]:
    """What somebody of ours was told; long subjects are folded, and come out of it with two blanks."""
    return [" ".join(mail.subject.split()) for mail in mails(tmp_path) if mail.to == to]


AT_RISK, TARGET_AT_RISK = (f"{what} de livraison de logiciel menacé" for what in ("Engagement", "Objectif interne"))
BREACHED, TARGET_BREACHED = (f"{what} de livraison de logiciel dépassé" for what in ("Engagement", "Objectif interne"))


async def test_warnings_before_and_escalation_at_the_breach_and_after(theatre: Theatre, tmp_path: Path) -> None:
    """The target warns at 80 % of 72 h by the clock; the promise at 36 and 57.6 of 72 service hours."""
    story = await SoftwareStory.on_engine(theatre, request(BRUNEL), FRIDAY_EVENING)
    await story.at(paris("wed 12 17:35"))
    assert told(tmp_path, COORDINATOR) == []
    expected = []
    for warns, subject in (
        (paris("wed 12 17:37"), TARGET_AT_RISK),
        (paris("thu 13 08:01"), TARGET_BREACHED),
        (paris("thu 13 14:01"), AT_RISK),
        (paris("tue 18 15:37"), AT_RISK),
    ):
        expected.append(subject)
        await story.at(warns)
        assert sorted(told(tmp_path, COORDINATOR)) == sorted(expected)
    assert (await story.view())["promise_state"] == "breached", "the target is overdue"
    assert told(tmp_path, SUPERVISOR) == []
    await story.at(paris("thu 20 10:01"))
    assert told(tmp_path, SUPERVISOR) == [BREACHED]
    assert told(tmp_path, COORDINATOR).count(BREACHED) == 1
    await story.at(paris("fri 21 10:01"))  # ten business hours later
    assert told(tmp_path, SUPERVISOR) == [BREACHED] * 2
    await story.say("activation_keys", serial_number=BRUNEL, keys=["AAAAA-00001"])
    view = await story.result()
    promise = next(p for p in view["promises"] if p["name"] == "software_delivery")
    assert (promise["state"], view["promise_state"]) == ("breached", "breached")
    assert instant(promise["ended_at"]) > paris("fri 21 10:00")


async def test_none_fires_once_it_is_delivered(theatre: Theatre, tmp_path: Path) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRUNEL), FRIDAY_EVENING)
    await story.say("activation_keys", serial_number=BRUNEL, keys=["AAAAA-00001"])
    view = await story.result()
    assert {promise["state"] for promise in view["promises"]} == {"met"}
    assert told(tmp_path, COORDINATOR) == []


async def test_none_fires_once_its_contract_is_served_while_the_other_s_items_wait(
    theatre: Theatre, tmp_path: Path
) -> None:
    """The clocks of the one have ended on Monday; those of the other warn, and are breached, as ever."""
    story = await SoftwareStory.on_engine(theatre, request(BRUNEL, RHONEVAL), FRIDAY_EVENING)
    await story.at(paris("mon 10 09:00"))
    await story.say("activation_keys", serial_number=RHONEVAL, keys=["AAAAA-00001"])
    await story.at(paris("fri 14 09:00"))
    served = [each for each in (await story.view())["promises"] if each["contract"] == "CTR-2024-0131"]
    assert {promise["state"] for promise in served} == {"met"}
    assert {warning["fired_at"] for promise in served for warning in promise["warnings"]} == {None}
    assert sorted(told(tmp_path, COORDINATOR)) == sorted([TARGET_AT_RISK, TARGET_BREACHED, AT_RISK])


async def test_the_acknowledgement_states_the_due_instant_and_the_reading(theatre: Theatre, tmp_path: Path) -> None:
    await SoftwareStory.on_engine(theatre, request(BRUNEL, RHONEVAL, AUSTRAL), FRIDAY_EVENING)
    (letter,) = [mail.text for mail in mails(tmp_path) if mail.subject == "Demande de logiciel enregistrée"]
    assert "jeudi 20 mai 2027 à 10h00 (Europe/Paris), soit 72 heures décomptées pendant les heures de service" in letter
    assert "jeudi 13 mai 2027 à 08h00 (Europe/Paris), soit 72 heures d'horloge, hors jours fermés" in letter
    assert "jeudi 13 mai 2027 à 18h00 (Europe/Paris), soit 3 jours ouvrés, jusqu'à la fermeture" in letter
