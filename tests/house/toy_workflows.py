"""Workflows that show what the house gives to every workflow; the product has none of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RawValue

from domain.payloads import Undecodable


@activity.defn
async def wall_clock() -> datetime:
    """The instant that an activity sees."""
    return datetime.now(UTC)


@workflow.defn
class Ledger:
    """Takes down all that it is given, and how it could be read."""

    @workflow.init
    def __init__(self, payload: Any = None, *extra: Any) -> None:
        self.lines: list[str] = [_line("init", payload, *extra)]
        self.closed = False

    @workflow.run
    async def run(self, payload: Any = None, *extra: Any) -> list[str]:
        """Ends at the signal `close` with all lines."""
        self.lines.append(_line("run", payload, *extra))
        await workflow.wait_condition(lambda: self.closed)
        return self.lines

    @workflow.signal
    def shipment(self, payload: Any = None, *extra: Any) -> None:
        """A named signal."""
        self.lines.append(_line("shipment", payload, *extra))

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, args: Sequence[RawValue]) -> None:
        """Signals of any other name."""
        values = [workflow.payload_converter().from_payload(arg.payload) for arg in args]
        self.lines.append(_line(name, *values))

    @workflow.signal
    def close(self) -> None:
        """Ends the workflow."""
        self.closed = True

    @workflow.update
    def submit(self, payload: Any = None, *extra: Any) -> str:
        """An update answers the line that it wrote."""
        self.lines.append(_line("submit", payload, *extra))
        return self.lines[-1]

    @workflow.query
    def case(self) -> list[str]:
        """All lines."""
        return self.lines


def _line(name: str, *values: Any) -> str:
    read = [f"unreadable {v.encoding} {v.size}" if isinstance(v, Undecodable) else repr(v) for v in values]
    return " | ".join([name, *read])


@workflow.defn
class Clock:
    """Looks at the clock at the start, at each of three timers, and through an activity."""

    def __init__(self) -> None:
        self.seen: dict[str, datetime] = {}
        self.rung = False

    @workflow.run
    async def run(self, hours: float) -> dict[str, datetime]:
        """Three timers of `hours`, unless the signal `ring` ends them; answers what was seen when."""
        self.seen["start"] = workflow.now()
        self.seen["activity"] = await workflow.execute_activity(
            wall_clock, start_to_close_timeout=timedelta(seconds=30)
        )
        for number in ("first", "second", "third"):
            try:
                await workflow.wait_condition(lambda: self.rung, timeout=timedelta(hours=hours))
                break
            except TimeoutError:
                self.seen[number] = workflow.now()
        return self.seen

    @workflow.signal
    def ring(self) -> None:
        """Ends the waiting."""
        self.rung = True

    @workflow.query
    def case(self) -> dict[str, datetime]:
        """What was seen so far."""
        return self.seen
