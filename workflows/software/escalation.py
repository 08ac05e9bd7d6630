"""Nobody has to look whether a promise is in danger: the coordinator is told before, the supervisor too after (R13)."""

from datetime import datetime

from temporalio import workflow

from workflows.software.execution import SoftwareExecution

with workflow.unsafe.imports_passed_through():
    from domain import software_notices as notices
    from domain.promises import Promise, PromiseName
    from domain.software_update import ContractClock

BREACH = "breach"


async def keep_escalating(run: SoftwareExecution) -> None:
    """Tell of each warning and each breach once, and of what stays overdue again and again, ever more seldom."""
    while True:
        await workflow.wait_condition(lambda: bool(_untold(run)) and run.effects.under_way == 0)
        for each, promise, point in _untold(run):
            run.update.escalated.append(_mark(each, promise, point))
            if promise.is_owed:
                _tell(run, each, promise, point)
            if point == BREACH and promise.name is PromiseName.SOFTWARE_DELIVERY and promise.is_overdue:
                await _tell_again_later(run, each)


async def tell_of_what_is_overdue(run: SoftwareExecution) -> None:
    """What is still owed after the breach is told once more when its time has come."""
    for each in run.update.contracts.values():
        if each.escalate_at is not None and each.escalate_at <= workflow.now():
            each.escalate_at = None
            overdue = [p for p in each.promises if p.name is PromiseName.SOFTWARE_DELIVERY and p.is_overdue]
            if overdue:
                _tell_both(run, each, overdue[-1])
                await _tell_again_later(run, each)


def next_escalation(run: SoftwareExecution) -> datetime | None:
    """When something overdue is told of once more."""
    return min((each.escalate_at for each in run.update.contracts.values() if each.escalate_at), default=None)


def _untold(run: SoftwareExecution) -> list[tuple[ContractClock, Promise, str]]:
    """The points that the clocks have passed and nobody was told of."""
    return [
        (each, promise, point)
        for each in run.update.contracts.values()
        for promise in each.promises
        for point in _points_passed(promise)
        if _mark(each, promise, point) not in run.update.escalated
    ]


def _points_passed(promise: Promise) -> list[str]:
    fired = [warning.point for warning in promise.warnings if warning.fired_at is not None]
    return [*fired, *([BREACH] if promise.is_overdue else [])]


def _mark(each: ContractClock, promise: Promise, point: str) -> str:
    return f"{each.contract} {promise.id} {point}"


def _tell(run: SoftwareExecution, each: ContractClock, promise: Promise, point: str) -> None:
    if point != BREACH:
        run.tell("coordinator", notices.at_risk(run.update, each.contract, promise))
    elif promise.name is PromiseName.SOFTWARE_DELIVERY:
        _tell_both(run, each, promise)
    else:
        run.tell("coordinator", notices.breached(run.update, each.contract, promise, 0))


def _tell_both(run: SoftwareExecution, each: ContractClock, promise: Promise) -> None:
    words = notices.breached(run.update, each.contract, promise, each.escalations)
    run.tell("coordinator", words)
    run.tell("supervisor", words)


async def _tell_again_later(run: SoftwareExecution, each: ContractClock) -> None:
    gaps = each.coverage.terms.reminders
    if each.escalations < len(gaps):
        gap = gaps[each.escalations]
        each.escalations += 1
        each.escalate_at = await run.after(gap, f"When to tell again of what {each.contract} is owed?")
        run.note(  # which also has the procedure look at what comes next by itself
            f"{each.contract}: told again at {each.escalate_at:%Y-%m-%d %H:%M%z} if it is owed still", kind="escalation"
        )
