"""What of a mail its sender wrote, what is forwarded, what is quoted, and what is signature or disclaimer.

A serial number in a quoted reply asks for nothing any more; one in a forwarded mail does (R12).
"""

import re
from collections.abc import Sequence
from typing import Final

from mailgate.reading.lines import Line, Role, fold
from mailgate.reading.phrases import (
    ATTRIBUTION,
    CLOSING,
    FORWARD_MARK,
    LIST_FOOTER,
    ORIGINAL_MARK,
    PRINTING,
    SENT_FROM,
    SMALL_PRINT,
    SMALL_PRINT_WORDS,
)

_QUOTE = re.compile(r"\s{0,3}(?:>|\|\s>)")
_DEPTH = re.compile(r"^[\s>]{0,40}")

_ATTRIBUTION_TAIL = re.compile(r".{0,200}\b(?:wrote|a ecrit|ecrivait|a repondu)\s{0,3}:\s{0,3}")
_ATTRIBUTION_HEAD = re.compile(r"(?:on|le|en date du)\s.{0,40}\d{1,4}")
_SAYS_WHEN = re.compile(r"\d|[@:]")
_BY_ADDRESS = re.compile(r".{0,120}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s{0,3}(?:wrote|a ecrit|ecrivait)?\s{0,3}:\s{0,3}")
_HEADER = re.compile(
    r"[>*\s_]{0,10}(from|de|exp(?:editeur)?|sender|sent|envoye(?: le)?|date|to|a|pour|destinataires?|cc|copie|subject"
    r"|objet|sujet|reply-to|repondre a|von|gesendet|an|betreff|da|inviato|oggetto|enviado(?: el)?|para|asunto|van"
    r"|verzonden|aan|onderwerp)\s{0,3}\*{0,2}\s{0,3}:(?:\s|\*|$)"
)
_FROM, _TO, _ABOUT = (
    frozenset({"from", "de", "exp", "expediteur", "sender", "von", "da", "van"}),
    frozenset({"to", "a", "pour", "destinataire", "destinataires", "sent", "envoye", "envoye le", "date"})
    | {"gesendet", "an", "inviato", "enviado", "enviado el", "para", "verzonden", "aan"},
    frozenset({"subject", "objet", "sujet", "betreff", "oggetto", "asunto", "onderwerp"}),
)
_RULE = re.compile(r"\s{0,5}[_\-=*]{5,200}\s{0,5}")

_SIGNATURE_MARK = re.compile(r"--\s{0,2}|[-_]{2}\s|__\s{0,2}")
_POSTSCRIPT = re.compile(r"\W{0,3}(?:p\.?\s?s\.?|n\.?\s?b\.?|post-?scriptum)\s{0,3}[:.\-–—]\s{0,3}\S")
_LATER_LIST = re.compile(
    r".{0,60}\b(?:liste|list|equipements?|equipments?|materiels?|devices?|appareils?|n[°ºo.]{0,2} ?(?:de )?serie|serial"
    r"|s/n|n/s)\b.{0,40}:?.{0,200}"
)

FORWARD_SUBJECT = re.compile(
    r"\s{0,5}(?:\[[^\]]{0,40}\]\s{0,3}){0,3}(?:fwd?|tr|wg|i|transf(?:ert|ere)?|fw|rv|doorst)\s{0,3}(?:\[\d{1,3}\])?\s?:",
    re.IGNORECASE,
)
_LONGEST: Final = 600


def in_parts(texts: Sequence[Line], *, forwards: bool) -> list[Line]:
    """The same lines, each with its role. `forwards` says that the subject is that of a forwarded mail."""
    folded = [fold(line.text[:_LONGEST]) for line in texts]
    roles: list[Role] = []
    role = Role.OWN
    while (at := len(roles)) < len(texts):
        if role is Role.OWN and not _has_spoken(folded, roles) and (banner := _banner(folded, at)):
            roles += [Role.SIGNATURE] * banner
            continue
        turn = _turn(folded, at, role, forwards=forwards and role is not Role.QUOTED)
        if turn is not None:
            role, length = turn
            is_said = length == 1 and role in (Role.SIGNATURE, Role.OWN) and not _is_attribution(folded, at)
            roles += [role if is_said else Role.QUOTED] * length
            continue
        roles.append(_role(folded[at], role))
    marked = [line._replace(role=given) for line, given in zip(texts, roles, strict=True)]
    return _unindented(marked, folded)


def _has_spoken(folded: Sequence[str], roles: Sequence[Role]) -> bool:
    return any(role is Role.OWN and line.strip() for line, role in zip(folded, roles, strict=False))


def _banner(folded: Sequence[str], at: int) -> int:
    """How many lines a warning has that a mail server put before the text; 0 when there is none."""
    line = folded[at].strip()
    if not SMALL_PRINT.match(line) and not SENT_FROM.match(line):
        return 0
    return next((more for more in range(1, 6) if at + more >= len(folded) or not folded[at + more].strip()), 1)


def _role(folded: str, around: Role) -> Role:
    if _QUOTE.match(folded) and around is not Role.FORWARDED:
        return Role.QUOTED
    return around


