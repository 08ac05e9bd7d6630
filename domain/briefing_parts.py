"""Parts of the pages in the Temporal Web UI that a case and a call share: promises, journal, how instants are shown."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.handling import Handled
from domain.journal import JournalLine
from domain.loan_briefing import Clock
from domain.markdown import plain, table
from domain.promises import Promise
from domain.view import next_due

WHAT_TO_SEND = (
    "**Send** one of these as a signal (or as the update `submit`, with a `kind` field). "
    "Replace each … first, and an instant by when it happened:"
)

LINES_SHOWN, PROMISES_SHOWN = 8, 12
"""The newest of each: the Web UI shows 20 KB at the most."""


def promises_part(case: Handled, now: datetime, clock: Clock) -> str:
    if not case.promises:
        return ""
    due = next_due(case.promises)
    left = ""
    if due is not None and case.is_open:
        left = f"**Next due** {clock(due)}: {_time_left(case, now, due)} as of {clock(now)}\n\n"
    shown = _most_telling(case.promises)
    rows = [(p.name.value, p.kind.value, clock(p.due_at) if p.due_at else "", _state(p)) for p in shown]
    earlier = len(case.promises) - len(shown)
    return left + table(("promise", "kind", "due", "state"), rows) + (f"\n\n{earlier} earlier." if earlier else "")


def what_to_send(examples: Iterable[tuple[str, str]]) -> str:
    """The messages that are taken now: each kind with an example to fill in; nothing when there is none."""
    lines = [f"- `{kind}` `{example}`" for kind, example in examples]
    return "\n".join((WHAT_TO_SEND, "", *lines)) if lines else ""


def _most_telling(promises: list[Promise]) -> list[Promise]:
    """What is still owed and the newest of the rest, in their order."""
    chosen = {promise.id for promise in sorted(promises, key=lambda promise: promise.is_owed)[-PROMISES_SHOWN:]}
    return [promise for promise in promises if promise.id in chosen]


def _time_left(case: Handled, now: datetime, due: datetime) -> str:
    if due < now:
        return "overdue"
    return f"{_hours(case.service_hours.between(now, due))} of service hours left"


def _state(promise: Promise) -> str:
    paused = f", {_hours(promise.paused)} in pauses" if promise.paused else ""
    return f"{promise.state.value}{paused}"


def journal_part(case: Handled, clock: Clock) -> str:
    lines = [_journal_row(line, clock) for line in case.journal[-LINES_SHOWN:]]
    return table(("at", "who", "what", ""), lines) if lines else ""


def _journal_row(line: JournalLine, clock: Clock) -> tuple[str, ...]:
    return (clock(line.at), plain(line.actor), plain(line.text), line.disposition.value)


def clock_of(case: Handled) -> Clock:
    """How instants are shown: in the provider's local time, in UTC while it is not known."""
    zone = ZoneInfo(case.coverage.provider.tz) if case.coverage else UTC
    return lambda instant: instant.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %Z")


def _hours(amount: timedelta) -> str:
    minutes = int(amount.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d}"
