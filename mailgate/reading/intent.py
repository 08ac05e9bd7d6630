"""What a mail wants, by its words: new software or a key (R12), or to report a breakdown (R4).

Sentence by sentence. A sentence says that something is broken, asks for software, both or neither; what is denied ("pas
en panne") says nothing, and so does an update that was only when it broke ("depuis la mise à jour"), and news of a case
("une mise à jour du dossier").
"""

import re
from dataclasses import dataclass
from typing import Final

from mailgate.reading.breakdown_words import BLOCKING, BROKEN, NOT_BLOCKING, NOT_BROKEN
from mailgate.reading.lines import fold
from mailgate.reading.phrases import one_of
from mailgate.reading.software_words import ASKED, NO_SOFTWARE, ONLY_WHEN, SOFTWARE

_OUR_TRADE: Final = re.compile(
    r"(?<![a-z0-9])"
    + one_of(r"""
        visio\w{0,12}
        video[ -]?conf\w{0,8}
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

_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+|\s[•–]\s")
_MOST_SENTENCES: Final = 2_000
_LONGEST: Final = 1_000


@dataclass(frozen=True)
class Intent:
    """What the words say. `asks_software` is a request, not just a word; `fault` is the sentence that says it best."""

    says_software: bool = False
    asks_software: bool = False
    says_broken: bool = False
    fault: str = ""
    is_blocking: bool = False
    is_of_our_trade: bool = False


def intent_of(subject: str, text: str) -> Intent:
    """What subject and text of a mail want. The subject is asked like a sentence, and is a request by itself."""
    software = asks = broken = False
    fault = ""
    asked_anywhere = False
    for number, sentence in enumerate([subject, *_SENTENCE.split(text)[:_MOST_SENTENCES]]):
        folded = " ".join(fold(sentence[:_LONGEST]).split())
        if not folded:
            continue
        is_broken, is_software = _says_broken(folded), _says_software(folded)
        asked_here = bool(ASKED.search(folded)) or number == 0
        software, broken = software or is_software, broken or is_broken
        asked_anywhere = asked_anywhere or (asked_here and number > 0)
        asks = asks or (is_software and asked_here and not (is_broken and number == 0))
        if is_broken and (not fault or number == 1):
            fault = " ".join(sentence.split())[:300]
    whole = fold(f"{subject}\n{text[:20_000]}")
    return Intent(
        says_software=software,
        asks_software=asks or (software and asked_anywhere and not broken),
        says_broken=broken,
        fault=fault,
        is_blocking=bool(BLOCKING.search(NOT_BLOCKING.sub(" ", whole))),
        is_of_our_trade=bool(_OUR_TRADE.search(whole)),
    )


def _says_software(folded: str) -> bool:
    return bool(SOFTWARE.search(ONLY_WHEN.sub(" ", NO_SOFTWARE.sub(" ", folded))))


def _says_broken(folded: str) -> bool:
    return bool(BROKEN.search(NOT_BROKEN.sub(" ", folded)))
