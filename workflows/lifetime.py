"""The life of an execution: its procedure to the end, with what runs beside it, or on to the next execution."""

import asyncio
from collections.abc import Callable, Sequence

from temporalio import workflow


async def live(
    procedure: asyncio.Task[None],
    beside: Callable[[], Sequence[asyncio.Task[None]]],
    *,
    cancelled: Callable[[], None],
    may_continue: Callable[[], bool] = lambda: False,
    continue_as_new: Callable[[], None] = lambda: None,
) -> None:
    """Wait until the procedure is through, to its last record, whatever Temporal itself asks meanwhile.

    Its own request to cancel ends nothing, and is only noted by `cancelled`: what is under way ends by a message, so
    that nothing is left undone. What runs beside never ends by itself: when it has, it failed, and fails the workflow
    task, which is tried until a deploy mends it.
    """
    while not procedure.done():
        try:
            await workflow.wait_condition(lambda: any(task.done() for task in (procedure, *beside())) or may_continue())
        except asyncio.CancelledError:
            cancelled()
        for task in beside():
            if task.done():
                task.result()
        if not procedure.done() and may_continue():
            continue_as_new()
    procedure.result()
    for task in beside():
        task.cancel()
