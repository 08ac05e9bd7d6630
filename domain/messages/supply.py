"""What the vendor and the carrier say: validation and shipment (R6, R8)."""

from datetime import datetime
from typing import Literal

from domain.instants import Instant
from domain.messages.base import Message, Name, SerialNumber, Text
from domain.slots import Subject


class VendorValidation(Message):
    """The vendor's decision on the replacement request (R6); `decided_at` is the instant that counts."""

    kind = "vendor_validation"
    decision: Literal["approved", "refused", "more_information", "revoked"]
    decided_at: Instant
    rma_number: Name | None = None
    reason: Text | None = None

    @property
    def happened_at(self) -> datetime | None:
        return self.decided_at

    @property
    def speaker(self) -> str:
        return "vendor:unnamed"

    @property
    def summary(self) -> str:
        rma = f" RMA {self.rma_number}" if self.rma_number else ""
        return f"vendor: {self.decision.replace('_', ' ')}{rma}" + (f" – {self.reason}" if self.reason else "")


class Shipment(Message):
    """What became of a parcel. *Delivered* means complete, at the right address, undamaged."""

    kind = "shipment"
    status: Literal[
        "dispatched",
        "delivered",
        "partial",
        "delayed",
        "lost",
        "damaged",
        "misdelivered",
        "wrong_item",
        "out_of_stock",
        "refused_at_site",
    ]
    subject: Subject = "replacement"
    carrier: Name | None = None
    tracking_number: Name | None = None
    expected_at: Instant | None = None
    signed_by: Name | None = None

    @property
    def speaker(self) -> str:
        return f"carrier:{self.carrier or 'unnamed'}"

    @property
    def summary(self) -> str:
        details = [text for text in (self.carrier, self.tracking_number) if text]
        details += [f"signed by {self.signed_by}"] if self.signed_by else []
        return f"{self.subject} {self.status.replace('_', ' ')}" + (f" ({', '.join(details)})" if details else "")


class LoanAssigned(Message):
    """A unit of the pool came free for a loan that waits in line (R8). Said by the case that gave it back."""

    kind = "loan_assigned"
    unit: SerialNumber

    @property
    def speaker(self) -> str:
        return "system:pool"

    @property
    def summary(self) -> str:
        return f"loan unit {self.unit} is free for this case"
