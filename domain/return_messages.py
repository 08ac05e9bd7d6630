"""What is said of a return: news of it, and notes (SPEC §5)."""

from typing import Literal

from domain.messages import Message, Name, Note, Text


class ReturnNews(Message):
    """What became of something that must come back."""

    kind = "return_news"
    status: Literal["dispatched", "received", "lost"]
    carrier: Name | None = None
    tracking_number: Name | None = None
    reason: Text | None = None

    @property
    def speaker(self) -> str:
        return f"carrier:{self.carrier}" if self.carrier else super().speaker

    @property
    def summary(self) -> str:
        details = ", ".join(text for text in (self.carrier, self.tracking_number, self.reason) if text)
        return self.status + (f" ({details})" if details else "")


RETURN_MESSAGES: dict[str, type[Message]] = {ReturnNews.kind: ReturnNews, Note.kind: Note}
