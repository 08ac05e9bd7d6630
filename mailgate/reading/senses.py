"""In which sense a clause speaks of new software (R12) and of a breakdown (R4): the table of senses.

The terms (`software_words.py`, `breakdown_words.py`) say of what a clause speaks; the marks here say in which sense.
A mark holds for the whole clause that it stands in, and for no other; the first row that fits decides.
"""

import re
from enum import StrEnum
from typing import Final

from mailgate.reading.breakdown_words import BROKEN, NOT_BROKEN
from mailgate.reading.phrases import one_of
from mailgate.reading.software_words import (
    ASKED,
    DECLINED,
    NO_SOFTWARE,
    ONLY_WHEN,
    SOFTWARE,
    UP_TO_DATE,
    WITHDRAWN,
)
from mailgate.reading.symptom_words import PART, SYMPTOM


class Sense(StrEnum):
    """How a clause speaks of something."""

    NOTHING = "nothing"
    """It does not."""

    ASKED = "asked"
    """It asks for it: of software only."""

    STATED = "stated"
    """It says that it is so: broken; or it names software without asking for it."""

    JEST = "jest"
    SUPPOSED = "supposed"
    """Only if it happened."""

    OVER = "over"
    DENIED = "denied"


SETTLED: Final = frozenset({Sense.SUPPOSED, Sense.OVER, Sense.DENIED})
"""It is spoken of, and nothing is to be done about it."""

_BEGIN: Final = r"(?<![a-z0-9])"
_END: Final = r"(?![a-z0-9])"

_JEST = re.compile(r"[;:]-?[)Dp](?![a-z0-9])|\b(?:lol|mdr|ptdr)\b|[\U0001f600-\U0001f60a\U0001f61c]", re.IGNORECASE)

_SUPPOSED = re.compile(
    one_of(r"""
        ^\W{0,5}(?:(?:et|mais|and|but|or|ou) )?(?:si|s'il|if|should|unless|what if)\b(?! possible)[^,:;]*
        \b(?:faire|appeler|passer?|contacter|joindre|prevoir|proceder) (?:si|s'il|quand)\b[^,:;]*
        \b(?:do|call|happens?|contact) (?:if|when)\b[^,:;]*
        ^\W{0,5}(?:is|are|does|do|has|have) your\b[^,:;]*
        \b(?:au cas ou|en cas d|dans le cas ou|in case|in the event|dans l'hypothese)\b[^,:;]*
        \b(?:pourrait|pourraient|risque(?:nt|rait)? d|might|could possibly)\b[^,:;]*
    """)
)
"""What follows such a word up to the comma is only supposed; what comes after the comma is not ("si je le lance, plus
d'image")."""

_MENDED: Final = r"(?:resolu|repare|regle|corrige|retabli|revenu|termine)e?s?"
_FIXED: Final = r"(?:fixed|solved|resolved|repaired|sorted|restored)"
_FAULT: Final = r"(?:panne|incident|probleme|dysfonctionnement|souci|defaut)s?"
_STILL = re.compile(
    one_of(rf"""
        \b(?:pas|jamais|rien|sans)\b (?:\w{{1,12}} ){{0,2}}?{_MENDED}
        (?:\bnot|\bnever|\bnothing|n't)\b (?:\w{{1,12}} ){{0,2}}?(?:{_FIXED}|back|ok)\b
        \b{_FAULT} [^,.;]{{0,40}}\b(?:revenue?s?|reapparue?s?|recommence|revient|reviennent)\b
        \b(?:problem|issue|fault|trouble)s?\b [^,.;]{{0,40}}\b(?:is|are|came|comes|has come) back\b
        \b(?:de nouveau|a nouveau|encore|toujours) (?:en panne|hs\b|hors|noir|bloque|plus d)
        \b(?:again|still) (?:broken|down|fail|no )
    """)
)
_OVER = re.compile(
    _BEGIN
    + one_of(rf"""
        (?:est|sont|etait|ete) (?:\w{{1,12}} ){{0,2}}?{_MENDED}
        {_FAULT} (?:\w{{1,12}} ){{0,3}}?(?:{_MENDED}|clos|clotures?|closed)
        {_MENDED} (?:a distance|par telephone|hier|le \d{{1,2}})
        {_FIXED} (?:remotely|yesterday|by phone|on \w{{3,9}} ?\d{{0,2}})
        {_FAULT} (?:d'hier|d'avant-hier|de la semaine (?:derniere|passee)|du mois dernier|de l'an dernier)
        {_FAULT} (?:precedente?|passee?)s?
        (?:fonctionne|marche|demarre)(?:nt)? (?:tres bien|bien|de nouveau|a nouveau|normalement|correctement|desormais)
        re(?:fonctionne|marche)(?:nt)?
        rentree?s? dans l'ordre
        (?:is|are|was|were|been|got|now) (?:\w{{1,12}} ){{0,2}}?{_FIXED}
        works? (?:again|now|fine)
        (?:is|are) (?:working|fine|ok|okay|back)(?: (?:again|now|fine|normally))?
        n'etai(?:t|ent) (?:pas|qu)
        avai(?:t|ent|ons) (?:eu )?(?:une? )?{_FAULT}
    """)
    + _END
)

