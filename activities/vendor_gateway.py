"""The way to vendors: a port, and the one that ships, by mail to the vendor's support (DESIGN §2.7)."""

from email.message import EmailMessage
from typing import Protocol

from activities.mailer import Mailer
from domain.effects import ReplacementRequest


class VendorGateway(Protocol):
    """Carries requests to vendors, under an identifier that stays the same in a repeat."""

    async def request_replacement(self, request: ReplacementRequest) -> None:
        """Ask the vendor to approve a replacement."""


class MailVendorGateway:
    """Writes to the vendor's support: French first, English second."""

    def __init__(self, mailer: Mailer, sender: str) -> None:
        self._mailer = mailer
        self._sender = sender

    async def request_replacement(self, request: ReplacementRequest) -> None:
        """Send the request; its Message-ID is made of its key."""
        await self._mailer.send(_replacement_mail(request, self._sender))


def _replacement_mail(request: ReplacementRequest, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = request.vendor_email
    mail["Subject"] = (
        f"[{request.key.case}] {'URGENT : ' if request.is_urgent else ''}"
        f"Demande de remplacement / Replacement request – {request.equipment_type} {request.serial_number}"
    )
    mail["Date"] = request.now
    mail["Message-ID"] = f"<{request.key.identifier}@curative>"
    if request.is_urgent:
        mail["X-Priority"] = "1"
    mail.set_content(_text(request))
    return mail


def _text(request: ReplacementRequest) -> str:
    articles = "\n".join(f"  - {article}" for article in request.defective_articles) or "  - (–)"
    urgent, pressing = _URGENT if request.is_urgent else ("", "")
    return _REPLACEMENT.format(request=request, articles=articles, urgent=urgent, pressing=pressing)


_URGENT = (
    "\nURGENT : la pièce que vous avez livrée était défectueuse à l'arrivée.\n",
    "\nURGENT: the part that you delivered was dead on arrival.\n",
)

_REPLACEMENT = """\
Bonjour,
{urgent}
Nous demandons la validation d'un remplacement (RMA).
Référence : {request.key.case} (demande {request.key.identifier})
Équipement : {request.equipment_type}, numéro de série {request.serial_number}
Articles défectueux :
{articles}
Diagnostic : {request.findings}

Une validation avant 16h00 permet la livraison le jour ouvré suivant.

---

Hello,
{pressing}
We ask you to approve a replacement (RMA).
Reference: {request.key.case} (request {request.key.identifier})
Equipment: {request.equipment_type}, serial number {request.serial_number}
Defective articles:
{articles}
Diagnosis: {request.findings}

An approval before 16:00 allows delivery on the next business day.
"""
