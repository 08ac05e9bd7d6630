"""The read model of returns: written when one takes a step, for lists; never read back by a return."""

from temporalio import activity

from database.returns import ReturnStore, ReturnWrite


class ReturnRecordActivities:
    """Writes versions of returns; an older version than the one that is there changes nothing."""

    def __init__(self, store: ReturnStore) -> None:
        self._store = store

    @activity.defn
    async def record_return(self, write: ReturnWrite) -> None:
        """Write the row of a return."""
        await self._store.record(write)
