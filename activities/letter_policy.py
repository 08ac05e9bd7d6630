"""How the headers of our mails are folded."""

from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import EmailPolicy, Policy
from typing import Final


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject that is read again as it was written.

    The library's own loses blanks, or doubles them, where it folds between a word that is ASCII and one that is not.
    """

    def fold(self, *, policy: Policy) -> str:
        text = str(self)
        if text.isascii():
            return super().fold(policy=policy)
        encoded = Header(text, "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {encoded}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)

LETTERS: Final = EmailPolicy(header_factory=_HEADERS)
"""The policy under which our mails are made; whoever sends them may write them under another."""
