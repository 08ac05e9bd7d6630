"""Who has the ball, and for how long each party had it (SPEC §3)."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel


class Party(StrEnum):
    """Who has the ball."""

    SUPPORT = "support"
    VENDOR = "vendor"
    CARRIER = "carrier"
    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    NOBODY = "nobody"


class Wait(BaseModel):
    """A span of the case spent waiting for one party; `business` is the provider's time in it, known at the end."""

    party: Party
    since: datetime
    until: datetime | None = None
    business: timedelta | None = None
