"""Mails as people read them on a screen: what is in them is shown as text, whatever it is."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from starter.console import add_row, table
from starter.maildir import MailLine, ShownMail
from starter.rendering.instants import instant


def print_mails(console: Console, mails: Sequence[MailLine]) -> None:
    """One line a mail, dated by the clocks of whom it is about."""
    shown = table("date", "case", "to", "subject", "id", unbroken=("date", "case"))
    for each in mails:
        add_row(shown, _date(each), each.case, _plain(each.to), _plain(each.subject), each.message_id.strip("<>"))
    console.print(shown if mails else Text("No mail."))


def print_mail(console: Console, mail: ShownMail) -> None:
    """The headers that matter, the text, and what is attached."""
    headers = {
        "From": mail.sender,
        "To": mail.to,
        "Reply-To": mail.reply_to,
        "Subject": mail.subject,
        "Date": _date(mail),
        "Message-ID": mail.message_id,
        "In-Reply-To": mail.in_reply_to,
        "References": " ".join(mail.references),
        "Auto-Submitted": mail.auto_submitted,
    }
    for name, value in headers.items():
        if value:
            console.print(Text(f"{name}: {_plain(value)}", style="dim"), soft_wrap=True)
    console.print()
    for line in mail.text.splitlines():
        console.print(Text(_plain(line)), soft_wrap=True)
    for attachment in mail.attachments:
        shown = f"[{attachment.filename}, {attachment.content_type}, {attachment.size} bytes]"
        console.print(Text(_plain(shown), style="dim"), soft_wrap=True)


def _date(mail: MailLine) -> str:
    return f"{instant(mail.date, mail.date.tzinfo)} {mail.date:%z}" if mail.date and mail.date.tzinfo else ""


def _plain(text: str) -> str:
    """Without signs that would speak to the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
