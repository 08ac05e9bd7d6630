"""What one case costs the engine: billable actions and history events, from the call to the closed case.

`python -m benchmarks.case_cost` plays a standard exchange on a server with virtual clocks and reads the `action`
metric of the server's front end before and after. Queries and what moves the clock are no part of a case's cost and
are left out. Of the sum, the notices by mail and the return of the faulty part, a workflow of its own, are counted
apart, from the histories. `--json` for machines.
"""

import argparse
import asyncio
import json
import re
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle

from benchmarks.standard_exchange import Exchange
from config.leaving import run_and_leave
from config.settings import Settings
from starter.stack import running_stack

MOST_OF_THE_SPINE, MOST_WITH_MAILS, MOST_EVENTS = 45, 60, 220
PATCHES_FOR_MAILS = 1
"""The patch `mail-out` is one action: it shows as a search attribute of the engine's own."""

FLUSH_SECONDS = 1.5
"""The server's metrics follow what happened within a second."""

ACTION = re.compile(r'^action(?:_total)?\{.*action_type="(?P<type>[^"]*)".*\} (?P<count>\S+)$', re.MULTILINE)
NO_ACTION_OF_A_CASE = ("grpc_QueryWorkflow", "grpc_UpdateWorkflowExecutionOptions", "grpc_DescribeWorkflowExecution")
NO_EVENT_OF_A_CASE = ("workflow_execution_time_skipping_transitioned", "workflow_execution_options_updated")
"""How the benchmark looks at the case and moves its clock: a case in its own time has none of it."""


@dataclass(frozen=True)
class CaseCost:
    """What one case took: counts by type."""

    actions: dict[str, int]
    events: dict[str, int]
    notices: int
    of_the_return: int

    @property
    def billable_actions(self) -> int:
        """All of the actions, mails and the return included."""
        return sum(self.actions.values())

    @property
    def of_the_spine(self) -> int:
        """What the case itself takes without the notices by mail."""
        return self.billable_actions - self.notices - self.of_the_return

    @property
    def history_events(self) -> int:
        """All of the events."""
        return sum(self.events.values())


def counted_actions(metrics: str) -> Counter[str]:
    """The actions that a page of the front end's metrics counts, by type, without those that are not of a case."""
    found: Counter[str] = Counter()
    for match in ACTION.finditer(metrics):
        if match["type"] not in NO_ACTION_OF_A_CASE:
            found[match["type"]] += int(float(match["count"]))
    return found


async def _read(metrics_url: str) -> Counter[str]:
    await asyncio.sleep(FLUSH_SECONDS)

    def page() -> str:
        with urllib.request.urlopen(metrics_url) as answer:
            return str(answer.read(), "utf-8")

    return counted_actions(await asyncio.to_thread(page))


async def _history(handle: WorkflowHandle[Any, Any]) -> list[HistoryEvent]:
    return [event async for event in handle.fetch_history_events()]


def _by_type(history: Iterable[HistoryEvent]) -> dict[str, int]:
    types = [EventType.Name(event.event_type) for event in history]
    names = Counter(name.removeprefix("EVENT_TYPE_").lower() for name in types).most_common()
    return {name: count for name, count in names if name not in NO_EVENT_OF_A_CASE}


def _notices(history: Iterable[HistoryEvent]) -> int:
    """What the mails of the case take: an activity for what goes out together, and the mark that cases tell so much."""
    scheduled = [event.activity_task_scheduled_event_attributes.activity_type.name for event in history]
    return sum(scheduled.count(name) for name in ("send_notice", "send_notices")) + PATCHES_FOR_MAILS


def _actions_of(history: Sequence[HistoryEvent]) -> int:
    """The actions of a workflow that nobody talks to, from its history; all markers of one task are one."""
    events = _by_type(history)
    one_each = ("workflow_execution_started", "timer_started", "activity_task_scheduled")
    upserts = events.get("upsert_workflow_search_attributes", 0)
    tasks = {
        event.marker_recorded_event_attributes.workflow_task_completed_event_id
        for event in history
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
    }
    return sum(events.get(name, 0) for name in one_each) + upserts + len(tasks)


async def _returns(client: Client) -> int:
    """The actions of the returns that the case has started, so far."""
    found = [each async for each in client.list_workflows('WorkflowType = "EquipmentReturnWorkflow"')]
    handles = [client.get_workflow_handle(each.id) for each in found]
    return sum([_actions_of(await _history(handle)) for handle in handles])


async def measure() -> CaseCost:
    """The cost of one case on a stack of its own."""
    with tempfile.TemporaryDirectory(prefix="curative-benchmark-") as directory:
        home = Path(directory)
        home.chmod(0o711)  # PostgreSQL's own system user passes through when we are root
        async with running_stack(home, virtual_clock=True, ui=False) as stack:
            metrics_url = stack.addresses.metrics_urls["temporal"]
            before = await _read(metrics_url)
            handle = await Exchange(stack.client, Settings().task_queue).play()
            actions = await _read(metrics_url) - before
            history = await _history(handle)
            of_the_return = await _returns(stack.client)
            return CaseCost(dict(actions.most_common()), _by_type(history), _notices(history), of_the_return)


def table(cost: CaseCost) -> Table:
    """The cost for people: the sums beside their targets, then each kind of action."""
    drawn = Table("of a standard exchange", title="What one case costs the engine")
    drawn.add_column("measured", justify="right")
    drawn.add_column("at most", justify="right")
    drawn.add_row("billable actions of the case itself", str(cost.of_the_spine), str(MOST_OF_THE_SPINE))
    drawn.add_row("  notices by mail", str(cost.notices), "")
    drawn.add_row("  return of the faulty part", str(cost.of_the_return), "")
    drawn.add_row("billable actions in all", str(cost.billable_actions), str(MOST_WITH_MAILS))
    for action, count in cost.actions.items():
        drawn.add_row(f"  {action}", str(count), "")
    drawn.add_row("history events", str(cost.history_events), str(MOST_EVENTS))
    for event, count in cost.events.items():
        drawn.add_row(f"  {event}", str(count), "")
    return drawn


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    options = parser.parse_args()
    cost = asyncio.run(measure())
    if options.json:
        actions = {"billable_actions": cost.billable_actions, "of_the_spine": cost.of_the_spine}
        sums = {**actions, "history_events": cost.history_events}
        print(json.dumps({**sums, **asdict(cost)}, indent=2))
    else:
        Console().print(table(cost))


if __name__ == "__main__":
    run_and_leave(main)
