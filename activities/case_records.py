"""The read model of cases: written after every change, for lists and reports; never read back by a case."""

from temporalio import activity

from database.cases import CaseStore, CaseWrite
from domain.effects import LoanGranted


class CaseRecordActivities:
    """Writes versions of cases; an older version than the one that is there changes nothing."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store

    @activity.defn
    async def record_case(self, write: CaseWrite) -> tuple[LoanGranted, ...] | None:
        """Write the case's row, its promises and its new journal lines, all of them or none.

        A case that has ended holds nothing any more; answers with whom a loan unit serves that it still had, or None.
        """
        return await self._store.record(write) or None
