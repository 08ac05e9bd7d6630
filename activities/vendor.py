"""Requests to vendors: noted once, and sent under one identifier (R6, SPEC §7.3)."""

from temporalio import activity

from activities.heartbeat import heartbeats
from activities.vendor_gateway import VendorGateway
from database.procurement import Procurement
from domain.effects import NoticesSent, ReplacementRequest


class VendorActivities:
    """Notes a request in PostgreSQL, then hands it to the gateway: a repeat goes out under the same identifier."""

    def __init__(self, procurement: Procurement, gateway: VendorGateway) -> None:
        self._procurement = procurement
        self._gateway = gateway

    @activity.defn
    async def request_replacement(self, request: ReplacementRequest) -> NoticesSent | None:
        """Ask the vendor to approve a replacement, unless the request was called off before it was noted."""
        async with heartbeats():
            if not await self._procurement.note_request(request):
                return None
            refused = await self._gateway.request_replacement(request)
        return NoticesSent(refused=(refused,)) if refused else None
