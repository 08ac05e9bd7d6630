"""The read model of calls: written by each call as it goes, for lists; never read back by a call."""

from temporalio import activity

from database.calls import CallStore, CallWrite


class CallRecordActivities:
    """Writes versions of calls; an older version than the one that is there changes nothing."""

    def __init__(self, store: CallStore) -> None:
        self._store = store

    @activity.defn
    async def record_call(self, write: CallWrite) -> None:
        """Write the row of a call, and its new journal lines."""
        await self._store.record(write)
