"""What is said of a return: news of it, and notes (SPEC §5)."""

from typing import Literal, Self, TypeAlias

from pydantic import model_validator

from domain.messages import Message, Name, Note, Text

Condition: TypeAlias = Literal["good", "damaged"]
"""How something was when it came back."""


class ReturnNews(Message):
    """What became of something that must come back; of what was received, in what condition."""

    kind = "return_news"
    status: Literal["dispatched", "received", "lost"]
    carrier: Name | None = None
    tracking_number: Name | None = None
    reason: Text | None = None
    condition: Condition | None = None

    @model_validator(mode="after")
    def _only_what_was_received_was_seen(self) -> Self:
        if self.condition is not None and self.status != "received":
            raise ValueError(f"condition: it is said of what was received, not of what is {self.status}")
        return self

    @property
    def speaker(self) -> str:
        return f"carrier:{self.carrier}" if self.carrier else super().speaker

    @property
    def summary(self) -> str:
        said = (self.condition, self.carrier, self.tracking_number, self.reason)
        details = ", ".join(text for text in said if text)
        return self.status + (f" ({details})" if details else "")


RETURN_MESSAGES: dict[str, type[Message]] = {ReturnNews.kind: ReturnNews, Note.kind: Note}
