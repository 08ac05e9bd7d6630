"""A log line tells nothing of people or keys, whatever the error behind it quotes (SPEC §7.5)."""

import json
import logging
import sys

import pytest
from pydantic import BaseModel, ValidationError

from config.log_privacy import without_values
from config.telemetry import JsonLines
from domain.masking import Secret

KEY = "ABCD-EFGH-JKLM-5678"


class Delivery(BaseModel):
    """Something that is given a key where it expects a number."""

    number: int


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sent to camille.petit@brunel.example", "sent to …@brunel.example"),
        ("Camille <c.petit@brunel.example>, it@x.fr", "Camille <…@brunel.example>, …@x.fr"),
        ("call +33 1 70 48 03 68 or 01.48.03.03.68 now", "call … or … now"),
        ("call 0148030368", "call …"),
        (f"ApplicationError: MessageRefused: keys: not {KEY!r}", "ApplicationError: MessageRefused: …"),
        (
            "aiosmtplib.errors.SMTPSenderRefused: (451, 'Camille is away', 'support@x.fr')",
            "aiosmtplib.errors.SMTPSenderRefused: (451…",
        ),
        (f"duplicate key\nDETAIL:  Key (key)=({KEY}) already exists.", "duplicate key\nDETAIL: …"),
    ],
)
def test_what_tells_of_people_is_left_out(text: str, told: str) -> None:
    assert without_values(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "worker 29385@vm took curative-FOC2735Y3TT at 2026-11-25T21:30:46.376+00:00",
        "run 01a2148a-7f85-7994-8055-2b3f8867aa5b, port 0, 127.0.0.1:42873, history of 141818 bytes",
        "CM-7K3Q-9XTB: https://temporal.example/namespaces/default",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert without_values(text) == text


def test_a_line_about_an_error_does_not_quote_what_the_error_quotes() -> None:
    try:
        Delivery.model_validate({"number": KEY})
    except ValidationError as error:
        record = logging.LogRecord("worker", logging.ERROR, "", 0, "failed: %s", (error,), sys.exc_info())
    record.key, record.keys = Secret(KEY), [Secret(KEY)]
    line = JsonLines().format(record)
    assert KEY not in line
    told = json.loads(line)
    assert "number" in told["event"]
    assert "Input should be a valid integer" in told["exception"]
    assert told["key"] == "AB…78"
