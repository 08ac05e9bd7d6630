"""Which of the candidates are serial numbers: those that the registry has, and what looks like one and is unknown."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from domain.serial_numbers import SerialNumberError, normalise_serial_number
from mailgate.reading.known import Known
from mailgate.reading.lines import Line, Role, fold
from mailgate.reading.phrases import one_of
from mailgate.reading.serial_candidates import Candidate, cells_of, compact_of, labels_in, sameness

SHORTEST_UNKNOWN: Final = 6
_SHORTEST_MISTAKEN: Final = 7
_WRITTEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,62}[A-Za-z0-9]")
_SPACED = re.compile(r"[A-Za-z0-9]{1,6}(?: [A-Za-z0-9]{1,6}){1,5}")

_SERIAL_SHAPE = re.compile(
    r"(?=(?:.{0,30}[0-9]){3})(?=(?:.{0,30}[A-Z]){2})[A-Z0-9]{7,16}|[0-9A-F]{2}(?:[:-][0-9A-F]{2}){5}"
)
_MIXED = re.compile(r"[A-Z]{2,}[0-9]+[A-Z]+|[0-9]+[A-Z]+[0-9]+|[A-Z]+[0-9]+[A-Z]+[0-9]|[A-Z]{3}[0-9]{4,}")
_OTHER_NUMBERS = re.compile(
    one_of(r"""
        (?:inv|asset|immo|pc|etiq|tag)[-_.]?(?:[a-z]{2,3}[-_.])?\d
        (?:inc|req|ritm|chg|prb|sr|sctask|ticket|tkt|po|bc|cde|dev|fac|facture|ctr|kb)[-_.]?\d
        (?:cm|sw|ca|iso|ipv|sha|md|utf|cve|rfc|h|http|roomos|ce|tc|v|ver|version|rev)[-_.]?\d
        (?:mac|ip|tva|siret|siren|rcs|iban|bic|fr\d\d|bat|etage|cs|bp|cedex|tel|fax|poste|salle|room)[-_.]?\d
    """)
)
"""How numbers begin that are something else: tickets, orders, versions, standards, addresses."""

_KEY = re.compile(r"[A-Z0-9]{3,6}(?:-[A-Z0-9]{3,6}){3,}")
"""How activation keys look, which must not become the name of anything."""

_OF_SOMETHING_ELSE = re.compile(
    r"\b"
    + one_of(r"""
        (?:ticket|incident|dossier|(?:bon de )?commande|order|p\.?o\.?|devis|quote|facture|invoice|contrat|contract)
        (?:asset(?: tag)?|inventaire|inventory|immo(?:bilisation)?|etiquette)
        (?:client|customer|compte|account|ref(?:erence)?\.?|salle|room|bureau|poste|ext\.?|adresse)
        (?:tel\.?|telephone|fax|mobile|port\.?|siret|siren|tva|vat|rcs|iban|bic|ape|naf)
        (?:version|build|release|firmware|licen[cs]e|cle|key|code|pin|mac|ip|url|id|rdv|reunion|meeting|conference)
    """)
    + r"\s?(?:n[°ºo.]{0,2}|#|:|number|id|de)?\s?[:#-]?\s?$"
)
"""What is said before such a number."""

_EXCEPT = re.compile(
    r"\b"
    + one_of(r"""
        sauf
        excepte
        hors(?! service| tension| ligne| garantie| contrat| d'usage| d'etat)
        hormis
        a l'exception d\w*
        except(?: for)?
        excluding
        but not
        mais pas
        et non
        surtout pas
        pas (?:celui|celle|ceux)
        (?:et|ou) pas (?:le|la|l'|les)
        ne pas (?!oubli|manqu|hesit|tard|pouvoir)\w{3,12}
        (?:please|but|and|[.;:]) (?:do not|don't) (?!forget|hesitat)\w{3,12}
    """)
    + r"\b[^.;:!?]{0,60}$"
)
"""What is said before equipment that is not meant."""


_ALL_BUT_IT_WORK = re.compile(
    r"\b(?:ok|bien|nickel|fonctionnent|fonctionne|marchent|marche|works?|fine|working) (?:\w{1,10} )?"
    r"(?:sauf|a part|excepte|except(?: for)?|apart from)\b[^.;:!?]{0,60}$"
)
"""Where everything works but one, that one is meant."""


class Found(NamedTuple):
    """A serial number in the text: as the registry has it, or as it was written when the registry has none."""

    serial_number: str
    registered_type: str | None
    line: int
    cell: int
    begin: int
    end: int

    @property
    def is_known(self) -> bool:
        """Whether the registry has it."""
        return self.registered_type is not None


def known_ones(lines: Sequence[Line], found: Sequence[Candidate], known: Known) -> list[Found]:
    """The candidates that the registry has, in their order; of overlapping ones the longest."""
    matched: list[tuple[bool, Found]] = []
    for candidate in found:
        match = _registered(candidate, known)
        if match is not None and _counts(lines[candidate.line], candidate):
            serial_number, kind, is_exact = match
            place = candidate.line, candidate.cell, candidate.begin, candidate.end
            matched.append((is_exact, Found(serial_number, kind, *place)))
    matched.sort(key=lambda each: (not each[0], each[1].begin - each[1].end))
    chosen: dict[tuple[int, int], list[Found]] = {}
    for _, each in matched:
        here = chosen.setdefault((each.line, each.cell), [])
        if not any(each.begin < other.end and other.begin < each.end for other in here):
            here.append(each)
    found_ones = [each for here in chosen.values() for each in here if not _is_excepted(lines, each)]
    return sorted(found_ones, key=lambda each: (each.line, each.cell, each.begin))


def _registered(candidate: Candidate, known: Known) -> tuple[str, str, bool] | None:
    """The serial number that is meant; letters taken for digits are believed only of one that is long, and alone."""
    meant = known.serial_numbers.get(sameness(candidate.compact), ())
    exact = [(serial, kind) for serial, kind in meant if compact_of(serial) == candidate.compact]
    if exact:
        written = [pair for pair in exact if pair[0] == candidate.written.upper()]
        return (*(written or exact)[0], True) if written or len(exact) == 1 else None
    if len(meant) == 1 and len(candidate.compact) >= _SHORTEST_MISTAKEN:
        return (*meant[0], False)
    return None


def _counts(line: Line, candidate: Candidate) -> bool:
    """In a signature only what is announced as a serial number is one."""
    return line.role is not Role.SIGNATURE or candidate.labelled


def _is_excepted(lines: Sequence[Line], found: Found) -> bool:
    before = cells_of(lines[found.line])[found.cell][: found.begin]
    folded = fold(before[-120:])
    return bool(_EXCEPT.search(folded)) and not _ALL_BUT_IT_WORK.search(folded)


def unknown_ones(
    lines: Sequence[Line],
    taken: Sequence[Found],
    columns: Iterable[tuple[int, int]],
    named: Sequence[tuple[int, int, int, int]],
) -> list[Found]:
    """What is announced as a serial number, stands in a column of them or looks like one, and the registry has not.

    `columns` are the cells (line, cell) of tables whose heading says serial number; `named` the places of other names.
    """
    in_column = set(columns)
    places: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for each in taken:
        places.setdefault((each.line, each.cell), []).append((each.begin, each.end))
    for number, cell, begin, end in named:
        places.setdefault((number, cell), []).append((begin, end))
    found: list[Found] = []
    for number, line in enumerate(lines):
        if line.role not in (Role.OWN, Role.FORWARDED):
            continue
        filled = {
            cell for cell, text in enumerate(line.cells) if (number, cell) in in_column and re.search(r"\d", text)
        }
        for cell, text in enumerate(cells_of(line)):
            covered = places.get((number, cell), [])
            for written, begin, end in _looks(text, is_column=(number, cell) in in_column, by_shape=not filled):
                if not any(begin < to and at < end for at, to in covered) and (serial := _normalised(written)):
                    found.append(Found(serial, None, number, cell, begin, end))
                    covered = [*covered, (begin, end)]
    return [each for each in found if not _is_excepted(lines, each)]


def _looks(text: str, *, is_column: bool, by_shape: bool) -> Iterable[tuple[str, int, int]]:
    """What of one text looks like a serial number, with where it begins and ends.

    Not by its shape, where the row has one in the column of them: what looks like one beside it is an inventory's.
    """
    if is_column and len(text) <= 64 and any(letter.isdigit() for letter in text):
        yield text, 0, len(text)
        return
    for begin in labels_in(text):
        spaced, written = _SPACED.match(text, begin), _WRITTEN.match(text, begin)
        if spaced and _is_one_number(spaced.group()):
            yield spaced.group(), begin, spaced.end()
        elif written and any(letter.isdigit() for letter in written.group()):
            yield written.group(), begin, written.end()
    for match in _WRITTEN.finditer(text) if by_shape else ():
        if _looks_like_one(text, match):
            yield match.group(), match.start(), match.end()


def _is_one_number(spaced: str) -> bool:
    """Groups of a few capitals and digits, each with a digit or all capitals: not the words that come after."""
    groups = spaced.split()
    return (
        all(any(map(str.isdigit, group)) or group.isupper() for group in groups)
        and sum(map(len, groups)) >= SHORTEST_UNKNOWN
    )


def _looks_like_one(text: str, match: re.Match[str]) -> bool:
    written = match.group()
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    if any(sign in around for sign in "@=&%#_\\") or "://" in text[max(0, match.start() - 40) : match.start()]:
        return False
    compact = compact_of(written)
    if written != written.upper() and not _is_all_lower_mixed(written):
        return False
    if (
        _KEY.fullmatch(written)
        or not _SERIAL_SHAPE.fullmatch(compact)
        or not _MIXED.search(compact)
        or written.count(".") > 1
    ):
        return False
    before = fold(text[max(0, match.start() - 30) : match.start()])
    return not _OTHER_NUMBERS.match(fold(written)) and not _OF_SOMETHING_ELSE.search(before)


def _is_all_lower_mixed(written: str) -> bool:
    """In lower case throughout, with letters and digits in turn, as no word is."""
    return written == written.lower() and bool(re.search(r"[a-z]{2,}[0-9]{3,}[a-z]", written))


def _normalised(written: str) -> str | None:
    try:
        serial = normalise_serial_number("".join(written.split()))
    except SerialNumberError:
        return None
    return serial if len(compact_of(serial)) >= SHORTEST_UNKNOWN else None
