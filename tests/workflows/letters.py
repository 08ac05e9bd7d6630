"""The letters that went out: the mails of a test's own Maildir."""

import email
import email.policy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

COORDINATOR, SUPERVISOR = "pilote@curative.invalid", "responsable@curative.invalid"


class Mail(NamedTuple):
    """To whom a mail went, its French subject, and its text in both languages."""

    to: str
    subject: str
    text: str


def mails(data_dir: Path, case: str = "") -> list[Mail]:
    """What went out so far, of the case with that reference; in the order of the letters' keys."""
    found = sorted((data_dir / "mail" / "new").glob(f"{case}*")) if (data_dir / "mail").exists() else []
    return [_read(path) for path in found]


def mails_about(data_dir: Path, subject: str, case: str = "") -> list[Mail]:
    """Those whose French subject is that one."""
    return [mail for mail in mails(data_dir, case) if mail.subject == subject]


def subjects_to(address: str, letters: Iterable[Mail]) -> list[str]:
    """What one address was told, in the order of the letters' keys."""
    return [mail.subject for mail in letters if mail.to == address]


@contextmanager
def no_mail_leaves(data_dir: Path) -> Iterator[None]:
    """The Maildir cannot be written to for a while."""
    maildir, aside = data_dir / "mail", data_dir / "mail-aside"
    if maildir.exists():
        maildir.rename(aside)
    maildir.touch()
    yield
    maildir.unlink()
    if aside.exists():
        aside.rename(maildir)


def _read(path: Path) -> Mail:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    french = str(mail["Subject"]).partition("] ")[2].partition(" / ")[0]
    return Mail(str(mail["To"]), french, body.get_content())
