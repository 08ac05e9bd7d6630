"""Parts: told apart, reserved, asked of the vendor, ordered, re-routed, exchanged (R6, R7)."""

from datetime import datetime
from typing import Literal

from domain.effects.base import Effect, EffectKey
from domain.exchange import ExchangeLine
from domain.slots import Subject


class ReplacementRequest(Effect):
    """A request to the vendor to approve a replacement (RMA)."""

    type: Literal["replacement_request"] = "replacement_request"
    key: EffectKey
    now: datetime
    vendor: str
    vendor_name: str
    vendor_email: str
    serial_number: str
    equipment_type: str
    defective_articles: tuple[str, ...]
    findings: str
    tz: str = "Europe/Paris"
    """By whose clocks the request is read."""
    is_urgent: bool = False
    """A part was dead on arrival (R9)."""


class ReplacementOrder(Effect):
    """The order of an approved replacement, to be delivered at the site."""

    key: EffectKey
    now: datetime
    vendor: str
    rma_number: str | None
    site: str
    articles: tuple[str, ...]
    due_at: datetime
    from_stock: bool = False
    subject: Subject = "replacement"


class ArticleQuestion(Effect):
    """Which of these defective articles (named once a piece) are replaced, and which are not? (R7)"""

    serial_number: str
    articles: tuple[str, ...]


class ArticleAnswer(Effect):
    """The lines, by article."""

    lines: tuple[ExchangeLine, ...]


class StockRequest(Effect):
    """Reserve these articles (named once a piece) from our own stock, nearest to the site first (R6, R7)."""

    key: EffectKey
    now: datetime
    site: str
    articles: tuple[str, ...]


class StockAnswer(Effect):
    """Where the articles are reserved; or which of them no location has, and then nothing is reserved."""

    locations: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Restock(Effect):
    """Parts that a case took from our stock, and did not use, are back where they came from (named once a piece)."""

    key: EffectKey
    now: datetime
    articles: tuple[str, ...]


class Rerouting(Effect):
    """The order that was placed under `order` is to be delivered at another site."""

    order: EffectKey
    now: datetime
    site: str
    due_at: datetime


class SerialExchanges(Effect):
    """What the technician took out and put in, as serial numbers (R7)."""

    key: EffectKey
    now: datetime
    exchanges: tuple[tuple[str, str], ...]


class SerialExchangeAnswer(Effect):
    """One sentence for each exchange: what became of it in the registry."""

    results: tuple[str, ...]
