"""Every item of a request has a proper answer, as soon as it can be given (R11, R12)."""

from pathlib import Path

import asyncpg

from tests.engine.story_on_engine import Theatre
from tests.workflows.case_story import paris
from tests.workflows.letters import mails
from tests.workflows.software_story import (
    BRIDGE,
    CONTACT,
    EXPIRED,
    GATEWAY,
    KIT,
    REQUESTER,
    UP_TO_DATE,
    SoftwareStory,
    request,
)

MONDAY = paris("mon 10 09:00")


async def test_what_needs_no_key_is_delivered_at_once(theatre: Theatre, tmp_path: Path) -> None:
    story = await SoftwareStory.on_engine(theatre, request({"serial_number": KIT, "type": "Room Kit"}), MONDAY)
    view = await story.result()
    (item,) = view["items"]
    assert (item["state"], item["version"]) == ("delivered", "RoomOS 11.14")
    assert (view["stage"], view["outcome"]) == ("closed", "answered")
    assert {promise["name"]: promise["state"] for promise in view["promises"]} == {
        "software_delivery": "met",
        "software_delivery_target": "met",
    }
    told = {(mail.to, mail.subject) for mail in mails(tmp_path)}
    assert told == {
        (REQUESTER, "Demande de logiciel enregistrée"),
        (CONTACT, "Livraison de logiciel"),
        (REQUESTER, "Réponse à votre demande de logiciel"),
    }


async def test_what_is_up_to_date_is_given_no_key(theatre: Theatre, case_pool: asyncpg.Pool, tmp_path: Path) -> None:
    """Although its release needs one, and there are some in stock."""
    await case_pool.execute("update equipment set software_version = '3.11' where serial_number = $1", BRIDGE)
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    (item,) = (await story.result())["items"]
    assert (item["state"], item["keys"]) == ("up_to_date", [])
    assert await case_pool.fetchval("select count(*) from key_requests") == 0
    assert not [mail for mail in mails(tmp_path) if mail.subject == "Livraison de logiciel"]


async def test_each_item_is_answered_by_itself(theatre: Theatre, tmp_path: Path) -> None:
    items = (KIT, UP_TO_DATE, GATEWAY, EXPIRED, "NO-SUCH-ONE")
    story = await SoftwareStory.on_engine(theatre, request(*items), MONDAY)
    view = await story.result()
    assert [item["state"] for item in view["items"]] == [
        "delivered",
        "up_to_date",
        "no_release",
        "not_covered",
        "unknown",
    ]
    assert "CTR-2021-0093 is not in force" in view["items"][3]["reason"]
