"""The planning of one visit, and the reminders to somebody who is silent (R10)."""

from datetime import datetime

from pydantic import BaseModel

from domain.slots import Subject


class Reminder(BaseModel):
    """Reminders that thin out and end: how many went out, and when the next one does (None: no more)."""

    about: str
    sent: int = 0
    next_at: datetime | None = None


class VisitPlan(BaseModel):
    """How far the planning of a visit has come. It starts anew when the visit is planned anew."""

    subject: Subject = "replacement"
    held_until: datetime | None = None
    """When the present offer expires, or slots are sought again; None: only when somebody says a word."""
    unanswered: int = 0
    """How many offers in a row nobody has answered."""
    replanned: int = 0
    """How often a visit that was agreed had to be planned anew."""
    reminder: Reminder | None = None
    found_none: int = 0
    """How often in a row no slot was free."""
    seeks: bool = True
    """Slots are to be sought now."""
    calendar_uid: str | None = None
    """What the visit is known by in people's calendars, once it was agreed; it stays when the visit moves."""
    invitations: int = 0
    """How often calendars were told of it, cancellations among them: the next word has this number."""
    is_given_up: bool = False
    """Too many offers were left unanswered: none is made until the customer is heard of."""

    def hear_of_the_customer(self) -> None:
        """Offers that were left unanswered count no more; those that were given up begin again."""
        self.unanswered = 0
        if self.is_given_up:
            self.is_given_up, self.seeks, self.reminder = False, True, None
