"""How long the desk takes to open a case: the report, its entitlement and its first promise, answered.

`python -m benchmarks.opening` opens cases one after another through `starter.desk` on the one-machine stack, whose
Temporal keeps its state in a database file, beside the bare start of a workflow that does nothing. `--json` for
machines.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from rich.console import Console
from rich.table import Table
from temporalio.client import Client

from benchmarks.standard_exchange import SERIAL_NUMBER, report
from config.leaving import run_and_leave
from config.settings import Settings
from database.cases import CaseStore
from starter.answers import ReportStatus
from starter.connections import open_database
from starter.desk import Desk
from starter.stack import running_stack

MOST_MS = 250
WARM_UP = 3


@dataclass(frozen=True)
class Latency:
    """Milliseconds: half of the openings took at most `p50`, all but one in a hundred at most `p99`."""

    what: str
    p50: float
    p99: float
    slowest: float


def latency(what: str, seconds: list[float]) -> Latency:
    """The percentiles of some durations, at least two."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return Latency(what, *(round(value * 1000, 1) for value in (cuts[49], cuts[98], max(seconds))))


async def timed(once: Callable[[], Awaitable[object]]) -> float:
    """The seconds that it takes once."""
    started = perf_counter()
    await once()
    return perf_counter() - started


async def measure(count: int) -> list[Latency]:
    """The desk and the bare start, by turns."""
    async with _desk() as (desk, client):
        ours, bare = [], []
        for number in range(WARM_UP + count):
            ours.append(await _open_and_end(desk, client))
            bare.append(await _start_bare(client, f"bare-{number}"))
    return [
        latency("a case, opened by the desk", ours[WARM_UP:]),
        latency("the bare start of a workflow", bare[WARM_UP:]),
    ]


async def _open_and_end(desk: Desk, client: Client) -> float:
    """Open a case, and end it unmeasured, so that the next report opens one too."""

    async def opened() -> None:
        answer = await desk.report_incident({**report(), "message_id": None})
        assert answer.status is ReportStatus.ACCEPTED, answer

    seconds = await timed(opened)
    await client.get_workflow_handle(f"curative-{SERIAL_NUMBER}").terminate("measured")
    return seconds


async def _start_bare(client: Client, workflow_id: str) -> float:
    """Start a workflow that no worker will take: what the server and its file alone need."""
    seconds = await timed(lambda: client.start_workflow("Nothing", id=workflow_id, task_queue="nobody"))
    await client.get_workflow_handle(workflow_id).terminate("measured")
    return seconds


@asynccontextmanager
async def _desk() -> AsyncIterator[tuple[Desk, Client]]:
    with tempfile.TemporaryDirectory(prefix="curative-benchmark-") as directory:
        home = Path(directory)
        home.chmod(0o711)  # PostgreSQL's own system user passes through when we are root
        async with running_stack(home, ui=False) as stack:
            settings = Settings(data_dir=home, database_url=stack.addresses.database_url)
            async with open_database(settings) as pool:
                yield Desk(stack.client, CaseStore(pool), task_queue=settings.task_queue), stack.client


def table(measured: list[Latency]) -> Table:
    """The measures for people."""
    drawn = Table("milliseconds", title="Opening a case, Temporal with its database file")
    for column in ("p50", "p99", "slowest", "p99 at most"):
        drawn.add_column(column, justify="right")
    for row, target in zip(measured, (str(MOST_MS), ""), strict=True):
        drawn.add_row(row.what, f"{row.p50:.1f}", f"{row.p99:.1f}", f"{row.slowest:.1f}", target)
    return drawn


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    parser.add_argument("--count", type=int, default=120, help="cases to open")
    options = parser.parse_args()
    measured = asyncio.run(measure(options.count))
    if options.json:
        print(json.dumps([asdict(row) for row in measured], indent=2))
    else:
        Console().print(table(measured))


if __name__ == "__main__":
    run_and_leave(main)
