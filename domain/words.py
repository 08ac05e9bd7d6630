"""What a notice says: the template it is written from, and the facts that go into it, as JSON.

Wording is the business of the templates (`activities/letters`): here nobody knows a language. Instants travel as ISO
text and are written out by the template, in the zone that the facts name (`tz`); what is known in both languages
travels as `{"fr": …, "en": …}`, and each language takes its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from pydantic import JsonValue

from domain.bilingual import Both

Facts: TypeAlias = Mapping[str, JsonValue]
Fact: TypeAlias = (
    "str | int | bool | datetime | tuple[datetime, datetime] | Both | Mapping[str, Fact] | Iterable[Fact] | None"
)
"""What can be told: a pair of instants is a span, and travels as `{"start": …, "end": …}`."""


@dataclass(frozen=True)
class About:
    """What a notice is about. Instants are written in the time zone `tz`, which they name."""

    reference: str
    equipment: str
    """Its type and its serial number, as people read them; empty when there are several, or none is known."""
    site_name: str
    tz: str


@dataclass(frozen=True)
class Words:
    """One mail, still to be written: the name of its template, and its facts."""

    template: str
    facts: Facts

    @property
    def title(self) -> str:
        """What the mail is, in a few words for a journal: `visit_agreed` is "visit agreed"."""
        return self.template.replace("_", " ")


def words(template: str, about: About, **facts: Fact) -> Words:
    """The words of that template on a case; `facts` are turned into JSON."""
    head: dict[str, JsonValue] = {
        "reference": about.reference,
        "equipment": about.equipment,
        "site": about.site_name,
        "tz": about.tz,
    }
    return Words(template, {**head, **{name: as_json(fact) for name, fact in facts.items()}})


def as_json(fact: Fact) -> JsonValue:
    """A fact as it travels. Raises ValueError for an instant without its offset."""
    match fact:
        case None | str() | int():
            return fact
        case datetime():
            return _instant(fact)
        case Both():
            return {"fr": fact.fr, "en": fact.en}
        case (datetime() as start, datetime() as end):
            return {"start": _instant(start), "end": _instant(end)}
        case Mapping():
            return {str(name): as_json(each) for name, each in fact.items()}
    return [as_json(each) for each in fact]


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} names no offset: tell aware instants")
    return at.isoformat()
