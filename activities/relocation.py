"""Corrections of where equipment stands, and of where its parcel goes."""

from temporalio import activity

from database.procurement import Procurement
from database.relocation import Sites
from domain.effects import Relocation, RelocationAnswer, Rerouting


class RelocationActivities:
    """Moves equipment in the registry, and orders to its new site."""

    def __init__(self, sites: Sites, procurement: Procurement) -> None:
        self._sites = sites
        self._procurement = procurement

    @activity.defn
    async def relocate(self, relocation: Relocation) -> RelocationAnswer:
        """Note the equipment's site; answers with what decides promises and visits there, or why it cannot be."""
        return await self._sites.relocate(relocation)

    @activity.defn
    async def reroute(self, rerouting: Rerouting) -> None:
        """Note where the order goes now. An order that was called off stays as it is."""
        await self._procurement.reroute_order(rerouting)
