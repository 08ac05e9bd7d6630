"""In which sense a clause speaks of new software (R12) and of a breakdown (R4): the table of senses.

The terms (`software_words.py`, `breakdown_words.py`) say of what a clause speaks; the marks here say in which sense.
A mark holds for the whole clause that it stands in, and for no other; the first row that fits decides.
"""

import re
from enum import StrEnum
from typing import Final

from mailgate.reading.breakdown_words import BROKEN, NOT_BROKEN, PART, SYMPTOM
from mailgate.reading.phrases import one_of
from mailgate.reading.software_words import ASKED, DECLINED, NO_SOFTWARE, ONLY_WHEN, SOFTWARE


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

_JEST = re.compile(r"[;:]-?[)Dp](?![a-z0-9])|\b(?:lol|mdr|ptdr)\b|[\U0001f600-\U0001f60a\U0001f609\U0001f61c]", re.IGNORECASE)

_SUPPOSED = re.compile(
    one_of(r"""
        ^\W{0,5}(?:(?:et|mais|and|but|or|ou) )?(?:si|s'il|if|should|unless|what if|et si)\b(?! possible)[^,:;]*
        \b(?:faire|appeler|passe|passer|contacter|joindre|prevoir|proceder|do|call|happens?|contact) (?:si|s'il|if|when|quand)\b[^,:;]*
        \b(?:au cas ou|en cas d|dans le cas ou|in case|in the event|dans l'hypothese)\b[^,:;]*
        \b(?:pourrait|pourraient|risque(?:nt|rait)? d|might|could possibly)\b[^,:;]*
    """)
)
"""What follows such a word up to the comma is only supposed; what comes after the comma is not ("si je le lance, plus
d'image")."""

_STILL = re.compile(
    one_of(r"""
        \b(?:pas|jamais|not|never|isn't|n't|nothing|rien|sans)\b (?:\w{1,12} ){0,2}?(?:resol|repar|regl|corrig|retabl|revenu|fix|solv|back|ok\b)
        \b(?:de nouveau|a nouveau|encore|toujours|again|still) (?:en panne|hs\b|hors|noir|bloque|broken|down|fail|no |plus d)
    """)
)
_OVER = re.compile(
    _BEGIN
    + one_of(r"""
        (?:est|sont|etait|a ete|ont ete|ete) (?:\w{1,12} ){0,2}?(?:resolue?s?|reparee?s?|reglee?s?|corrigee?s?|retablie?s?|revenue?s?|terminee?s?)
        (?:panne|incident|probleme|dysfonctionnement|souci|defaut)s? (?:\w{1,12} ){0,3}?(?:resolue?s?|reparee?s?|reglee?s?|corrigee?s?|terminee?s?)
        (?:re)?(?:fonctionne|marche|demarre)(?:nt)? (?:tres bien|bien|de nouveau|a nouveau|normalement|correctement|desormais)
        re(?:fonctionne|marche)(?:nt)?
        rentree?s? dans l'ordre
        (?:is|are|was|were|has been|have been|been|got|now) (?:\w{1,12} ){0,2}?(?:fixed|solved|resolved|repaired|sorted|restored)
        works? (?:again|now|fine)
        (?:is|are) (?:working|fine|ok|okay|back)(?: (?:again|now|fine|normally))?
        (?:panne|incident|probleme|souci)s? (?:d'hier|d'avant-hier|de la semaine (?:derniere|passee)|du mois dernier|de l'an dernier|precedente?|passee?)
        n'etai(?:t|ent) (?:pas|qu)
        avai(?:t|ent|ons) (?:eu )?(?:une? )?(?:panne|incident|coupure)s?
    """)
    + _END
)

_DONE = re.compile(
    one_of(r"""
        \b(?:avons|ai|as|avez|ont|a|est|sont|etait|ete) (?:\w{1,12} ){0,2}?(?:mise?s? (?:a jour|en version|a niveau)|migree?s?|upgradee?s?)
        \b(?:avons|ai|as|avez|ont|a|est|sont|etait|ete|had|has|have|we|i) (?:\w{1,12} ){0,2}?(?:installe|deploye|applique|installed|deployed|applied)e?s?\b[^,.;:]{0,40}
        \b(?:mises? a jour|updates?|upgrades?|firmware|version|licen[cs]e)\b[^,.;:]{0,60} (?:done|complete[d]?|finished|bien (?:ete )?(?:installe|faite?|recue?|passe)\w{0,2}|a bien ete \w{1,12})
        \b(?:we|i|they|was|were|been|have|has|just|already) (?:\w{1,12} ){0,2}?(?:updated|upgraded|patched)\b
        \b(?:voici|here (?:is|are)|please find|(?:vous trouverez|veuillez trouver)(?: ci-joint\w{0,2})?)[^,;:]{0,30}\b(?:cles?|licen[cs]es?|keys?|firmwares?|release notes)\b
        \b(?:est|sont|tourne(?:nt)?|is|are|runs?|running) (?:\w{1,12} )?(?:en|sous|on|at) (?:la |the )?(?:versions?|firmware|roomos|release)\b
    """)
)


def breakdown_sense(folded: str) -> Sense:
    """How a clause, in folded text, speaks of a breakdown. In doubt it states one: somebody calls back."""
    if not _is_broken(folded):
        return Sense.NOTHING
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
    if not SOFTWARE.search(folded):
        return Sense.NOTHING
    if DECLINED.search(folded):
        return Sense.DENIED
    meant = _DONE.sub(" ", ONLY_WHEN.sub(" ", NO_SOFTWARE.sub(" ", folded)))
    if not SOFTWARE.search(meant):
        return Sense.OVER
    return Sense.ASKED if ASKED.search(folded) else Sense.STATED
