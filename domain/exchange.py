"""What a standard exchange replaces, line by line (R7)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.registry import Article, ConfigurationLine


class Verdict(StrEnum):
    """What happens to one defective article."""

    EXCHANGED = "exchanged"
    UNSERVICEABLE = "replaced_because_unserviceable"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class ExchangeLine(BaseModel):
    """So many pieces of one article of the diagnosis, what happens to them, and why."""

    model_config = ConfigDict(frozen=True)

    article: str
    quantity: int
    designation: str
    verdict: Verdict
    reason: str

    @property
    def is_ordered(self) -> bool:
        """It is replaced, for one reason or another."""
        return self.verdict in (Verdict.EXCHANGED, Verdict.UNSERVICEABLE)


def match_articles(
    defective: Iterable[str], configuration: Sequence[ConfigurationLine], catalogue: Iterable[Article]
) -> tuple[ExchangeLine, ...]:
    """Tell the defective articles (named once a piece) apart; several lines when an article has several verdicts.

    What belongs to the configuration is never excluded, up to the quantity that the configuration has of it. Beyond
    it, a consumable is excluded and anything else of the catalogue is replaced as unserviceable (R7).
    """
    configured = {line.article.reference.upper(): line for line in configuration}
    known = {article.reference.upper(): article for article in catalogue} | {
        reference: line.article for reference, line in configured.items()
    }
    lines: list[ExchangeLine] = []
    for reference, quantity in sorted(Counter(reference.strip().upper() for reference in defective).items()):
        article = known.get(reference)
        if article is None:
            lines.append(_line(reference, quantity, "", Verdict.UNKNOWN, "it is not in the catalogue"))
            continue
        inside = min(quantity, configured[reference].quantity) if reference in configured else 0
        lines.extend(_lines(article, inside, quantity - inside))
    return tuple(lines)


def whole_equipment(equipment_type: str) -> ExchangeLine:
    """The line of a diagnosis that names no article: the equipment is exchanged as a whole (R7)."""
    return _line(equipment_type, 1, equipment_type, Verdict.EXCHANGED, "the whole equipment")


def _lines(article: Article, inside: int, beyond: int) -> Iterable[ExchangeLine]:
    if inside:
        reason = "it belongs to the configuration"
        yield _line(article.reference, inside, article.designation, Verdict.EXCHANGED, reason)
    if beyond:
        verdict = Verdict.EXCLUDED if article.consumable else Verdict.UNSERVICEABLE
        reason = (
            "a consumable that is no part of the configuration"
            if article.consumable
            else "no part of the configuration, and no consumable"
        )
        yield _line(article.reference, beyond, article.designation, verdict, reason)


def _line(reference: str, quantity: int, designation: str, verdict: Verdict, reason: str) -> ExchangeLine:
    return ExchangeLine(article=reference, quantity=quantity, designation=designation, verdict=verdict, reason=reason)
