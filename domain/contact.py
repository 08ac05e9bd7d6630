"""A customer who cannot be reached: after so many attempts on so many business days the clocks wait (SPEC §4, R10)."""

from datetime import datetime

from pydantic import BaseModel

from domain.service_hours import ServiceHours

ATTEMPTS_KEPT = 50


class Contact(BaseModel):
    """The attempts in a row that did not reach the customer, and since when they count as not to be reached."""

    attempts: list[datetime] = []
    unreachable_since: datetime | None = None
    reached_at: datetime | None = None
    """When the customer was last heard of: no attempt before it counts."""
    clocks_wait: bool = False
    """The promises that cannot be kept without the customer have been paused."""

    def failed(self, at: datetime, *, attempts: int, days: int, hours: ServiceHours, tz: str) -> bool:
        """Note an attempt that reached nobody; True when with it the customer counts as not to be reached.

        That is after `attempts` of them on at least `days` business days of that time zone, and counts from the first.
        """
        if self.reached_at is not None and at <= self.reached_at:
            return False
        self.attempts = sorted([*self.attempts, at])[:ATTEMPTS_KEPT]
        on_days = hours.business_days(self.attempts, tz)
        if self.unreachable_since or len(self.attempts) < attempts or len(on_days) < days:
            return False
        self.unreachable_since = self.attempts[0]
        return True

    def reached(self, at: datetime) -> bool:
        """The customer was heard of then; True when they counted as not to be reached until now."""
        was_unreachable = self.unreachable_since is not None
        self.reached_at = max(at, self.reached_at or at)
        self.attempts = [attempt for attempt in self.attempts if attempt > self.reached_at]
        self.unreachable_since = None
        return was_unreachable
