"""Loan equipment: reserved from the pool, followed until it is back (R8)."""

from temporalio import activity

from database.loans import LoanPool
from domain.effects import EffectKey, LoanAnswer, LoanGranted, LoanMove, LoanRequest


class LoanActivities:
    """Reserves units, and passes on what comes free to the oldest promise in line."""

    def __init__(self, pool: LoanPool) -> None:
        self._pool = pool

    @activity.defn
    async def reserve_loan_unit(self, request: LoanRequest) -> LoanAnswer:
        """Reserve a unit with at least the same features, the nearest; or wait in line for this workflow to be told."""
        workflow_id = activity.info().workflow_id
        assert workflow_id is not None, "loans are asked for by cases"
        return await self._pool.reserve(request, workflow_id)

    @activity.defn
    async def wait_elsewhere(self, request: LoanRequest) -> None:
        """The equipment stands at another site than it did when the case came into line."""
        await self._pool.wait_elsewhere(request)

    @activity.defn
    async def find_loan(self, key: EffectKey) -> LoanAnswer:
        """Which unit is reserved, or in use, under that key now; or its place in line."""
        return await self._pool.find(key)

    @activity.defn
    async def move_loan(self, move: LoanMove) -> tuple[LoanGranted, ...]:
        """Note how far the loan has come; answers with those in line who are served by what is free now."""
        return await self._pool.move(move)
