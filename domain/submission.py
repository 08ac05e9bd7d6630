"""What update `submit` answers (SPEC §5)."""

from pydantic import BaseModel, ConfigDict

from domain.view import CaseView


class SubmitAnswer(BaseModel):
    """What became of the message, one sentence on it, and the new view of the case."""

    model_config = ConfigDict(frozen=True)

    disposition: str
    text: str
    case: CaseView
