"""What update `submit` takes, and what it answers (SPEC §5)."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from domain.messages import MessageRefused
from domain.view import CaseView


class SubmitAnswer(BaseModel):
    """What became of the message, one sentence on it, and the new view of the case."""

    model_config = ConfigDict(frozen=True)

    disposition: str
    text: str
    case: CaseView


def kind_and_content(payload: object, extra: Sequence[object], examples: str) -> tuple[str, dict[str, object]]:
    """The kind of message that was submitted, and the rest of the payload. Raises MessageRefused with the field."""
    if extra or not isinstance(payload, dict):
        raise MessageRefused("payload", 'submit takes one JSON object with a "kind" field')
    kind = payload.get("kind")
    if not isinstance(kind, str):
        raise MessageRefused("kind", f"name the kind of message, as {examples}")
    return kind, {field: value for field, value in payload.items() if field != "kind"}
