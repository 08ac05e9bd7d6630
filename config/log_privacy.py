"""What a log line must not tell: values that errors quote, mail addresses, telephone numbers (SPEC §7.5).

Nothing of ours logs a payload or a name. Errors of others quote what they were given: pydantic the value, PostgreSQL
the row. This is the net below.
"""

import re
from typing import Final

_HIDDEN: Final = (
    (re.compile(r"input_value=.*?(?=, input_type=|\]|$)", re.MULTILINE), "input_value=…"),  # pydantic
    (re.compile(r"(MessageRefused): .*"), r"\1: …"),  # ours: it quotes what it refuses, and the SDK logs it
    (re.compile(r"(aiosmtplib\.\S+: \(?\d*).*"), r"\1…"),  # the code stays, not what a mail server says of whom
    (re.compile(r"(DETAIL|CONTEXT|HINT): .*"), r"\1: …"),  # PostgreSQL
    (re.compile(r"(?<![\w.+%/:-])[\w.+%-]+@(?=[\w-]+\.[\w.-]*[a-zA-Z])"), "…@"),  # a mail address keeps its domain
    (re.compile(r"(?<![\w.:+-])(?:\+\d{2,3}[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}(?![\w:])"), "…"),  # a telephone number
)


def without_values(text: str) -> str:
    """The text without what it may tell of people or keys."""
    for pattern, shown in _HIDDEN:
        text = pattern.sub(shown, text)
    return text
