"""Keys come from the stock, or from the vendor; who waits is served in order, and nothing is shown whole (R11)."""

from pathlib import Path

import asyncpg
import pytest

from config.secrets import SecretBox
from config.settings import Settings
from database.activation_keys import KeyStore, StockedKey
from domain.masking import Secret, mask
from tests.engine.own_equipment import copied_equipment
from tests.engine.story_on_engine import Theatre
from tests.workflows.case_story import paris
from tests.workflows.letters import COORDINATOR, mails
from tests.workflows.software_story import BRIDGE, CONTACT, KIT, SoftwareStory, request

MONDAY = paris("mon 10 09:00")
RELEASE = "CMS-3.11"
VENDOR = "rma@cisco-support.example"


@pytest.fixture
def stock(case_pool: asyncpg.Pool) -> KeyStore:
    """The stock of keys."""
    return KeyStore(case_pool, SecretBox.of(Settings()))


@pytest.fixture
async def empty_stock(case_pool: asyncpg.Pool) -> None:
    """There is no key at all."""
    await case_pool.execute("delete from activation_keys")


async def stocked(pool: asyncpg.Pool, stock: KeyStore, *keys: str) -> None:
    """Keys are imported."""
    async with pool.acquire() as connection, connection.transaction():
        await stock.add(connection, [StockedKey(RELEASE, Secret(key)) for key in keys])


async def test_a_key_of_the_stock_is_delivered_with_the_software(
    theatre: Theatre, tmp_path: Path, case_pool: asyncpg.Pool, stock: KeyStore, empty_stock: None
) -> None:
    await stocked(case_pool, stock, "AAAAA-BBBBB-CCCCC-DDDDD")
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    view = await story.result()
    assert view["items"][0]["keys"] == [mask("AAAAA-BBBBB-CCCCC-DDDDD")]
    (letter,) = [mail for mail in mails(tmp_path) if mail.subject == "Livraison de logiciel"]
    assert letter.to == CONTACT
    assert "clé d'activation : AAAAA-BBBBB-CCCCC-DDDDD" in letter.text
    others = "".join(mail.text for mail in mails(tmp_path) if mail != letter)
    recorded = str(await case_pool.fetchval("select view from software_requests"))
    for shown in (str(view), others, recorded):
        assert "AAAAA-BBBBB" not in shown


@pytest.mark.usefixtures("empty_stock")
async def test_the_vendor_is_asked_and_what_needs_no_key_does_not_wait(theatre: Theatre, tmp_path: Path) -> None:
    story = await SoftwareStory.on_engine(theatre, request(KIT, BRIDGE), MONDAY)
    view = await story.view()
    assert [item["state"] for item in view["items"]] == ["delivered", "awaiting_key"]
    assert (view["stage"], view["waiting_for"], view["answered"]) == ("activation_keys", "vendor", 1)
    (asked,) = [mail for mail in mails(tmp_path) if mail.to == VENDOR]
    assert BRIDGE in asked.text
    assert "3.11" in asked.text
    (letter,) = [mail for mail in mails(tmp_path) if mail.subject == "Livraison de logiciel"]
    assert f"{BRIDGE} : 3.11 : clé d'activation attendue" in letter.text, "what is still open is shown"
    view = await story.say("activation_keys", serial_number=BRIDGE, keys=["VENDR-KEY00-00001", "VENDR-OPT00-00002"])
    assert "VENDR-KEY00" not in str(view)
    view = await story.result()
    assert [item["state"] for item in view["items"]] == ["delivered", "delivered"]
    letters = [mail.text for mail in mails(tmp_path) if mail.subject == "Livraison de logiciel"]
    assert sum("VENDR-KEY00-00001" in text and "VENDR-OPT00-00002" in text for text in letters) == 1


