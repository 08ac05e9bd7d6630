"""Replay histories with the code as it is: `python -m tests.replay.replaying FILE…` fails on the first that differs."""

import asyncio
import json
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from config.leaving import run_and_leave
from config.temporal import CurativePlugin
from workflows.curative_maintenance import CurativeMaintenanceWorkflow
from workflows.equipment_return import EquipmentReturnWorkflow
from workflows.late_letters import LateLettersWorkflow
from workflows.phone_assistance import PhoneAssistanceWorkflow
from workflows.software_update import SoftwareUpdateWorkflow


async def replay(history: WorkflowHistory) -> None:
    """Replay one history; raises what differs."""
    replayer = Replayer(
        workflows=[
            CurativeMaintenanceWorkflow,
            EquipmentReturnWorkflow,
            LateLettersWorkflow,
            PhoneAssistanceWorkflow,
            SoftwareUpdateWorkflow,
        ],
        plugins=[CurativePlugin()],
    )
    await replayer.replay_workflow(history)


def read_history(file: Path) -> WorkflowHistory:
    """The history that is kept in that file, under the workflow id that it began with."""
    text = file.read_text()
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], text)


async def main(files: list[str]) -> None:
    """Replay every file."""
    for file in files:
        await replay(read_history(Path(file)))


if __name__ == "__main__":
    run_and_leave(lambda: asyncio.run(main(sys.argv[1:])))
