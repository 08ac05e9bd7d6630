"""What is said of the case itself: notes, owners, and how it should end (SPEC §5)."""

from typing import Self

from pydantic import model_validator

from domain.messages.base import Message, Name, SerialNumber, Text, Words


class Cancellation(Message):
    """The customer calls the case off."""

    kind = "cancellation"
    reason: Words

    @property
    def summary(self) -> str:
        return f"cancellation – {self.reason}"


class Correction(Message):
    """The wrong serial number was given, or the equipment stands elsewhere."""

    kind = "correction"
    serial_number: SerialNumber | None = None
    site: Name | None = None
    reason: Words

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        if self.serial_number is None and self.site is None:
            raise ValueError("serial_number: name the right serial number, or the right site")
        return self

    @property
    def summary(self) -> str:
        right = ", ".join(text for text in (self.serial_number, self.site) if text)
        return f"correction to {right} – {self.reason}"


class Note(Message):
    """A remark for the journal."""

    kind = "note"
    text: Words

    @property
    def summary(self) -> str:
        return self.text


class Assignment(Message):
    """Who owns the case from now on, and what they do next."""

    kind = "assignment"
    owner: Name
    next_action: Text | None = None

    @property
    def summary(self) -> str:
        return f"assigned to {self.owner}" + (f": {self.next_action}" if self.next_action else "")


class ContactAttempt(Message):
    """Somebody tried to reach a party."""

    kind = "contact_attempt"
    party: Name
    channel: Name
    reached: bool
    text: Text | None = None

    @property
    def is_about_the_customer(self) -> bool:
        """It is the customer who was called, in whatever words."""
        return any(word in self.party.lower() for word in ("customer", "client", "caller", "contact"))

    @property
    def summary(self) -> str:
        word = "reached" if self.reached else "not reached"
        return f"{self.party} {word} by {self.channel}" + (f" – {self.text}" if self.text else "")


class LoanVeto(Message):
    """The coordinator vetoes the loan that a breach would bring (R8)."""

    kind = "loan_veto"
    reason: Words

    @property
    def speaker(self) -> str:
        return "coordinator:unnamed"

    @property
    def summary(self) -> str:
        return f"loan vetoed – {self.reason}"
