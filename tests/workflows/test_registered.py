"""Registered: who is covered, who is not, and a report at any hour (R1, R4, R14)."""

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.story import Story
from tests.workflows.case_story import WORKFLOW, CaseStory, instant, paris, report
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import (
    EXPIRED_CONTRACT,
    NO_CONTRACT,
    NO_CURATIVE,
    PARIS_ENDPOINT,
    REUNION_ENDPOINT,
    STRASBOURG_ENDPOINT,
)


async def rejected(case: CaseStory) -> dict[str, str]:
    """The view of a case that was rejected."""
    view: dict[str, str] = await case.handle.result()
    assert (view["stage"], view["outcome"]) == ("closed", "rejected")
    return view


@pytest.mark.parametrize(
    ("serial_number", "reason"),
    [
        ("NO-SUCH-SERIAL", "not in the registry"),
        (EXPIRED_CONTRACT, "not in force"),
        (NO_CURATIVE, "does not cover curative"),
        (NO_CONTRACT, "no contract covers"),
    ],
)
async def test_what_is_not_covered_is_rejected_with_the_reason_and_is_a_case_in_the_lists(
    open_case: OpenCase, case_pool: asyncpg.Pool, serial_number: str, reason: str
) -> None:
    view = await rejected(await open_case(serial_number, paris("mon 10 09:00")))
    assert reason in view["outcome_reason"]
    row = await case_pool.fetchrow("select outcome, stage from cases where reference = $1", view["reference"])
    assert tuple(row) == ("rejected", "closed")


async def test_a_supervisors_exception_covers_an_expired_contract_and_is_journaled(open_case: OpenCase) -> None:
    exception = {"kind": "goodwill", "granted_by": "R. Martin", "reason": "renewal is signed"}
    case = await open_case(EXPIRED_CONTRACT, paris("mon 10 09:00"), exception=exception)
    view = await case.reaches("remote_diagnosis")
    assert view["basis"] == "exception (goodwill) by R. Martin: renewal is signed"
    assert any("exception (goodwill)" in text for text in await case.journal())


async def test_a_report_on_saturday_is_recorded_at_once_and_its_clock_starts_on_monday(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("sat 8 19:40"))
    promise = await case.promise("level_1_answer")
    assert instant((await case.view())["opened_at"]).astimezone(paris("sat 8 19:40").tzinfo).hour == 19
    assert instant(promise["started_at"]) == paris("mon 10 08:00")
    assert instant(promise["due_at"]) == paris("mon 10 09:00")


async def test_reception_is_when_the_call_was_picked_up_not_when_the_form_was_saved(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:40"), reported_at=paris("mon 10 09:10").isoformat())
    assert instant((await case.view())["reported_at"]) == paris("mon 10 09:10")
    assert instant((await case.promise("level_1_answer"))["due_at"]) == paris("mon 10 10:10")


async def test_a_report_of_last_week_needs_a_supervisor(open_case: OpenCase) -> None:
    last_week = paris("mon 3 09:00").isoformat()
    view = await rejected(await open_case(PARIS_ENDPOINT, paris("mon 10 09:40"), reported_at=last_week))
    assert "only a supervisor" in view["outcome_reason"]


async def test_a_supervisor_may_enter_a_report_of_last_week(open_case: OpenCase) -> None:
    last_week = paris("mon 3 09:00").isoformat()
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:40"), reported_at=last_week, actor="supervisor:R. Martin")
    assert (await case.promise("level_1_answer"))["state"] == "breached"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((), "report"),
        (("ring ring",), "report"),
        (({"report": {}}, {}), "report"),
        (({"report": {"serial_number": "é"}},), "report.serial_number"),
        (({"report": report("ANOTHER-SERIAL")},), "report.serial_number"),
        (({"report": report("SN-OF-THE-ID", reported_at="2099-01-01T10:00:00Z")},), "report.reported_at"),
        (({"report": report("SN-OF-THE-ID", reported_at="1999-01-01T10:00:00Z")},), "report.reported_at"),
        (({"report": report("SN-OF-THE-ID", colour="blue")},), "report.colour"),
    ],
)
async def test_an_opening_that_does_not_fit_is_rejected_and_names_the_field(
    temporal: WorkflowEnvironment, worker: Worker, task_queue: str, arguments: tuple[object, ...], field: str
) -> None:
    story = await Story.begin(
        temporal,
        WORKFLOW,
        *arguments,
        id="curative-SN-OF-THE-ID",
        at=paris("mon 10 09:00"),
        task_queue=task_queue,
    )
    view = await story.handle.result()
    assert view["outcome"] == "rejected"
    assert view["outcome_reason"].startswith(f"{field}: ")
    assert view["journal"][0]["disposition"] == "refused"


