"""The read model of software requests: written after every change, for lists; never read back by a request."""

from temporalio import activity

from database.software_requests import SoftwareRequestStore, SoftwareWrite


class SoftwareRecordActivities:
    """Writes versions of requests; an older version than the one that is there changes nothing."""

    def __init__(self, store: SoftwareRequestStore) -> None:
        self._store = store

    @activity.defn
    async def record_software(self, write: SoftwareWrite) -> None:
        """Write the row of a request, its items and its new journal lines, all of them or none."""
        await self._store.record(write)
