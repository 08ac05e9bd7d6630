"""Words on the clocks: who is told that a promise is at risk, or was not kept (SPEC §4)."""

from collections.abc import Sequence

from temporalio import workflow

from workflows.execution import Execution, State
from workflows.outbox import tells_of_every_moment

with workflow.unsafe.imports_passed_through():
    from domain import promise_notices
    from domain.effects import Recipient
    from domain.promise_notices import AUDIENCES
    from domain.promises import Promise
    from domain.words import Words


def tell_of_the_clock(run: Execution[State], fired: Sequence[Promise]) -> None:
    """Tell of promises whose warning or breach has just fired: of each once at risk, and once breached.

    What fires late, after an outage, is told as it stands now: of a promise that is breached, not that it was at risk.
    """
    if not tells_of_every_moment():
        return
    for promise in dict.fromkeys(each.id for each in fired):
        _tell(run, next(each for each in fired if each.id == promise))


def _tell(run: Execution[State], promise: Promise) -> None:
    audience = AUDIENCES.get(promise.name)
    if audience is None:
        return
    if promise.is_overdue:
        promise.is_told_at_risk = True
        for recipient in audience.breached:
            promise.alerts.append(run.tell(recipient, _breached(run, promise, recipient)).identifier)
    elif promise.is_open and not promise.is_told_at_risk:
        promise.is_told_at_risk = True
        for recipient in audience.at_risk:
            words = promise_notices.promise_at_risk(run.about, promise, run.case)
            promise.alerts.append(run.tell(recipient, words).identifier)


def _breached(run: Execution[State], promise: Promise, recipient: Recipient) -> Words:
    if recipient == "customer":
        return promise_notices.promise_missed(run.about, promise)
    return promise_notices.promise_breached(run.about, promise, run.case)
