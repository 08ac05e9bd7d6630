"""Exchange: what is replaced, line by line, from the vendor or our own stock; the registry follows (R6, R7)."""

from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails_about
from tests.workflows.return_story import ReturnStory
from tests.workflows.sample import PARIS_ENDPOINT

SITE_CONTACT = "salles.paris@brunel.example"
EXCLUDED = "Articles exclus de l'échange standard"
POWER, TABLE_MICROPHONE, CAMERA = "CS-PWR-CDC", "CTS-MIC-TABL60", "CTS-CAM-P60-K9"
FUSE, CABLE_OF_THE_ROOM, BAR = "FUS-5X20-T2A", "CAB-PRES-2HDMI-GR", "CS-KIT-K9"


@pytest.fixture
async def diagnosed(open_case: OpenCase) -> CaseStory:
    """A blocking case, reported on Monday at nine: level 2 has the word."""
    return await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")


async def level(pool: asyncpg.Pool, article: str) -> int:
    """How many pieces all depots have."""
    return int(await pool.fetchval("select coalesce(sum(quantity), 0) from stock where article = $1", article))


async def reservations(pool: asyncpg.Pool) -> list[tuple[str, int, str]]:
    """What is or was reserved: the article, the pieces, and how it ended."""
    rows = await pool.fetch("select article, quantity, state from stock_reservations order by step, article")
    return [(row["article"], row["quantity"], row["state"]) for row in rows]


def lines_of(view: dict[str, Any]) -> dict[tuple[str, str], int]:
    """The pieces of each article by their verdict, in the present round."""
    return {(line["article"], line["verdict"]): line["quantity"] for line in view["rounds"][-1]["lines"]}


