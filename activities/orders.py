"""Orders of replacements: noted exactly once (R7)."""

from temporalio import activity

from database.procurement import Procurement
from domain.effects import ReplacementOrder


class OrderActivities:
    """Notes what was ordered, where it goes, and when it is due."""

    def __init__(self, procurement: Procurement) -> None:
        self._procurement = procurement

    @activity.defn
    async def place_order(self, order: ReplacementOrder) -> None:
        """Note the order of an approved replacement, which the vendor ships."""
        await self._procurement.note_order(order)
