"""A workflow that sends batches of notices side by side, tried as a case tries them, only faster."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.notices import NoticeActivities
    from domain.effects import NoticeBatch, NoticesSent
    from workflows.policies import NOTICE

AT_ONCE = RetryPolicy(initial_interval=timedelta(milliseconds=50), maximum_interval=timedelta(milliseconds=200))


@workflow.defn
class SendingWorkflow:
    """Sends everything that it is given."""

    @workflow.run
    async def run(self, batches: list[NoticeBatch]) -> list[NoticesSent]:
        """All batches; what became of each."""
        sending = (
            workflow.execute_activity_method(
                NoticeActivities.send_notices,
                batch,
                start_to_close_timeout=NOTICE["start_to_close_timeout"],
                heartbeat_timeout=NOTICE["heartbeat_timeout"],
                retry_policy=AT_ONCE,
            )
            for batch in batches
        )
        return list(await asyncio.gather(*sending))