def _turn(folded: Sequence[str], at: int, role: Role, *, forwards: bool) -> tuple[Role, int] | None:
    """What begins at this line, and how many lines say so; None when nothing begins here."""
    line = folded[at].strip()
    if not line or _QUOTE.match(line):
        return None
    if FORWARD_MARK.fullmatch(line):
        return (Role.QUOTED if role is Role.QUOTED else Role.FORWARDED), 1 + _header_block(folded, at + 1)
    if ORIGINAL_MARK.fullmatch(line):
        return _what_follows(role, forwards=forwards), 1 + _header_block(folded, at + 1)
    block = _header_block(folded, at)
    if block:
        return _what_follows(role, forwards=forwards), block
    attribution = _attribution(folded, at)
    if attribution:
        begins = at + attribution
        is_marked = any(_QUOTE.match(text) for text in folded[begins : begins + 3])
        if forwards and not is_marked:
            return _what_follows(role, forwards=True), attribution
        # What is marked line by line ends by itself: an answer may stand below it, or between.
        return (role if is_marked and role is Role.OWN else Role.QUOTED), attribution
    return _farewell(folded, at, role)


def _what_follows(role: Role, *, forwards: bool) -> Role:
    """A block of headers begins a forwarded mail once, and the quotations in it after that."""
    return Role.FORWARDED if forwards and role is not Role.FORWARDED else Role.QUOTED


def _farewell(folded: Sequence[str], at: int, role: Role) -> tuple[Role, int] | None:
    """A signature or disclaimer begins, or something of importance comes after it."""
    line = folded[at].strip()
    if role is Role.SIGNATURE:
        returns = _POSTSCRIPT.match(line) or (len(line) < 200 and line.endswith(":") and _LATER_LIST.fullmatch(line))
        return (Role.OWN, 1) if returns else None
    if role is not Role.OWN:
        return None
    is_mark = bool(_SIGNATURE_MARK.fullmatch(line)) and at + 1 < len(folded)
    is_end = len(line) < 260 and (CLOSING.fullmatch(line) or SENT_FROM.match(line) or PRINTING.match(line))
    is_small_print = SMALL_PRINT.match(line) and (SMALL_PRINT_WORDS.search(line) or len(line) < 40)
    if is_mark or is_end or is_small_print or LIST_FOOTER.match(line):
        return Role.SIGNATURE, 1
    return None


def _header_block(folded: Sequence[str], at: int) -> int:
    """How many lines a block of headers has (`De : … Envoyé : … Objet : …`) that begins there; 0 when none does."""
    names: set[str] = set()
    end = at
    for index in range(at, min(at + 12, len(folded))):
        line = folded[index]
        found = _HEADER.match(line)
        if found:
            names.add(found[1])
            end = index + 1
        elif (
            names
            and line.strip()
            and not _RULE.fullmatch(line)
            and index > at
            and len(line) < 200
            and _continues(folded, index)
        ):
            end = index + 1
        elif (line.strip() and not _RULE.fullmatch(line)) or (not line.strip() and names & _ABOUT):
            break
    is_block = bool(names & _FROM) and bool(names & _ABOUT or len(names & _TO) >= 2)
    return end - at if is_block else 0


def _continues(folded: Sequence[str], index: int) -> bool:
    """A header that goes on in the next line is followed by another header."""
    return index + 1 < len(folded) and bool(_HEADER.match(folded[index + 1]))


def _is_attribution(folded: Sequence[str], at: int) -> bool:
    return _attribution(folded, at) > 0


def _attribution(folded: Sequence[str], at: int) -> int:
    """How many lines say `On …, … wrote:`; 0 when these do not."""
    line = folded[at].strip()
    if (ATTRIBUTION.fullmatch(line) and _SAYS_WHEN.search(line)) or (_BY_ADDRESS.fullmatch(line) and len(line) < 300):
        return 1
    if _ATTRIBUTION_HEAD.match(line):
        for more in (1, 2):
            tail = folded[at + more].strip() if at + more < len(folded) else ""
            if not tail or ATTRIBUTION.fullmatch(tail):  # a paragraph ends, or the next line says it all by itself
                break
            if _ATTRIBUTION_TAIL.fullmatch(tail):
                return more + 1
            if _ATTRIBUTION_HEAD.match(tail):
                break
    return 0


def _unindented(lines: list[Line], folded: Sequence[str]) -> list[Line]:
    """A forwarded mail that is marked with `>` throughout: one level of that is how it was forwarded."""
    found = [index for index, line in enumerate(lines) if line.role is Role.FORWARDED]
    marked = [index for index in found if _QUOTE.match(folded[index])]
    spoken = [index for index in found if folded[index].strip()]
    if not marked or len(marked) * 2 < len(spoken):
        return [line._replace(role=Role.QUOTED) if index in set(marked) else line for index, line in enumerate(lines)]
    made = list(lines)
    for index in marked:
        inner = re.sub(r"^\s{0,3}>\s?", "", lines[index].text)
        made[index] = lines[index]._replace(text=inner, role=Role.QUOTED if _QUOTE.match(inner) else Role.FORWARDED)
    return made