async def test_articles_are_told_apart_and_only_what_is_replaced_is_asked_for_and_ordered(
    diagnosed: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """Unknown: back to level 2. Consumables alone: told, and back to level 2. Then five verdicts in one diagnosis."""
    case = diagnosed
    await case.parts_have_failed(POWER, "CS-NO-SUCH-1")
    view = await case.until(lambda view: "CS-NO-SUCH-1 unknown" in view["next_action"])
    assert (view["stage"], view["owner"], view["waiting_for"]) == ("remote_diagnosis", "level 2", "support")
    assert mails_about(tmp_path, EXCLUDED) == []

    await case.parts_have_failed(FUSE)
    view = await case.until(lambda view: "every article is a consumable" in view["next_action"])
    assert (view["stage"], (await case.promise("level_2_diagnosis"))["state"]) == ("remote_diagnosis", "running")
    await case.until(lambda _: len(mails_about(tmp_path, EXCLUDED)) == 1, "the customer is told")
    (mail,) = mails_about(tmp_path, EXCLUDED)
    assert mail.to == SITE_CONTACT
    assert "FUS-5X20-T2A × 1 (Fusible 5×20 T2A) : consommable hors configuration" in mail.text
    assert "Aucun autre article n'est remplacé" in mail.text

    pieces = [POWER.lower(), *[TABLE_MICROPHONE] * 3, CABLE_OF_THE_ROOM, CABLE_OF_THE_ROOM, BAR, FUSE]
    await case.parts_have_failed(*pieces)
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert lines_of(view) == {
        (POWER, "exchanged"): 1,
        (TABLE_MICROPHONE, "exchanged"): 2,
        (TABLE_MICROPHONE, "replaced_because_unserviceable"): 1,
        (CABLE_OF_THE_ROOM, "exchanged"): 1,
        (CABLE_OF_THE_ROOM, "excluded"): 1,
        (BAR, "replaced_because_unserviceable"): 1,
        (FUSE, "excluded"): 1,
    }
    await case.until(lambda _: len(mails_about(tmp_path, EXCLUDED)) == 2, "the customer is told")
    told = mails_about(tmp_path, EXCLUDED)[-1].text
    assert "CAB-PRES-2HDMI-GR × 1" in told
    assert "Les autres articles défectueux sont remplacés." in told
    assert POWER not in told
    await case.approved()
    await case.reaches("shipment")
    replaced = sorted([POWER, *[TABLE_MICROPHONE] * 3, CABLE_OF_THE_ROOM, BAR])
    for table in ("vendor_requests", "orders"):
        assert sorted(await case_pool.fetchval(f"select articles from {table}")) == replaced


async def test_a_diagnosis_that_names_no_article_exchanges_the_whole_equipment(
    diagnosed: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Of which our own stock knows no article: the vendor is asked."""
    await diagnosed.parts_have_failed(parts_from="own_stock")
    view = await diagnosed.reaches("vendor_validation", waiting_for="vendor")
    assert lines_of(view) == {("Cisco Webex Codec Plus", "exchanged"): 1}
    assert await case_pool.fetchval("select articles from vendor_requests") == ["Cisco Webex Codec Plus"]
    assert await reservations(case_pool) == []


async def test_parts_of_our_own_leave_the_stock_with_the_dispatch_and_no_vendor_is_asked(
    diagnosed: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Found at eleven, promised from day J: the next day by closing time, with the approval of nobody."""
    case, before = diagnosed, await level(case_pool, TABLE_MICROPHONE)
    await case.at(paris("mon 10 11:00"))
    await case.parts_have_failed(POWER, TABLE_MICROPHONE, TABLE_MICROPHONE, parts_from="own_stock")
    view = await case.reaches("shipment")
    assert (view["waiting_for"], view["delivery_missed_through"]) == ("support", None)
    assert instant((await case.promise("replacement_delivery"))["due_at"]) == paris("tue 11 18:00")
    assert await level(case_pool, TABLE_MICROPHONE) == before - 2
    assert await reservations(case_pool) == [(POWER, 1, "reserved"), (TABLE_MICROPHONE, 2, "reserved")]
    assert await case_pool.fetchval("select count(*) from vendor_requests") == 0
    assert await case_pool.fetchval("select from_stock from orders")
    await case.parcel("dispatched", carrier="Chrono")
    await case.reaches("shipment", waiting_for="carrier")
    assert {state for *_, state in await reservations(case_pool)} == {"used"}
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    assert await level(case_pool, TABLE_MICROPHONE) == before - 2


@pytest.mark.parametrize(
    ("reported_at", "found_at", "due_at", "missed_through"),
    [
        (paris("mon 10 15:59:59"), paris("mon 10 15:59:59"), paris("tue 11 18:00"), None),
        (paris("mon 10 16:00:00"), paris("mon 10 16:30"), paris("wed 12 18:00"), "late_report"),
        (paris("mon 10 09:00"), paris("mon 10 16:00:00"), paris("tue 11 18:00"), "us"),
    ],
    ids=["reported at 15:59:59", "reported at 16:00:00", "found at 16:00:00"],
)
async def test_from_our_own_stock_day_j_is_the_effective_day_under_the_same_16_00_rule(
    open_case: OpenCase, reported_at: datetime, found_at: datetime, due_at: datetime, missed_through: str | None
) -> None:
    case = await open_case(PARIS_ENDPOINT, reported_at, impact="blocking")
    if found_at > reported_at:
        await case.at(found_at)
    await case.parts_have_failed(POWER, parts_from="own_stock", at=found_at.isoformat())
    view = await case.reaches("shipment")
    promise = await case.promise("replacement_delivery")
    assert (instant(promise["due_at"]), promise["state"]) == (due_at, "running")
    assert view["delivery_missed_through"] == missed_through


async def test_what_our_stock_has_not_got_in_full_is_asked_of_the_vendor_and_nothing_stays_reserved(
    diagnosed: CaseStory, case_pool: asyncpg.Pool
) -> None:
    before = await level(case_pool, POWER)
    await diagnosed.parts_have_failed(POWER, CAMERA, parts_from="own_stock")
    await diagnosed.reaches("vendor_validation", waiting_for="vendor")
    assert f"our stock has not got {CAMERA}: the vendor is asked" in await diagnosed.journal()
    assert (await level(case_pool, POWER), await reservations(case_pool)) == (before, [])
    await diagnosed.approved()
    await diagnosed.reaches("shipment", waiting_for="vendor")
    assert not await case_pool.fetchval("select from_stock from orders")
    await diagnosed.say("cancellation", reason="sold")
    await diagnosed.handle.result()
    assert await level(case_pool, POWER) == before


@pytest.mark.parametrize(("leaves", "state", "given_back"), [(False, "given_back", 1), (True, "used", 0)])
async def test_a_case_that_is_called_off_gives_back_what_has_not_left_our_stock(
    diagnosed: CaseStory, case_pool: asyncpg.Pool, leaves: bool, state: str, given_back: int
) -> None:
    """What has left the house comes back as an unused part, followed on its own."""
    before = await level(case_pool, POWER)
    await diagnosed.parts_have_failed(POWER, parts_from="own_stock")
    await diagnosed.reaches("shipment")
    if leaves:
        await diagnosed.parcel("dispatched")
        await diagnosed.reaches("shipment", waiting_for="carrier")
    await diagnosed.say("cancellation", reason="sold")
    closed = await diagnosed.handle.result()
    assert await reservations(case_pool) == [(POWER, 1, state)]
    assert await level(case_pool, POWER) == before - 1 + given_back
    returns = [line["text"] for line in closed["journal"] if line["kind"] == "return"]
    assert len(returns) == leaves
    if leaves:
        identifier = f"return-{closed['reference']}.1.return-unused-part-1"
        way_back = diagnosed.environment.client.get_workflow_handle(identifier)
        story = ReturnStory(diagnosed.environment, way_back, query="return")
        await story.news("received")
        await way_back.result()
    assert await level(case_pool, POWER) == before


async def test_our_own_part_that_an_unfinished_visit_left_behind_comes_back_to_our_stock_in_a_later_round(
    diagnosed: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """The later round asks the vendor, who sent nothing of it: each part goes back to whoever sent it."""
    before = await level(case_pool, POWER)
    await diagnosed.parts_have_failed(POWER, parts_from="own_stock")
    await diagnosed.reaches("shipment")
    await diagnosed.parcel("delivered")
    await diagnosed.reaches("site_scheduling", waiting_for="customer")
    await diagnosed.visit_is_chosen()
    await diagnosed.worked_on_site(outcome="unfinished")
    await diagnosed.reaches("remote_diagnosis", round=2)
    await diagnosed.hardware_has_failed()
    await diagnosed.delivered()
    await diagnosed.say("cancellation", reason="sold")
    closed = await diagnosed.handle.result()
    asked_back = [line["text"] for line in closed["journal"] if line["kind"] == "return"]
    assert asked_back == [
        f"unused part {POWER} is to come back to Cisco",
        f"unused part {POWER} is to come back to our stock",
    ]
    identifier = f"return-{closed['reference']}.2.return-unused-part-2"
    way_back = diagnosed.environment.client.get_workflow_handle(identifier)
    await ReturnStory(diagnosed.environment, way_back, query="return").news("received")
    await way_back.result()
    assert await level(case_pool, POWER) == before


async def test_a_parcel_of_our_own_that_is_refused_comes_back_to_our_stock_while_another_one_goes_out(
    diagnosed: CaseStory, case_pool: asyncpg.Pool
) -> None:
    before = await level(case_pool, POWER)
    await diagnosed.parts_have_failed(POWER, parts_from="own_stock")
    await diagnosed.reaches("shipment")
    await diagnosed.parcel("dispatched")
    await diagnosed.parcel("refused_at_site")
    await diagnosed.loan_is("reserved")
    assert await level(case_pool, POWER) == before - 2
    identifier = f"return-{(await diagnosed.view())['reference']}.1.return-unused-part-1"
    way_back = diagnosed.environment.client.get_workflow_handle(identifier)
    story = ReturnStory(diagnosed.environment, way_back, query="return")
    await story.until(lambda view: view["due_at"], "its way back is followed")
    await story.news("received")
    await way_back.result()
    assert await level(case_pool, POWER) == before - 1


async def test_what_was_exchanged_takes_the_old_serial_s_place_and_a_later_report_on_either_finds_its_way(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    old, new = PARIS_ENDPOINT, "FTT2900NEW1"
    case = await open_case(old, paris("mon 10 08:05"), impact="blocking")
    await case.parts_have_failed("CS-CODEC-PLUS", parts_from="own_stock", also_software=True)
    await case.reaches("shipment")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    assert "software" in (await case.view())["next_action"]
    await case.worked_on_site(exchanges=[{"removed": old.lower(), "installed": new}])
    await case.reaches("restored")
    assert await case_pool.fetchval("select replaced_by from equipment where serial_number = $1", old) == new
    for table in ("coverage", "configuration_lines"):
        kept = (
            f"select count(*) filter (where serial_number = $1), count(*) from {table} where serial_number in ($1, $2)"
        )
        row = await case_pool.fetchrow(kept, new, old)
        assert row[0] == row[1] > 0
    await case.say("customer_confirmation", restored=True)
    closed = await case.handle.result()

    later = await open_case(new, paris("tue 18 09:00"))
    view = await later.view()
    assert (view["stage"], view["recurrence_of"]) == ("remote_diagnosis", closed["reference"])
    moved = await open_case(old, paris("tue 18 09:00"), symptom="the old label is still on it")
    ended = await moved.handle.result()
    assert (ended["outcome"], view["reference"] in ended["outcome_reason"]) == ("moved", True)
    joined = await later.until(lambda view: [line["kind"] for line in view["journal"]].count("report") == 2)
    assert joined["reference"] == view["reference"]


async def test_a_report_on_any_serial_number_of_equipment_that_was_swapped_twice_finds_the_one_in_service(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """Twice in one visit, and back again in another: a label that was taken off leads to what stands there now."""
    first, second, third = PARIS_ENDPOINT, "FTT2900NEW1", "FTT2900NEW2"
    case = await open_case(first, paris("mon 10 08:05"), impact="blocking")
    await case.parts_have_failed("CS-CODEC-PLUS", parts_from="own_stock")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    swaps = [{"removed": first, "installed": second}, {"removed": second, "installed": third}]
    await case.worked_on_site(passed=False, exchanges=swaps)
    await case.reaches("remote_diagnosis", round=2)
    assert await in_service(case_pool) == [third]

    joining = await open_case(second, await case.now())
    ended = await joining.handle.result()
    assert (ended["outcome"], (await case.view())["reference"] in ended["outcome_reason"]) == ("moved", True)
    await case.until(lambda view: [line["kind"] for line in view["journal"]].count("report") == 2)

    await case.diagnosed(2, "onsite_without_parts")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site(exchanges=[{"removed": third, "installed": first}])
    await case.reaches("restored")
    assert await in_service(case_pool) == [first]
    await case.say("customer_confirmation", restored=True)
    closed = await case.handle.result()

    again = await open_case(third, await case.now())
    ended = await again.handle.result()
    assert ended["outcome"] == "moved", ended["outcome_reason"]
    assert (
        await case_pool.fetchval(
            "select recurrence_of from cases where workflow_id = $1 and closed_at is null", f"curative-{first}"
        )
        == closed["reference"]
    )


async def in_service(pool: asyncpg.Pool) -> list[str]:
    """Which of the three stands in the room."""
    known = await pool.fetch(
        "select serial_number from equipment where serial_number = any($1) and replaced_by is null",
        [PARIS_ENDPOINT, "FTT2900NEW1", "FTT2900NEW2"],
    )
    return [row["serial_number"] for row in known]
