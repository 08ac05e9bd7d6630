"""Writes letters: from a template and facts to a subject, a text and simple HTML, French first, English second.

A template (`activities/letters/<name>.j2`) has four blocks: `subject_fr`, `subject_en`, `fr`, `en`. A body is written
as plain text: paragraphs apart by an empty line, a list by lines that begin with `- `. It is rendered once, and both
the text and the HTML are laid out from what came of it, so that they cannot differ; the HTML escapes whatever is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from pydantic import JsonValue

from domain.bilingual import LANGUAGES, Both, Language, day_in, instant_in, span_in
from domain.provider import Provider
from domain.words import Words

_TEXT_LAYOUT, _HTML_LAYOUT = "layouts/letter.txt.j2", "layouts/letter.html.j2"
_QUOTE, _BULLET = "> ", "- "


@dataclass(frozen=True)
class WrittenLetter:
    """A letter that can be sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Part:
    """A piece of a letter's body: a paragraph is one line, a list and a quotation are several."""

    kind: Literal["paragraph", "bullets", "quote"]
    lines: tuple[str, ...]


class LetterWriter:
    """Knows all templates. A fact that a template asks for and nobody told is an error, never an empty space."""

    def __init__(self) -> None:
        self._plain, self._text, self._html = _environments()

    def templates(self) -> tuple[str, ...]:
        """The names of all templates."""
        found = (name for name in self._plain.list_templates() if "/" not in name)
        return tuple(name.removesuffix(".j2") for name in found)

    def write(self, words: Words, provider: Provider, preface: Both | None = None) -> WrittenLetter:
        """Write a letter; `preface` stands above it, for whoever gets it in somebody else's place."""
        template = self._plain.get_template(f"{words.template}.j2")
        parts = {language: self._parts(template, words, language, preface) for language in LANGUAGES}
        laid_out = {
            "facts": {name: one_line(words.facts.get(name) or "") for name in ("reference", "equipment", "site")},
            "parts": parts,
            "provider": provider,
        }
        return WrittenLetter(
            subject=self._subject(template, words),
            text=self._text.get_template(_TEXT_LAYOUT).render(laid_out),
            html=self._html.get_template(_HTML_LAYOUT).render(laid_out),
        )

    def _subject(self, template: Template, words: Words) -> str:
        french, english = (_block(template, f"subject_{language}", words, language) for language in LANGUAGES)
        equipment = words.facts.get("equipment")
        about = f" – {equipment}" if equipment else ""
        return str(one_line(f"[{words.facts['reference']}] {french} / {english}{about}"))

    def _parts(self, template: Template, words: Words, language: Language, preface: Both | None) -> list[Part]:
        before = [Part("paragraph", (one_line(preface[language]),))] if preface else []
        return [*before, *structured(_block(template, language, words, language))]


@cache
def _environments() -> tuple[Environment, Environment, Environment]:
    """For what is rendered, and for the two layouts; they keep what they have compiled, for all writers."""
    options: dict[str, Any] = {
        "loader": PackageLoader("activities", "letters"),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    plain = Environment(**options, autoescape=False, finalize=one_line)
    plain.filters |= {"instant": _instant, "span": _span, "day": _day, "quoted": _quoted, "duration": _duration}
    text = Environment(**options, autoescape=False, keep_trailing_newline=True)
    return plain, text, Environment(**options, autoescape=True, keep_trailing_newline=True)


def _block(template: Template, name: str, words: Words, language: Language) -> str:
    facts = {fact: _said(value, language) for fact, value in words.facts.items()}
    context = template.new_context({**facts, "language": language})
    return "".join(template.blocks[name](context))


def _said(value: JsonValue, language: Language) -> JsonValue:
    """What is known in both languages, in that one."""
    if isinstance(value, dict):
        if value.keys() == {"fr", "en"}:
            return value[language]
        return {name: _said(each, language) for name, each in value.items()}
    if isinstance(value, list):
        return [_said(each, language) for each in value]
    return value


def structured(text: str) -> list[Part]:
    """The pieces of a body. Lines of a paragraph are joined: whoever reads it has a window of their own width."""
    parts: list[Part] = []
    is_apart = True
    for line in (line.strip() for line in text.splitlines()):
        kind: Literal["paragraph", "bullets", "quote"] = "paragraph"
        if line.startswith((_BULLET, _QUOTE)):
            kind = "bullets" if line.startswith(_BULLET) else "quote"
            line = line[len(_BULLET) :]
        if not line:
            is_apart = True
            continue
        if is_apart or parts[-1].kind != kind:
            parts.append(Part(kind, (line,)))
        elif kind == "paragraph":
            parts[-1] = Part(kind, (f"{parts[-1].lines[0]} {line}",))
        else:
            parts[-1] = Part(kind, (*parts[-1].lines, line))
        is_apart = False
    return parts


class _Lines(str):
    """Text whose line breaks are meant."""


def one_line(value: object) -> Any:
    """A text on one line, without signs that nobody can see: it cannot pretend to be a part of the letter."""
    if not isinstance(value, str) or isinstance(value, _Lines):
        return value
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def _quoted(text: str) -> _Lines:
    """What somebody wrote in several lines, each marked as theirs."""
    lines = (one_line(line) for line in text.splitlines())
    return _Lines("\n".join(f"{_QUOTE}{line}" for line in lines if line))


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{rest} min" if not hours else f"{hours} h {rest:02d}" if rest else f"{hours} h"


def _reader(context: Context) -> tuple[Language, ZoneInfo]:
    return context["language"], ZoneInfo(context["tz"])


@pass_context
def _instant(context: Context, at: str) -> str:
    language, zone = _reader(context)
    return instant_in(language, datetime.fromisoformat(at), zone)


@pass_context
def _day(context: Context, at: str) -> str:
    language, zone = _reader(context)
    return day_in(language, datetime.fromisoformat(at), zone)


@pass_context
def _span(context: Context, span: Mapping[str, str]) -> str:
    language, zone = _reader(context)
    return span_in(language, datetime.fromisoformat(span["start"]), datetime.fromisoformat(span["end"]), zone)
