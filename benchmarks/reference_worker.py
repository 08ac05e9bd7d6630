"""The worker of the reference workflow, built as those of the product; TEMPORAL_ADDRESS says where its server is."""

import asyncio

from benchmarks.reference_workflow import TASK_QUEUE, ReferenceWorkflow, nothing
from config.leaving import run_and_leave
from config.settings import Settings
from config.temporal import connect, new_worker


async def main() -> None:
    """Work until the process is ended."""
    settings = Settings()
    client = await connect(settings)
    worker = new_worker(client, settings, workflows=[ReferenceWorkflow], activities=[nothing], task_queue=TASK_QUEUE)
    await worker.run()


if __name__ == "__main__":
    run_and_leave(lambda: asyncio.run(main()))
