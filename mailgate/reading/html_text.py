"""HTML as lines: tables keep their rows and cells, quotations are marked with `>` as in plain text."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup

from mailgate.reading.lines import LONGEST_LINE, MOST_CELLS, MOST_LINES, clean

LONGEST_TAG: Final = 4_000
_OPENING = re.compile(r"<(?=[^<>]*(?:<|\Z))")
"""A `<` that no `>` closes: the parser would look for it again and again."""

_TAG = re.compile(r"<[^<>]*>")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_CELL_END = re.compile(r"</t[dh]", re.IGNORECASE)
_CELL, _ROW = re.compile(r"<t[dh]\b", re.IGNORECASE), re.compile(r"<tr\b", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}0(?![.\d])|mso-hide"
)
_QUOTE_STYLE = re.compile(r"border-left|#1010ff|\bquote|\bcite")

_SILENT: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "select"})
_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_CELLS: Final = ("td", "th")
_MARK: Final = "\x00"


class HtmlRow(NamedTuple):
    """One line of what is shown, with the cells of a row; quotations begin with `> `."""

    text: str
    cells: tuple[str, ...] = ()
    table: int = 0


_Step: TypeAlias = "tuple[str, Tag | NavigableString]"


def html_rows(html: str) -> list[HtmlRow]:
    """What a reader sees, line by line. Whatever the markup is, this ends soon and does not raise."""
    try:
        soup = BeautifulSoup(tamed(html), "html.parser")
    except (ParserRejectedMarkup, RecursionError, AssertionError, ValueError):
        return [HtmlRow(clean(_TAG.sub(" ", line))) for line in html.splitlines()[:MOST_LINES]]
    return _Page().read(soup)


def tamed(html: str) -> str:
    """The same page without comments, declarations and tags that the parser would take long over."""
    pieces: list[str] = []
    at = 0
    while (begin := html.find("<!--", at)) >= 0 and (end := html.find("-->", begin + 4)) >= 0:
        pieces.append(html[at:begin])
        at = end + 3
    text = "".join((*pieces, html[at:]))
    text = _OPENING.sub("&lt;", text)
    text = _DECLARATION.sub(" ", text)
    if not _CELL_END.search(text):  # the end tags of cells and rows may be left out, and this parser would nest them
        text = _ROW.sub(r"</td></tr>\g<0>", _CELL.sub(r"</td>\g<0>", text))
    return _TAG.sub(lambda tag: tag.group() if len(tag.group()) <= LONGEST_TAG else " ", text)


class _Page:
    """Walks through the elements in their order, without recursion: pages may be nested as deep as they like."""

    def __init__(self) -> None:
        self._rows: list[HtmlRow] = []
        self._line: list[str] = []
        self._quotes = 0
        self._table = 0

    def read(self, soup: BeautifulSoup) -> list[HtmlRow]:
        waiting: list[_Step] = [("enter", soup)]
        while waiting and len(self._rows) < MOST_LINES:
            step, node = waiting.pop()
            if isinstance(node, NavigableString):
                if not isinstance(node, PreformattedString):
                    self._line.append(_BLANKS.sub(" ", str(node)))
            elif step == "leave":
                self._leave(node)
            elif self._enter(node):
                waiting.append(("leave", node))
                waiting += [
                    ("enter", child) for child in reversed(node.contents) if isinstance(child, Tag | NavigableString)
                ]
        self._end_line()
        return self._rows[:MOST_LINES]

    def _enter(self, tag: Tag) -> bool:
        """Whether to go in."""
        if tag.name in _SILENT or _is_hidden(tag):
            return False
        if tag.name == "br":
            self._end_line(always=True)
            return False
        if tag.name == "tr" and _is_data_row(tag):
            self._end_line()
            self._add_row(tag)
            return False
        if tag.name in _BLOCKS:
            self._end_line()
        if tag.name == "table":
            self._table += 1
        if tag.name == "blockquote" and _is_quotation(tag):
            self._quotes += 1
        if tag.name == "li":
            self._line.append("- ")
        return True

    def _leave(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self._end_line()
        if (
            tag.name in ("p", "h1", "h2", "h3", "table", "ul", "ol", "blockquote")
            and self._rows
            and self._rows[-1].text
        ):
            self._add("")
        if tag.name == "blockquote" and _is_quotation(tag):
            self._quotes -= 1
        if tag.name in _CELLS:
            self._line.append(" ")

    def _end_line(self, *, always: bool = False) -> None:
        text = " ".join("".join(self._line).split())
        self._line.clear()
        if text or always:
            self._add(text)

    def _add(self, text: str, cells: tuple[str, ...] = ()) -> None:
        prefix = "> " * min(self._quotes, 5)
        cleaned = clean(text)
        for at in range(0, max(1, len(cleaned)), LONGEST_LINE):
            self._rows.append(HtmlRow(prefix + cleaned[at : at + LONGEST_LINE], cells, self._table if cells else 0))

    def _add_row(self, row: Tag) -> None:
        cells = tuple(clean(_visible_text(cell)) for cell in row.find_all(_CELLS, recursive=False)[:MOST_CELLS])
        self._add("\t".join(cells)[:LONGEST_LINE], cells)


def _is_data_row(row: Tag) -> bool:
    """A row of several cells that hold text and no tables: what lays out a page is read cell after cell."""
    cells = row.find_all(_CELLS, recursive=False)
    return (
        len(cells) > 1
        and row.find("table") is None
        and all(len(cell.find_all(["br", "p", "div"])) < 4 for cell in cells)
    )


def _visible_text(cell: Tag) -> str:
    return " ".join(" ".join(_strings(cell)).split())[:400]


def _strings(cell: Tag) -> Iterator[str]:
    for node in cell.descendants:
        is_text = isinstance(node, NavigableString) and not isinstance(node, PreformattedString)
        if is_text and (node.parent is None or node.parent.name not in _SILENT):
            yield str(node)


def _is_hidden(tag: Tag) -> bool:
    style = tag.get("style")
    return tag.has_attr("hidden") or (isinstance(style, str) and bool(_HIDDEN.search(style[:1_000].lower())))


def _is_quotation(tag: Tag) -> bool:
    """A quotation of a mail: other block quotes only move text to the right."""
    if str(tag.get("type", "")).lower() == "cite" or tag.has_attr("cite"):
        return True
    told = f"{tag.get('class', '')} {tag.get('style', '')} {tag.get('id', '')}"[:1_000].lower()
    return bool(_QUOTE_STYLE.search(told))
