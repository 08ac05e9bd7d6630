"""Who asks: the name and the address of the sender, and a phone number when the mail gives one."""

import re
from typing import Final, NamedTuple

from mailgate.reading.headers import addresses_in
from mailgate.reading.lines import Role, fold
from mailgate.reading.mail import Mail

_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{1,3}|00\d{2}|0)[\s.\-]?(?:\(0\)[\s.\-]?)?\d(?:[\s.\-/]?\d){7,12}(?![\w/-])")
_FAX = re.compile(r"\bfax\b|telecopie|\bsiret\b|\bsiren\b|\biban\b|\btva\b")
_NAME_SIGNS = re.compile(r"[^\w .,'’()&/-]")
LONGEST_NAME: Final = 150

_FRENCH = frozenset(
    re.findall(
        r"\w+", "bonjour merci vous nous pour les des est une dans avec sur pas notre votre cordialement plus et le la"
    )
)
_ENGLISH = frozenset(
    re.findall(
        r"\w+", "hello hi dear thanks thank you we for the and our your please with not is are of to regards from"
    )
)


class Requester(NamedTuple):
    """Whom to answer, and how to call back. `email` is empty when nobody can be answered."""

    name: str
    email: str
    phone: str | None = None


def requester_of(mail: Mail, envelope_sender: str | None) -> Requester:
    """Reply-To where the sender gave one, else From, else what the envelope said."""
    named = mail.reply_to if mail.reply_to.address else mail.sender
    email = named.address or next((each.address for each in addresses_in(envelope_sender or "")), "")
    name = _NAME_SIGNS.sub(" ", mail.sender.name or mail.reply_to.name).strip()
    last, comma, first = name.partition(",")
    if comma and first.strip() and "," not in first:  # as directories write it
        name = f"{first} {last}"
    return Requester(
        " ".join(name.split())[:LONGEST_NAME] or _spoken(email) or "inconnu / unknown", email, _phone(mail)
    )


def _spoken(email: str) -> str:
    """A name made of an address: `camille.petit@…` is Camille Petit."""
    words = re.split(r"[._+-]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)[:LONGEST_NAME]


def _phone(mail: Mail) -> str | None:
    for role in (Role.OWN, Role.SIGNATURE):
        for line in mail.lines:
            if line.role is role and not _FAX.search(fold(line.text)) and (found := _PHONE.search(line.text[:500])):
                return " ".join(found.group().split())
    return None


def language_of(text: str) -> str:
    """`fr` or `en`, by the small words; French when they do not tell."""
    words = re.findall(r"[a-z]+", fold(text[:5_000]))
    french, english = sum(word in _FRENCH for word in words), sum(word in _ENGLISH for word in words)
    return "en" if english > french else "fr"
