"""A mail from outside that began a matter of ours: what letters must know of it to be read under it."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")
"""One identifier in its brackets: printable, without blanks, so that no header can be smuggled in with it."""


def _one_identifier(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text.strip()):
        raise ValueError("write a Message-ID as <identifier@domain>, in its brackets and without blanks")
    return text.strip()


MessageId = Annotated[str, AfterValidator(_one_identifier)]

REFERENCES_KEPT = 20
"""How much of a long thread a letter refers to: its beginning is what readers join by."""


class OutsideMail(BaseModel):
    """Its Message-ID, the mails that it referred to itself (the oldest first), and its subject."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: MessageId
    references: tuple[MessageId, ...] = ()
    subject: Annotated[str, Field(max_length=1_000)] = ""

    @property
    def thread(self) -> tuple[str, ...]:
        """What a mail in the same thread refers to, the oldest first and this one last."""
        before = [each for each in self.references if each != self.message_id]
        return (*before[:1], *before[1:][-REFERENCES_KEPT:], self.message_id)


def message_ids_in(header: str) -> tuple[str, ...]:
    """The identifiers that a References or In-Reply-To header names, in their order; what is none is left out."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(header)))
