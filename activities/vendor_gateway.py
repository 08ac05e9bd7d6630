"""The way to vendors: a port, and the one that ships, by mail to the vendor's support (DESIGN §2.7)."""

from typing import Protocol

from activities.correspondence import Outgoing
from activities.delivery import Delivery
from domain import notices
from domain.effects import RefusedNotice, ReplacementRequest
from domain.words import About


class VendorGateway(Protocol):
    """Carries requests to vendors, under an identifier that stays the same in a repeat."""

    async def request_replacement(self, request: ReplacementRequest) -> RefusedNotice | None:
        """Ask the vendor to approve a replacement; what was refused for good, when it was."""


class MailVendorGateway:
    """Writes to the vendor's support."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def request_replacement(self, request: ReplacementRequest) -> RefusedNotice | None:
        """Send the request; its Message-ID is made of its key."""
        equipment = f"{request.equipment_type} {request.serial_number}"
        about = About(request.key.case, equipment, site_name="", tz=request.tz)
        letter = Outgoing(
            key=request.key,
            now=request.now,
            address=request.vendor_email,
            words=notices.replacement_request(about, request),
            is_urgent=request.is_urgent,
        )
        return await self._delivery.deliver(letter, "vendor", known_as=request.vendor_name)