_WELL = re.compile(
    _BEGIN
    + one_of(r"""
        (?:fonctionne|marche)(?:nt)? (?:tres bien|bien|parfaitement|normalement|correctement|sans souci)
        works? (?:very )?(?:fine|well|perfectly|great)
        (?:is|are) working (?:fine|well|perfectly)
    """)
    + _END
)
"""That nothing is broken, in so many words."""

_HAVE: Final = r"\b(?:avons|ai|as|avez|ont|a|est|sont|etait|ete|had|has|have|been|we|i)"
_RELEASE: Final = (
    r"\b(?:mises? a jour|updates?|upgrades?|firmwares?|versions?|licen[cs]es?|cles?|keys?|release notes)\b"
)
_NO_LIST: Final = r"(?:(?!demande|request|list)[^,;:])"
_DONE = re.compile(
    one_of(rf"""
        {_HAVE} (?:\w{{1,12}} ){{0,2}}?(?:mise?s? (?:a jour|en version|a niveau)|migree?s?|upgradee?s?)
        \b(?:we|i|they|was|were|been|have|has|just|already) (?:\w{{1,12}} ){{0,2}}?(?:updated|upgraded|patched)\b
        {_HAVE} (?:\w{{1,12}} ){{0,2}}?(?:installe|deploye|applique|installed|deployed|applied)e?s?\b[^,.;:]{{0,40}}
        {_RELEASE}[^,.;:]{{0,60}} (?:livree?s?|delivered|done|completed?|finished|a bien ete \w{{1,12}})
        {_RELEASE}[^,.;:]{{0,60}} bien (?:ete )?(?:installe|faite?|recue?|passe)\w{{0,2}}
        \b(?:voici|here (?:is|are)|please find|vous trouverez|trouver)\b{_NO_LIST}{{0,40}}{_RELEASE}
        \b(?:est|sont|tourne(?:nt)?) (?:\w{{1,12}} )?(?:en|sous) (?:la )?(?:versions?|firmware|roomos)\b
        \b(?:is|are|runs?|running) (?:\w{{1,12}} )?(?:on|at) (?:the )?(?:versions?|firmware|roomos|release)\b
    """)
)
"""An update that was made, a key that is handed over, a version that is there."""


def breakdown_sense(folded: str) -> Sense:
    """How a clause, in folded text, speaks of a breakdown. In doubt it states one: somebody calls back."""
    if not _is_broken(folded):
        return Sense.DENIED if _WELL.search(folded) else Sense.NOTHING
    meant = NOT_BROKEN.sub(" ", folded)
    if not _is_broken(meant):
        return Sense.DENIED
    if _OVER.search(meant) and not _STILL.search(folded):
        return Sense.OVER
    if not _is_broken(_SUPPOSED.sub(" ", meant)):
        return Sense.SUPPOSED
    return Sense.JEST if _JEST.search(folded) else Sense.STATED


def _is_broken(folded: str) -> bool:
    """By the words that say so anywhere, or by a symptom of something that is equipment."""
    return bool(BROKEN.search(folded)) or bool(SYMPTOM.search(folded) and PART.search(folded))


def software_sense(folded: str) -> Sense:
    """How a clause, in folded text, speaks of software."""
    if UP_TO_DATE.search(folded) and not ASKED.search(folded):
        return Sense.OVER
    if not SOFTWARE.search(folded):
        return Sense.DENIED if WITHDRAWN.search(folded) else Sense.NOTHING
    if DECLINED.search(folded):
        return Sense.DENIED
    meant = _DONE.sub(" ", ONLY_WHEN.sub(" ", NO_SOFTWARE.sub(" ", folded)))
    if not SOFTWARE.search(meant):
        return Sense.OVER
    return Sense.ASKED if ASKED.search(folded) else Sense.STATED
