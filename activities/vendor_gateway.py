"""The way to vendors: a port, and the one that ships, by mail to the vendor's support (DESIGN §2.7)."""

from typing import Protocol

from activities.correspondence import Correspondence, Outgoing
from domain import notices
from domain.effects import ReplacementRequest
from domain.words import About


class VendorGateway(Protocol):
    """Carries requests to vendors, under an identifier that stays the same in a repeat."""

    async def request_replacement(self, request: ReplacementRequest) -> None:
        """Ask the vendor to approve a replacement."""


class MailVendorGateway:
    """Writes to the vendor's support."""

    def __init__(self, post: Correspondence) -> None:
        self._post = post

    async def request_replacement(self, request: ReplacementRequest) -> None:
        """Send the request; its Message-ID is made of its key."""
        equipment = f"{request.equipment_type} {request.serial_number}"
        about = About(request.key.case, equipment, site_name="", tz=request.tz)
        await self._post.send(
            Outgoing(
                key=request.key,
                now=request.now,
                address=request.vendor_email,
                words=notices.replacement_request(about, request),
                is_urgent=request.is_urgent,
            )
        )
