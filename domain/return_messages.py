"""What is said of a return: news of it, and notes. One parser for signals and updates (SPEC §5)."""

from typing import Literal, TypeAlias

from pydantic import ValidationError

from domain.messages import Message, MessageRefused, Name, Note, Text
from domain.payloads import Undecodable
from domain.refusals import SHOWN, first_mistake, shown


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


ReturnMessage: TypeAlias = ReturnNews | Note

RETURN_MESSAGES: dict[str, type[ReturnNews] | type[Note]] = {ReturnNews.kind: ReturnNews, Note.kind: Note}


def parse_return_message(kind: str, payloads: tuple[object, ...]) -> ReturnMessage:
    """Return the message of that kind. Raises MessageRefused, in one sentence that names the field, otherwise."""
    model = RETURN_MESSAGES.get(kind)
    if model is None:
        known = ", ".join(RETURN_MESSAGES)
        raise MessageRefused("kind", f"{kind[:SHOWN]!r} is not a message of a return; it takes {known}")
    try:
        return model.model_validate(_only_object(kind, payloads))
    except ValidationError as error:
        raise MessageRefused(*first_mistake(error, model.model_fields)) from None


def _only_object(kind: str, payloads: tuple[object, ...]) -> dict[object, object]:
    if len(payloads) != 1:
        raise MessageRefused("payload", f"{kind} takes one JSON object as its payload, and got {len(payloads)}")
    payload = payloads[0]
    if isinstance(payload, Undecodable):
        raise MessageRefused("payload", f"{kind} takes one JSON object; {payload.encoding} cannot be read")
    if not isinstance(payload, dict):
        raise MessageRefused("payload", f"{kind} takes one JSON object, not {shown(payload)}")
    return payload
