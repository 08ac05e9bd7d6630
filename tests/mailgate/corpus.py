"""The corpus of mails, and what the sample registry knows of them, without a database."""

import csv
import json
from pathlib import Path
from typing import Any

from mailgate.reading.known import Known
from mailgate.reading.mail import Mail, read_mail
from mailgate.reading.serial_candidates import compact_of, sameness
from mailgate.reading.understanding import Understanding, understand, what_to_ask

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "data" / "mail"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text())
OURS = frozenset({"support@curative.invalid"})


def _sample(name: str) -> list[dict[str, str]]:
    with (ROOT / "database" / "sample" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


TYPES = [row["name"] for row in _sample("equipment_types")]
VENDORS = [row["name"] for row in _sample("vendors")]
_DOMAINS = {row["contact_email"].rpartition("@")[2] for row in _sample("sites")} - {""}
_SERIAL_NUMBERS: dict[str, list[tuple[str, str]]] = {}
for row in _sample("equipment"):
    pair = row["serial_number"], row["type"]
    _SERIAL_NUMBERS.setdefault(sameness(compact_of(pair[0])), []).append(pair)


def known_of(mail: Mail) -> Known:
    """What the sample registry answers for a mail."""
    found = {asked: _SERIAL_NUMBERS[asked] for asked in what_to_ask(mail) if asked in _SERIAL_NUMBERS}
    return Known(found, TYPES, VENDORS, mail.sender.domain in _DOMAINS)


def understood(raw: bytes, envelope_sender: str | None = None) -> Understanding:
    """What a mail asks, by the sample registry."""
    mail = read_mail(raw, envelope_sender)
    return understand(mail, known_of(mail), OURS, envelope_sender)


def written(text: str, *, subject: str = "", sender: str = "Camille Petit <camille.petit@brunel.example>") -> bytes:
    """A plain mail."""
    head = f"From: {sender}\nTo: support@curative.invalid\nSubject: {subject}\nMessage-ID: <x@brunel.example>\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".replace("\n", "\r\n").encode()
