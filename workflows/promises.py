"""The clock that runs beside a case: it fires warnings and finds breaches, each once and in order (SPEC §4)."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from temporalio import workflow

from workflows.effects import Effects
from workflows.outbox import Outbox

with workflow.unsafe.imports_passed_through():
    from domain.clocked import Clocked
    from domain.deadlines import DeadlineQuestion, Deadlines
    from domain.journal import Disposition
    from domain.promises import Budget, Promise, PromiseKind, PromiseName, PromiseState

_KINDS = {
    PromiseName.VENDOR_VALIDATION: PromiseKind.UNDERPINNING,
    PromiseName.REPLACEMENT_DELIVERY: PromiseKind.CONTRACTUAL,
    PromiseName.LOAN_AVAILABLE: PromiseKind.CONTRACTUAL,
    PromiseName.SOFTWARE_DELIVERY: PromiseKind.CONTRACTUAL,
}
"""Every other promise is internal."""


class PromiseClock:
    """Starts, pauses and ends the promises of a case, and watches them with one timer."""

    def __init__(self, case: Clocked, effects: Effects, outbox: Outbox | None = None) -> None:
        self._case = case
        self._effects = effects
        self._outbox = outbox

    async def start(self, name: PromiseName, budget: Budget, at: datetime) -> Promise:
        """Let a promise of this round run from `at` on; returns it with its due instant."""
        assert self._case.coverage is not None
        begun = self._case.promises_begun
        begun[name] = begun.get(name, 0) + 1
        promise = Promise(
            id=f"{name}.{begun[name]}",
            name=name,
            kind=_KINDS.get(name, PromiseKind.INTERNAL),
            round=self._case.promise_round,
            budget=budget,
            warning_points=self._case.coverage.terms.warning_points(name),
            started_at=at,
        )
        self._case.promises.append(promise)
        await self.project(promise)
        return promise

    async def begin_earlier(self, name: PromiseName, at: datetime) -> None:
        """What began the promise turns out to have happened at `at` already."""
        promise = self._case.owed(name)
        if promise is not None and at < promise.started_at:
            promise.started_at = at
            await self.project(promise)
            self._write(promise, f"runs from {at:%Y-%m-%d %H:%M:%S%z} on, due {promise.due_at:%Y-%m-%d %H:%M:%S%z}", at)

    async def project(self, promise: Promise) -> None:
        """Ask for the instants of a promise as its ledger stands; once more when it has changed meanwhile."""
        asked = None
        while asked != (self._case.coverage, promise.ledger):
            asked = (self._case.coverage, promise.ledger)
            answer = await self._ask(promise)
        answer.projections[0].apply(promise)
        self._case.service_hours = answer.service_hours or self._case.service_hours
        self._case.version += 1

    async def _ask(self, promise: Promise) -> Deadlines:
        assert self._case.coverage is not None
        now = workflow.now()
        question = DeadlineQuestion(
            now=now,
            coverage=self._case.coverage,
            promises=(promise,),
            hours_from=now if self._case.service_hours.runs_out(now) else None,
            waits=tuple(self._case.waits_to_measure),
        )
        answer = await self._effects.ask_deadlines(question, f"When is {promise.name} due?")
        self._case.add_up(question.waits, answer.waited)
        return answer

    async def project_anew(self, promise: Promise, reason: str) -> None:
        """An explicit re-projection: the calendar, or the days in transit, are others now (R14)."""
        before = promise.due_at
        await self.project(promise)
        if promise.is_overdue and promise.due_at is not None and promise.due_at > workflow.now():
            promise.state = PromiseState.RUNNING  # whether it is breached is judged by the new instant
        was = f", not {before:%Y-%m-%d %H:%M:%S%z}" if before else ""
        self._write(promise, f"due {promise.due_at:%Y-%m-%d %H:%M:%S%z}{was}: {reason}", workflow.now())

    def fulfil(self, name: PromiseName, at: datetime) -> None:
        """What was promised happened at `at`: met, or breached."""
        promise = self._case.latest(name)
        was_breached = promise is not None and promise.state is PromiseState.BREACHED
        if promise is not None and promise.fulfil(at):
            self._write(promise, _verdict(promise, was_breached), at)
            if promise.state is PromiseState.MET and self._outbox is not None:
                self._outbox.take_back_named(promise.alerts)

    def cancel(self, name: PromiseName, at: datetime) -> None:
        """Nothing more is owed under that name."""
        promise = self._case.owed(name)
        if promise is not None:
            was_overdue = promise.is_overdue
            promise.cancel(at)
            self._write(promise, "owed no more: it stays breached" if was_overdue else promise.state.value, at)

    def cancel_all(self, at: datetime) -> None:
        """The case ends: whatever is still owed is cancelled."""
        for name in PromiseName:
            self.cancel(name, at)

    def pause(self, name: PromiseName, at: datetime, actor: str, reason: str) -> None:
        """Stop that clock: whom we wait for, and why."""
        promise = self._case.owed(name)
        if promise is not None and promise.pause(at, actor, reason):
            self._write(promise, f"paused: {reason} ({actor})", at)

    async def resume(self, name: PromiseName, at: datetime) -> None:
        """Let that clock run on, with what the pause held added to the due instant."""
        promise = self._case.owed(name)
        if promise is not None and promise.state is PromiseState.PAUSED:
            promise.end_pause(at)
            await self.project(promise)  # the clock stays stopped until it knows the new instants
            if not promise.runs_on():
                return  # meanwhile it was kept, called off, or stopped for something else
            self._write(promise, f"runs on, due {promise.due_at:%Y-%m-%d %H:%M:%S%z}", at)

    async def run(self, tell: Callable[[Sequence[Promise]], None] = lambda _: None) -> None:
        """Fire what is due, for as long as the case lives. A timer is only set anew when it has to ring earlier.

        And only once the case has come to rest: a promise that the next step pauses or keeps needs no timer. `tell` is
        called with the promises of which something has just fired.
        """
        while True:
            if fired := self._fire():
                tell(fired)
            instant = self._next_instant()
            if instant is None:
                await workflow.wait_condition(lambda: self._next_instant() is not None and self._effects.under_way == 0)
                continue
            await self._ring_at(instant)

    async def _ring_at(self, instant: datetime) -> None:
        """Wait until that instant, or until something is due earlier. What is due later leaves the timer as it is."""

        def something_is_due_earlier() -> bool:
            upcoming = self._next_instant()
            return upcoming is not None and upcoming < instant and self._effects.under_way == 0

        with suppress(TimeoutError):
            await workflow.wait_condition(
                something_is_due_earlier,
                timeout=max(instant - workflow.now(), timedelta(milliseconds=1)),
                timeout_summary=self._summary(instant),
            )

    def _next_instant(self) -> datetime | None:
        instants = [promise.next_instant() for promise in self._case.promises]
        return min((instant for instant in instants if instant is not None), default=None)

    def _summary(self, instant: datetime) -> str:
        names = sorted({promise.name.value for promise in self._case.promises if promise.next_instant() == instant})
        return f"Promise clock: {', '.join(names)}"

    def _fire(self) -> list[Promise]:
        """Fire every warning and breach that has come due, in the order of their instants; the promises of each."""
        now, fired = workflow.now(), list[Promise]()
        while (instant := self._next_instant()) is not None and instant <= now:
            promise = next(p for p in self._case.promises if p.next_instant() == instant)
            warning = next((w for w in promise.warnings if w.fired_at is None and w.due_at == instant), None)
            if warning is not None:
                warning.fired_at = now
                self._write(promise, f"warning at {warning.point}, due {promise.due_at:%Y-%m-%d %H:%M:%S%z}", instant)
            else:
                promise.breach()
                self._write(promise, "breached", instant)
            fired.append(promise)
        return fired

    def _write(self, promise: Promise, text: str, at: datetime) -> None:
        self._case.write(
            workflow.now(),
            "system:clock",
            f"promise.{promise.name}",
            Disposition.NOTED,
            f"{promise.name}: {text}",
            at=at,
        )


def _verdict(promise: Promise, was_breached: bool) -> str:
    if was_breached:
        kept = promise.state is PromiseState.MET
        return (
            "met after all: it happened in time and was entered late" if kept else "done, but late: it stays breached"
        )
    return promise.state.value