@pytest.mark.usefixtures("empty_stock")
async def test_a_key_that_was_given_out_before_is_refused_and_another_awaited(
    theatre: Theatre, tmp_path: Path, case_pool: asyncpg.Pool, stock: KeyStore
) -> None:
    await stocked(case_pool, stock, "AAAAA-BBBBB-CCCCC-DDDDD")
    first = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    await first.result()
    again = request(BRIDGE, requested_by={"name": "Bruno"})
    story = await SoftwareStory.on_engine(theatre, again, MONDAY)
    await story.say("activation_keys", serial_number=BRIDGE, keys=["AAAAA-BBBBB-CCCCC-DDDDD"])
    assert await story.states() == ["awaiting_key"]
    refused = [mail for mail in mails(tmp_path) if mail.subject == "Clé d'activation déjà remise"]
    assert [mail.to for mail in refused] == [COORDINATOR]
    assert "AAAAA-BBBBB" not in refused[0].text
    await story.say("activation_keys", serial_number=BRIDGE, keys=["ANOTH-ER000-KEY00"])
    assert (await story.result())["outcome"] == "answered"


@pytest.mark.usefixtures("empty_stock")
async def test_who_waits_is_told_when_the_stock_has_something(
    theatre: Theatre, case_pool: asyncpg.Pool, stock: KeyStore
) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    await stocked(case_pool, stock, "AAAAA-BBBBB-CCCCC-DDDDD")
    assert await stock.serve_the_line([RELEASE], await story.now()) == [story.handle.id]
    await story.signal("keys_granted", {})
    assert (await story.result())["items"][0]["state"] == "delivered"


@pytest.mark.usefixtures("empty_stock")
async def test_a_word_that_is_lost_delays_nobody_for_long(
    theatre: Theatre, case_pool: asyncpg.Pool, stock: KeyStore
) -> None:
    story = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    await stocked(case_pool, stock, "AAAAA-BBBBB-CCCCC-DDDDD")
    await story.at(paris("mon 10 13:01"))
    assert (await story.result())["items"][0]["state"] == "delivered"


@pytest.mark.usefixtures("empty_stock")
async def test_whoever_comes_to_the_counter_has_those_before_them_told(
    theatre: Theatre, case_pool: asyncpg.Pool, stock: KeyStore
) -> None:
    """Nobody who asks later overtakes: the key goes to the one who was first, and they are told."""
    first = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    await stocked(case_pool, stock, "AAAAA-BBBBB-CCCCC-DDDDD")
    later = request(BRIDGE, requested_by={"name": "Bruno"})
    second = await SoftwareStory.on_engine(theatre, later, paris("mon 10 09:30"))
    assert (await first.result())["items"][0]["state"] == "delivered"
    assert await second.states() == ["awaiting_key"]


@pytest.mark.usefixtures("empty_stock")
async def test_twelve_requests_for_the_last_four_keys(
    theatre: Theatre, tmp_path: Path, case_pool: asyncpg.Pool, stock: KeyStore
) -> None:
    """Each key once, the others waiting, all answered in the end."""
    keys = [f"KEY{number:02}-AAAAA-BBBBB-CCCCC" for number in range(12)]
    await stocked(case_pool, stock, *keys[:4])
    pieces = [await copied_equipment(case_pool, BRIDGE, f"-{number}") for number in range(12)]
    stories = [await SoftwareStory.on_engine(theatre, request(piece), MONDAY) for piece in pieces]
    states = [(await story.states())[0] for story in stories]
    assert states == ["delivered"] * 4 + ["awaiting_key"] * 8
    await stocked(case_pool, stock, *keys[4:])
    told = await stock.serve_the_line([RELEASE], MONDAY)
    assert set(told) == {story.handle.id for story in stories[4:]}
    for story in stories[4:]:
        await story.signal("keys_granted", {})
        assert (await story.result())["outcome"] == "answered"
    letters = "".join(mail.text.partition("---")[0] for mail in mails(tmp_path) if "Livraison" in mail.subject)
    assert {key: letters.count(key) for key in keys} == dict.fromkeys(keys, 1)
