"""Workflows that show what the house gives to every workflow; the product has none of them."""

import asyncio
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


class Gate:
    """Lets local activities through one by one, when the test says so."""

    def __init__(self) -> None:
        self._arrivals = asyncio.Semaphore(0)
        self._passes = asyncio.Semaphore(0)

    @activity.defn
    async def weigh(self) -> None:
        """Waits at the gate."""
        self._arrivals.release()
        await self._passes.acquire()

    async def somebody_waits(self) -> None:
        """Returns once the next one has arrived."""
        await self._arrivals.acquire()

    def open(self) -> None:
        """Lets one through."""
        self._passes.release()


@workflow.defn
class Scales:
    """Weighs locally what signals bring and sets a timer after each; a bell is answered beside it, at once."""

    def __init__(self) -> None:
        self.brought = 0
        self.weighed = 0
        self.closed = False
        self.timers: list[asyncio.Task[None]] = []

    @workflow.run
    async def run(self) -> int:
        """Ends at the signal `close`."""
        while True:
            await workflow.wait_condition(lambda: self.closed or self.brought > self.weighed)
            if self.closed:
                return self.weighed
            await workflow.execute_local_activity_method(Gate.weigh, start_to_close_timeout=timedelta(seconds=30))
            self.weighed += 1
            self.timers.append(asyncio.create_task(asyncio.sleep(3600)))

    @workflow.signal
    def bring(self) -> None:
        """Something to be weighed."""
        self.brought += 1

    @workflow.signal
    def bell(self) -> None:
        """Leads to a command at once."""
        workflow.upsert_memo({"rung": self.weighed})

    @workflow.signal
    def close(self) -> None:
        """Ends the workflow."""
        self.closed = True

    @workflow.query
    def so_far(self) -> int:
        """How much was weighed."""
        return self.weighed
