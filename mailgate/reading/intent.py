"""What a mail wants, by its clauses: new software or a key (R12), or to report a breakdown (R4).

A clause states a breakdown, asks for software, both or neither. What is denied ("pas en panne"), over ("la panne est
résolue"), only supposed ("si le codec tombe en panne") or was only
when it broke ("depuis la mise à jour") wants nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mailgate.reading.breakdown_words import BLOCKING, HELP, NOT_BLOCKING, OFFICE
from mailgate.reading.clauses import Clause
from mailgate.reading.lines import fold
from mailgate.reading.phrases import one_of
from mailgate.reading.senses import SETTLED, Sense
from mailgate.reading.software_words import ASKED_FOR_THAT, ASKED_TOO, DECLINED

_OUR_TRADE: Final = re.compile(
    r"(?<![a-z0-9])"
    + one_of(r"""
        visio\w{0,12}
        video[ -]?conf\w{0,8}
        (?:appareil|equipement|materiel|systeme|dispositif)s? (?:de )?video\w{0,7}
        codecs?
        webex
        cisco
        poly(?:com)?
        logitech
        room ?kits?
        gatekeepers?
        (?:salles?|equipements?|materiels?|terminal|ponts?|passerelles?) (?:de |d'|en )?(?:reunions?|conferences?)
        (?:meeting|conference|board|video) (?:rooms?|equipment|units?|systems?|endpoints?|bridges?)
    """)
)
"""What the mail of a stranger must speak of at least, for a machine to answer it."""

_OFFICE: Final = re.compile(rf"\b{OFFICE}\b")
_REAL: Final = frozenset({Sense.STATED, Sense.ASKED})


@dataclass(frozen=True)
class Intent:
    """What the words say. `asks_software` is a request, not just a word; `fault` is the clause that says it best."""

    says_software: bool = False
    asks_software: bool = False
    asks_outright: bool = False
    """It asks for software within one clause; else what is asked for stands in one and the asking in another."""

    asks_help: bool = False
    says_broken: bool = False
    is_settled: bool = False
    """It speaks of a breakdown or of software, and there is nothing to do about it."""

    fault: str = ""
    is_blocking: bool = False
    is_of_our_trade: bool = False


def intent_of(clauses: Sequence[Clause], whole: str) -> Intent:
    """What a mail wants, by its clauses, of which the first is its subject; `whole` is all of its text."""
    body = clauses[1:]
    software, broken = {clause.software for clause in clauses}, {clause.breakdown for clause in clauses}
    asks = Sense.ASKED in software
    is_broken = Sense.STATED in broken or (Sense.JEST in broken and not asks)
    faults = [clause.text for clause in (*body, *clauses[:1]) if clause.breakdown in (Sense.STATED, Sense.JEST)]
    folded = fold(whole[:20_000])
    return Intent(
        says_software=bool(software & _REAL),
        asks_software=asks or (Sense.STATED in software and not is_broken and any(clause.asks for clause in body)),
        asks_outright=asks,
        asks_help=not _OFFICE.search(clauses[0].folded) and any(map(_asks_help, body)),
        says_broken=is_broken,
        is_settled=bool((software | broken) & SETTLED),
        fault=" ".join(faults[0].split())[:300] if faults else "",
        is_blocking=bool(BLOCKING.search(NOT_BLOCKING.sub(" ", folded))),
        is_of_our_trade=bool(_OUR_TRADE.search(folded)),
    )


def _asks_help(clause: Clause) -> bool:
    said = clause.folded
    return bool(HELP.search(said)) and not (DECLINED.search(said) or _OFFICE.search(said))


def in_their_context(clauses: Sequence[Clause], names_equipment: Sequence[bool]) -> list[Clause]:
    """The clauses, the first of which is the subject, as those around them explain them.

    "Please send it" asks for the software that was spoken of before. A subject is what the text below makes of it: of
    what the text calls settled, the subject asks nothing; what the text says itself, the subject says of nothing else.
    """
    subject, body = clauses[0], list(clauses[1:])
    spoken_of = subject.software
    for at, (clause, names) in enumerate(zip(body, names_equipment[1:], strict=True)):
        if clause.software is not Sense.NOTHING:
            spoken_of = clause.software
        elif clause.asks and clause.breakdown is Sense.NOTHING and _asks_for_that(clause, spoken_of, names=names):
            body[at] = clause._replace(software=Sense.ASKED)
    if _is_settled(clause.software for clause in body):
        subject = subject._replace(software=Sense.OVER)
    if _is_settled(clause.breakdown for clause in body):
        subject = subject._replace(breakdown=Sense.OVER)
    if not names_equipment[0]:
        subject = subject._replace(
            software=_said_once(subject.software, Sense.ASKED, [clause.software for clause in body]),
            breakdown=_said_once(subject.breakdown, Sense.STATED, [clause.breakdown for clause in body]),
        )
    return [subject, *body]


def _said_once(sense: Sense, which: Sense, below: Sequence[Sense]) -> Sense:
    return Sense.NOTHING if sense is which and which in below else sense


def _asks_for_that(clause: Clause, spoken_of: Sense, *, names: bool) -> bool:
    if spoken_of in (Sense.NOTHING, Sense.DENIED):
        return False
    if names and ASKED_TOO.search(clause.folded):
        return True
    return spoken_of in _REAL and bool(ASKED_FOR_THAT.search(clause.folded))


def _is_settled(senses: Iterable[Sense]) -> bool:
    said = set(senses) - {Sense.NOTHING}
    return bool(said) and said <= SETTLED
