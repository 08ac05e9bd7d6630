"""The registry and the read model: coverage, articles, serial numbers, sites, what lists show (R7, R14)."""

from collections.abc import Callable

from temporalio import workflow

from workflows.effects.asking import Asking
from workflows.policies import OWN

with workflow.unsafe.imports_passed_through():
    from activities.articles import ArticleActivities
    from activities.case_records import CaseRecordActivities
    from activities.entitlement import EntitlementActivities
    from activities.exchange import ExchangeActivities
    from activities.relocation import RelocationActivities
    from database.cases import CaseWrite
    from domain.effects import (
        ArticleQuestion,
        EntitlementQuestion,
        LoanGranted,
        Relocation,
        RelocationAnswer,
        SerialExchanges,
    )
    from domain.entitlement import Entitlement
    from domain.exchange import ExchangeLine


class RegistryEffects(Asking):
    """What the registry is asked and told."""

    async def check_entitlement(self, question: EntitlementQuestion, when_away: Callable[[], None]) -> Entitlement:
        """Ask the registry (R14); `when_away` is called when it cannot be asked now, before it is asked again."""
        summary = f"Is {question.serial_number} covered?"
        return await self._own(EntitlementActivities.check_entitlement, question, summary, when_away)

    async def record(self, write: CaseWrite) -> tuple[LoanGranted, ...]:
        """Write the case, its promises and its new journal lines into the read model; whom the last write serves.

        Never locally. Where updates crowd in, the engine discards whole workflow tasks and has them done anew in
        another order; a normal activity only begins once the task is in history, so that what it writes stays true.
        """
        summary = f"Record version {write.version} in the read model"
        served = await workflow.execute_activity_method(CaseRecordActivities.record_case, write, summary=summary, **OWN)
        return served or ()  # nothing at all, by a worker of old

    async def match_articles(self, question: ArticleQuestion) -> tuple[ExchangeLine, ...]:
        """Tell the defective articles apart (R7)."""
        summary = f"Which articles of {question.serial_number} are replaced?"
        return (await self._own(ArticleActivities.match_articles, question, summary)).lines

    async def relocate(self, relocation: Relocation) -> RelocationAnswer:
        """Let the registry know at which site the equipment stands."""
        summary = f"{relocation.serial_number} stands at {relocation.site}"
        return await self._own(RelocationActivities.relocate, relocation, summary)

    async def exchange_serials(self, exchanges: SerialExchanges) -> tuple[str, ...]:
        """Let what was put in take the place of what was taken out (R7)."""
        summary = f"Exchange {len(exchanges.exchanges)} serial numbers in the registry"
        return (await self._own(ExchangeActivities.exchange_serials, exchanges, summary)).results
