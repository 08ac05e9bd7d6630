"""A customer who cannot be reached: after so many attempts on so many days the clocks wait (SPEC §4, R10)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel

ATTEMPTS_KEPT = 50


class Contact(BaseModel):
    """The attempts in a row that did not reach the customer, and since when they count as not to be reached."""

    attempts: list[datetime] = []
    unreachable_since: datetime | None = None
    clocks_wait: bool = False
    """The promises that cannot be kept without the customer have been paused."""

    def failed(self, at: datetime, *, attempts: int, days: int, tz: str) -> bool:
        """Note an attempt that reached nobody; True when with it the customer counts as not to be reached.

        That is after `attempts` of them on at least `days` different days of that time zone, and counts from the first.
        """
        zone = ZoneInfo(tz)
        self.attempts = sorted([*self.attempts, at])[:ATTEMPTS_KEPT]
        on_days = {attempt.astimezone(zone).date() for attempt in self.attempts}
        if self.unreachable_since or len(self.attempts) < attempts or len(on_days) < days:
            return False
        self.unreachable_since = self.attempts[0]
        return True

    def reached(self) -> bool:
        """The customer has been heard of; True when they counted as not to be reached until now."""
        was_unreachable = self.unreachable_since is not None
        self.attempts, self.unreachable_since = [], None
        return was_unreachable
