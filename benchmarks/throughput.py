"""Cases per second, beside a workflow that issues the same commands with empty activities and no database.

`python -m benchmarks.throughput` plays standard exchanges, closed by the customer's word, in the case's own time, and
the reference of `benchmarks.reference_workflow` with the commands of one of them: one worker process each, the same
server, the same run, by turns. `--json` for machines.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from pydantic import JsonValue
from rich.console import Console
from rich.table import Table
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from benchmarks.reference_workflow import TASK_QUEUE, WORKFLOW, Turn, turns_of
from benchmarks.standard_exchange import INTERVENTION, messages, report
from config.leaving import run_and_leave
from config.settings import Settings
from domain.case import Party, Stage
from domain.messages import Report
from domain.slots import SlotState
from domain.view import CaseView
from starter.case_opening import CaseOpening
from starter.engine import SUBMIT
from starter.reports import parsed_report, report_content
from starter.service_process import Command, running_service
from starter.stack import Stack, running_stack

LEAST_SHARE = 0.6
POLL_SECONDS = 0.01
EQUIPMENT = (
    *("FTT2608B2KR", "FTT27177WBH", "FTT2542UZUK", "FTT26494WXN"),
    *("FDO2517B7CS", "FTT2650XMHU", "8L22148536C5DV", "821517241316CV"),
)
"""Equipment of the sample registry in rooms of its own: as many cases are under way at once."""

MESSAGES: tuple[tuple[str, dict[str, JsonValue]], ...] = (
    *messages(),
    ("intervention_report", INTERVENTION),
    ("customer_confirmation", {"restored": True}),
)
STAGES = (
    *(Stage.REMOTE_DIAGNOSIS, Stage.REMOTE_DIAGNOSIS, Stage.VENDOR_VALIDATION, Stage.SHIPMENT, Stage.SHIPMENT),
    *(Stage.SITE_SCHEDULING, Stage.ON_SITE, Stage.RESTORED),
)
"""At which stage each of the messages is said."""


@dataclass(frozen=True)
class Throughput:
    """The medians of all rounds; `share` is that of the rounds' own shares."""

    cases_per_second: float
    reference_per_second: float
    share: float
    events: int
    reference_events: int


async def play_case(client: Client, serial_number: str, task_queue: str) -> WorkflowHandle[Any, Any]:
    """One case from its report to its end, each message as soon as its stage is there."""
    content = report_content({**report(serial_number), "message_id": None}, None)
    parsed: Report = parsed_report(content)
    opening = CaseOpening(client, task_queue, parsed, content)
    await opening.submit()
    handle = client.get_workflow_handle(opening.workflow_id)
    for stage, (kind, payload) in zip(STAGES, MESSAGES, strict=True):
        view = await _at(handle, stage)
        await handle.execute_update(SUBMIT, {**payload, "kind": kind, **_filled_in(kind, view)})
    await handle.result()
    return handle


def _filled_in(kind: str, view: CaseView) -> dict[str, JsonValue]:
    """What only the case of this minute can tell."""
    if kind == "vendor_validation":
        return {"decided_at": datetime.now(UTC).isoformat()}
    if kind == "site_scheduling":
        return {"slot_id": next(slot.slot_id for slot in view.slots if slot.state is SlotState.OFFERED)}
    return {}


async def _at(handle: WorkflowHandle[Any, Any], stage: Stage) -> CaseView:
    """The view once the case is at that stage and waits for somebody else's word there, where it does."""
    while True:
        view: CaseView = await handle.query("case", result_type=CaseView)
        asks_us = view.waiting_for is Party.SUPPORT and stage is not Stage.REMOTE_DIAGNOSIS
        if view.stage is stage and not asks_us:
            return view
        await asyncio.sleep(POLL_SECONDS)


