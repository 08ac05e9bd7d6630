"""Loan units: asked of the pool, moved on (R8)."""

from temporalio import workflow

from workflows.effects.asking import Asking

with workflow.unsafe.imports_passed_through():
    from activities.loans import LoanActivities
    from domain.effects import EffectKey, LoanAnswer, LoanGranted, LoanMove, LoanRequest


class LoanEffects(Asking):
    """What the pool is asked and told."""

    async def reserve_loan_unit(self, request: LoanRequest) -> LoanAnswer:
        """Ask the pool for a loan unit (R8)."""
        summary = f"A loan unit for {request.equipment_type} at {request.site}"
        return await self._own(LoanActivities.reserve_loan_unit, request, summary)

    async def wait_elsewhere(self, request: LoanRequest) -> None:
        """Have the case wait in line for a unit at another site."""
        await self._own(LoanActivities.wait_elsewhere, request, f"Wait for a loan unit at {request.site}")

    async def find_loan(self, key: EffectKey) -> LoanAnswer:
        """Ask the pool what is reserved for this case."""
        return await self._own(LoanActivities.find_loan, key, f"Which loan unit has {key.identifier}?")

    async def move_loan(self, move: LoanMove) -> tuple[LoanGranted, ...]:
        """Tell the pool how far a loan has come; whom it serves now (R8)."""
        return await self._own(LoanActivities.move_loan, move, f"Loan {move.loan.identifier}: {move.step}")
