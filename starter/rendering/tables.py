"""What every page shows alike: states in their colours, promises, the journal."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from rich.table import Table
from rich.text import Text

from domain.journal import JournalLine
from domain.view import PromiseView
from starter.console import add_row, table
from starter.rendering.instants import duration, instant, minute

STATE_STYLES = {"breached": "bold red", "at_risk": "yellow", "paused": "yellow", "met": "green", "refused": "red"}
"""Colours of what needs a look; everything else has none."""

LINES_SHOWN = 20


def state(word: str) -> Text:
    """A state in words, in its colour."""
    return Text(word.replace("_", " "), style=STATE_STYLES.get(word, ""))


def promise_table(promises: Sequence[PromiseView], zone: tzinfo) -> Table:
    """Promises with their due instants and outcomes."""
    shown = table("promise", "kind", "started", "due", "state", "ended", "paused", title="Promises")
    for promise in promises:
        add_row(
            shown,
            promise.id.replace("_", " "),
            promise.kind.value,
            minute(promise.started_at, zone),
            instant(promise.due_at, zone),
            state(promise.state.value),
            minute(promise.ended_at, zone),
            paused(promise.paused_seconds),
        )
    return shown


def paused(seconds: int) -> str:
    """Business time that a promise stood still, in words; empty for none."""
    return duration(timedelta(seconds=seconds)) if seconds else ""


def journal_table(journal: Sequence[JournalLine], zone: tzinfo) -> Table:
    """The newest lines of a journal, what was refused in its colour."""
    lines = journal[-LINES_SHOWN:]
    cut = f", the last {len(lines)} lines" if len(journal) > len(lines) else ""
    shown = table("at", "who", "kind", "what", "", title=f"Journal{cut}")
    for line in lines:
        disposition = "" if line.disposition == "noted" else line.disposition.value
        add_row(shown, minute(line.at, zone), line.actor, line.kind, line.text, state(disposition))
    return shown
