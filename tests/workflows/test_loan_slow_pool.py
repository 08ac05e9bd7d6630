"""A pool that answers slowly, and what is said to a case meanwhile (R8). On the real server: the pool is locked."""

import asyncpg

from tests.workflows import loan_story as lending
from tests.workflows.case_story import paris
from tests.workflows.conftest import OpenCase
from tests.workflows.loan_story import UNIT_IN_PARIS
from tests.workflows.sample import PARIS_ENDPOINT


async def test_a_failure_that_is_told_while_a_loan_is_being_called_off_brings_another(
    open_case_on_server: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """The pool answers slowly: its counter is held while the second word comes in."""
    case = await open_case_on_server(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await lending.to_reserved(case)
    async with case_pool.acquire() as counter, counter.transaction():
        await counter.execute("lock table loans in access exclusive mode")
        await case.say("loan_veto", reason="the customer wants none")
        await case.loan_is("reserved", ended_because="vetoed: the customer wants none")
        await case.parcel("damaged")
        await case.loan_is("considered", number=2)
    await case.loan_is("reserved", number=2, cause="the replacement is damaged")
    assert await lending.loans(case_pool) == [("called_off", UNIT_IN_PARIS), ("reserved", UNIT_IN_PARIS)]
