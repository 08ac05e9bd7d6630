"""Bytes to text, whatever the mail says of its encoding: declarations are missing, wrong or unknown."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_GUESSED = ("cp1252", "mac_roman", "cp850")
"""What undeclared bytes of French and English senders are, the most likely first."""

_FRENCH = frozenset("éèêëàâçùûüîïôœÉÈÊÀÇÎÔ°’«»€–")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f�]")

_NOT_ASCII_BASED = ("utf-7", "utf-16", "utf-32", "iso2022", "hz", "cp037", "cp500", "cp1140", "cp273", "cp297")
_PRACTICALLY_CP1252 = {"ascii", "iso8859-1", "latin-1"}
_NO_TEXT = frozenset({"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "unicode_escape", "raw_unicode_escape"})
_SAMPLE = 20_000


def decoded(data: bytes, declared: str | None = None) -> str:
    """The text that these bytes are, never failing: by their mark, as UTF-8, as declared, else by the best guess.

    What is valid UTF-8 is UTF-8, also where another encoding is declared: the declaration of mail programs is wrong
    much more often than that happens by chance.
    """
    return _without_halves(_decoded(data, declared))


def _decoded(data: bytes, declared: str | None) -> str:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    codec = _codec(declared)
    if codec is not None and codec.startswith(_NOT_ASCII_BASED):
        return _as_declared(data, codec)
    if b"\0" in data[:_SAMPLE] and (wide := _without_mark(data)) is not None:
        return wide
    text = _strictly(data, "utf-8")
    if text is not None and not (codec and codec != "utf-8" and "\x1b" in text):
        return text
    if codec in (None, "utf-8", *_PRACTICALLY_CP1252):
        return _best_guess(data)
    return _as_declared(data, codec or "cp1252")


def _as_declared(data: bytes, codec: str) -> str:
    """What some encodings cannot read they do not replace, whatever they are told (`idna`, `punycode`)."""
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError, IndexError):
        return _best_guess(data)


def _without_halves(text: str) -> str:
    """Halves of letters, which some encodings let through, are no text: nothing could write them down."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _codec(declared: str | None) -> str | None:
    """Python's name of a declared text encoding; None when there is none of that name."""
    name = (declared or "").strip().strip("'\"").lower()
    if not name or not name.isascii() or not name.isprintable() or len(name) > 40:
        return None
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if codec.replace("-", "_") in _NO_TEXT else codec


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark, told by where the zero bytes are; None when it is not text at all."""
    sample = data[:_SAMPLE]
    zeros, pairs = sample.count(0), max(1, len(sample) // 2)
    if zeros < pairs // 3:
        return None
    codec = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    return data.decode(codec, "replace")


def _best_guess(data: bytes) -> str:
    """The reading with the most letters of French and the fewest that no text has."""
    guesses = [(name, data[:_SAMPLE].decode(name, "replace")) for name in _GUESSED]
    best = max(guesses, key=lambda guess: _likelihood(guess[1]))
    return data.decode(best[0], "replace")


def _likelihood(text: str) -> int:
    return sum(letter in _FRENCH for letter in text) - 3 * len(_ODD.findall(text))
