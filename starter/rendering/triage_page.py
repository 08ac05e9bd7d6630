"""A mail in triage as a person sees it: nothing in it is obeyed by the terminal."""

from collections.abc import Sequence
from datetime import tzinfo

from rich.console import Console

from database.triage import TriageMail
from starter.console import add_row, table
from starter.rendering.instants import minute
from starter.rendering.safely import safely

UNREADABLE = "(sealed with a key that is not here)"


def print_triage_list(console: Console, mails: Sequence[TriageMail], zone: tzinfo) -> None:
    """One line a mail."""
    shown = table("number", "received", "state", "owner", "from", "subject", "why", unbroken=("number", "received"))
    for mail in mails:
        letter = mail.letter
        add_row(
            shown,
            str(mail.number),
            minute(mail.received_at, zone),
            mail.state,
            safely(mail.owner or ""),
            safely(letter.sender) if letter else UNREADABLE,
            safely(letter.subject) if letter else "",
            safely(mail.reason),
        )
    console.print(shown)


def print_triage_mail(console: Console, mail: TriageMail, zone: tzinfo) -> None:
    """Everything that is known of it, and its text."""
    letter = mail.letter
    facts = {
        "number": str(mail.number),
        "received": f"{minute(mail.received_at, zone)}, {mail.size} bytes",
        "state": mail.state + (f", {mail.owner}" if mail.owner else ""),
        "done": mail.resolution or "",
        "why": mail.reason,
        "in full": letter.detail if letter else "",
        "case": mail.reference or "",
        "from": f"{letter.name} <{letter.sender}>" if letter else UNREADABLE,
        "subject": letter.subject if letter else "",
        "attachments": ", ".join(letter.attachments) if letter else "",
    }
    for name, text in facts.items():
        if text:
            console.print(f"{name:<12}{safely(text)}", markup=False, soft_wrap=True)
    if letter and letter.text.strip():
        console.print(f"\n{safely(letter.text, lines=True)}", markup=False, soft_wrap=True)