async def test_a_second_report_joins_the_open_case(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    answer = await case.say("report", **report(PARIS_ENDPOINT, symptom="no sound either"))
    assert answer["disposition"] == "taken"
    assert "degraded: no sound either" in await case.journal()
    assert len((await case.view())["promises"]) == 1


async def test_the_provider_in_paris_answers_for_la_reunion_in_its_own_hours(open_case: OpenCase) -> None:
    """10:00 in Saint-Denis is 08:00 in Paris: the line has just opened."""
    case = await open_case(REUNION_ENDPOINT, paris("mon 10 06:30"))
    assert instant((await case.promise("level_1_answer"))["due_at"]) == paris("mon 10 09:00")


async def test_good_friday_is_a_working_day_for_the_line_that_answers_strasbourg(open_case: OpenCase) -> None:
    """2 April 2027 is no Good Friday; 26 March 2027 is, and Paris works."""
    good_friday = instant("2027-03-26T09:00:00+01:00")
    case = await open_case(STRASBOURG_ENDPOINT, good_friday)
    assert instant((await case.promise("level_1_answer"))["due_at"]) == instant("2027-03-26T10:00:00+01:00")


async def closed_on_monday_at_nine(open_case: OpenCase, pool: asyncpg.Pool, by: str) -> dict[str, str]:
    """A case that has ended on Monday 10 May, and whose contract ended the day after."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await (case.diagnosed(1, "resolved") if by == "resolved" else case.say("cancellation", reason="it works again"))
    closed: dict[str, str] = await case.handle.result()
    await pool.execute("update contracts set ends_on = '2027-05-11' where reference = 'CTR-2024-0112'")
    return closed


@pytest.mark.parametrize("at", ["fri 14 09:00", "tue 18 08:55"])
async def test_a_report_soon_after_the_closing_is_a_recurrence_under_the_same_terms_though_the_contract_has_ended(
    open_case: OpenCase, case_pool: asyncpg.Pool, at: str
) -> None:
    closed = await closed_on_monday_at_nine(open_case, case_pool, "resolved")
    case = await open_case(PARIS_ENDPOINT, paris(at))
    view = await case.reaches("remote_diagnosis")
    assert view["recurrence_of"] == closed["reference"]
    assert view["reference"] != closed["reference"]
    assert view["basis"] == f"recurrence of {closed['reference']}"
    assert f"recurrence of {closed['reference']}, under its terms" in await case.journal()
    await case.hardware_has_failed()


@pytest.mark.parametrize(
    ("by", "at"), [("resolved", "tue 18 09:05"), ("cancelled", "wed 12 09:00")], ids=["too late", "of a cancelled one"]
)
async def test_a_report_after_five_business_days_or_after_a_cancelled_case_is_no_recurrence(
    open_case: OpenCase, case_pool: asyncpg.Pool, by: str, at: str
) -> None:
    await closed_on_monday_at_nine(open_case, case_pool, by)
    view = await rejected(await open_case(PARIS_ENDPOINT, paris(at)))
    assert view["recurrence_of"] is None
    assert "not in force" in view["outcome_reason"]
