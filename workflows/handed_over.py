"""What an execution hands to the next is ours, and is never refused: it is read, or waited for (DESIGN §2.11)."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.payloads import Undecodable


class HandedOverUnreadable(RuntimeError):
    """This worker has not got the key of what the execution before handed over: the task is tried until one has."""


def is_continued(payloads: tuple[object, ...]) -> bool:
    """Whether this execution goes on where another one stopped, with what that one handed over.

    Raises HandedOverUnreadable, which fails the workflow task and not the workflow: an opening that cannot be read is
    somebody's mistake and is refused, but this is an open case, and a missing key must not end it.
    """
    if workflow.info().continued_run_id is None:
        return False
    if any(isinstance(payload, Undecodable) for payload in payloads):
        raise HandedOverUnreadable("What the execution before handed over cannot be decrypted: see CURATIVE_KEYS.")
    return True