async def play_reference(client: Client, turns: list[Turn], workflow_id: str) -> WorkflowHandle[Any, Any]:
    """The same messages to the reference workflow; the view is asked for as often, and answers at once."""
    opening: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        WORKFLOW, turns, id=workflow_id, task_queue=TASK_QUEUE, id_conflict_policy=WorkflowIDConflictPolicy.FAIL
    )
    await client.execute_update_with_start_workflow(SUBMIT, report(), start_workflow_operation=opening)
    handle = client.get_workflow_handle(workflow_id)
    for kind, payload in MESSAGES:
        await handle.query("case")
        await handle.execute_update(SUBMIT, {**payload, "kind": kind})
    await handle.result()
    return handle


async def per_second(play_one: Callable[[str, int], Awaitable[object]], each: int) -> float:
    """Cases per second, when as many as there is equipment are under way at once, `each` after another."""

    async def in_turn(serial_number: str) -> None:
        for number in range(each):
            await play_one(serial_number, number)

    started = perf_counter()
    await asyncio.gather(*(in_turn(serial_number) for serial_number in EQUIPMENT))
    return each * len(EQUIPMENT) / (perf_counter() - started)


async def measure(rounds: int, each: int) -> Throughput:
    """Ours and the reference, by turns, on a stack of their own."""
    with tempfile.TemporaryDirectory(prefix="curative-benchmark-") as directory:
        home = Path(directory)
        home.chmod(0o711)  # PostgreSQL's own system user passes through when we are root
        async with running_stack(home, ui=False) as stack, _reference_worker(stack):
            return await _compare(stack.client, rounds, each)


async def _compare(client: Client, rounds: int, each: int) -> Throughput:
    task_queue = Settings().task_queue
    case = await play_case(client, EQUIPMENT[0], task_queue)
    history = [event async for event in case.fetch_history_events()]
    turns = turns_of(history)
    reference = await play_reference(client, turns, "reference-first")
    reference_events = [event async for event in reference.fetch_history_events()]
    ours, theirs = [], []
    for number in range(rounds):
        ours.append(await per_second(lambda serial, _: play_case(client, serial, task_queue), each))
        theirs.append(await per_second(partial(_nth_reference, client, turns, f"reference-{number}"), each))
    return Throughput(
        cases_per_second=round(median(ours), 2),
        reference_per_second=round(median(theirs), 2),
        share=round(median(one / other for one, other in zip(ours, theirs, strict=True)), 2),
        events=len(history),
        reference_events=len(reference_events),
    )


async def _nth_reference(client: Client, turns: list[Turn], prefix: str, serial_number: str, number: int) -> None:
    await play_reference(client, turns, f"{prefix}-{serial_number}-{number}")


@asynccontextmanager
async def _reference_worker(stack: Stack) -> AsyncIterator[None]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = Command(
        name="reference",
        arguments=[sys.executable, "-m", "benchmarks.reference_worker"],
        log_file=stack.data_dir / "reference.log",
        lock_file=stack.data_dir / "reference.lock",
        directory=Path(__file__).resolve().parent.parent,
        environment={
            **environment,
            "TEMPORAL_ADDRESS": stack.addresses.temporal_address,
            "CURATIVE_DATA_DIR": str(stack.data_dir),  # its keys are the stack's
        },
    )
    async with running_service(command):
        yield


def table(measured: Throughput) -> Table:
    """The measures for people."""
    drawn = Table("", title=f"Cases per second, {len(EQUIPMENT)} at once (median of the rounds)")
    drawn.add_column("cases/s", justify="right")
    drawn.add_column("events each", justify="right")
    drawn.add_row("ours", f"{measured.cases_per_second:.2f}", str(measured.events))
    reference = f"{measured.reference_per_second:.2f}"
    drawn.add_row("same commands, empty activities", reference, str(measured.reference_events))
    drawn.add_row(f"share (at least {LEAST_SHARE})", f"{measured.share:.2f}", "")
    return drawn


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median is taken")
    parser.add_argument("--each", type=int, default=1, help="cases after one another on each piece of equipment")
    options = parser.parse_args()
    measured = asyncio.run(measure(options.rounds, options.each))
    if options.json:
        print(json.dumps(asdict(measured), indent=2))
    else:
        Console().print(table(measured))


if __name__ == "__main__":
    run_and_leave(main)
