"""Orders of replacements, and the requests before them: noted exactly once, and called off (R6, R7)."""

from temporalio import activity

from database.procurement import Procurement
from domain.effects import CallOff, ReplacementOrder


class OrderActivities:
    """Notes what was ordered, where it goes, and when it is due; and what was called off again."""

    def __init__(self, procurement: Procurement) -> None:
        self._procurement = procurement

    @activity.defn
    async def place_order(self, order: ReplacementOrder) -> None:
        """Note the order of an approved replacement, which the vendor ships; or of parts reserved from our stock."""
        await self._procurement.note_order(order)

    @activity.defn
    async def call_off_order(self, call_off: CallOff) -> bool:
        """Note that the order is called off. False when there was none, or it was called off before."""
        return await self._procurement.call_off_order(call_off.of, call_off.now)

    @activity.defn
    async def call_off_request(self, call_off: CallOff) -> bool:
        """Note that the vendor request is withdrawn. False when there was none, or it was withdrawn before."""
        return await self._procurement.call_off_request(call_off.of, call_off.now)
