"""The mail with which something began: what an answer to it names, so that it joins the thread (R12)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_MessageId = Annotated[str, Field(min_length=1, max_length=998, pattern=r"^<[^<>\s]+>$")]


class MailOrigin(BaseModel):
    """A mail as its headers name it. `references` are those that it bore itself, the oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: _MessageId
    references: Annotated[tuple[_MessageId, ...], Field(max_length=100)] = ()
    subject: Annotated[str, Field(max_length=998)] = ""
