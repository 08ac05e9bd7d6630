"""Whom a notice reaches: the address that is known, else the coordinator, so that nobody is forgotten."""

import re

from domain.bilingual import Both
from domain.effects import Recipient

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")

_PARTIES: dict[Recipient, tuple[str, str]] = {
    "customer": ("le client", "the customer"),
    "technician": ("le technicien", "the technician"),
    "coordinator": ("le pilote", "the coordinator"),
    "supervisor": ("le responsable", "the supervisor"),
    "vendor": ("le constructeur", "the vendor"),
    "carrier": ("le transporteur", "the carrier"),
}


def is_address(text: str) -> bool:
    """Whether it is one plain address that every mail server takes."""
    return _ADDRESS.fullmatch(text) is not None


def customer_address(caller_email: str | None, contact_email: str | None) -> str:
    """Where to write to a customer: to the caller, else to the site's contact; empty when nobody knows."""
    known = (text.strip() for text in (caller_email, contact_email) if text)
    return next((address for address in known if is_address(address)), "")


def request_to_pass_on(to: Recipient, known: str) -> Both:
    """What stands above a letter that cannot reach whom it is for, when the coordinator gets it."""
    fr, en = _PARTIES[to]
    return Both(
        f"Ce message pour {fr} ({known or 'sans adresse'}) n'a pas pu être envoyé : merci de le transmettre.",
        f"This message for {en} ({known or 'no address'}) could not be sent: please pass it on.",
    )
