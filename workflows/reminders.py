"""Reminders to somebody silent: they thin out, and end (SPEC §3, terms)."""

from datetime import datetime

from temporalio import workflow

from workflows.execution import Execution, State

with workflow.unsafe.imports_passed_through():
    from domain.visit_plan import Reminder


def is_due(reminder: Reminder | None) -> bool:
    """Whether the next reminder is to go out now."""
    return reminder is not None and reminder.next_at is not None and reminder.next_at <= workflow.now()


async def remind_later(run: Execution[State], before: Reminder | None, about: str) -> Reminder:
    """When the next reminder goes out, after the one before, or from now on; after the last there is none."""
    gaps = run.coverage.terms.reminders
    sent = before.sent + 1 if before else 0
    if sent >= len(gaps):
        run.note(f"no further reminder of {about} goes out", kind="reminder")
        return Reminder(about=about, sent=sent)
    return Reminder(about=about, sent=sent, next_at=await run.after(gaps[sent], f"When to remind of {about}?"))


def stop_reminding(run: Execution[State], why: str, at: datetime) -> None:
    """What was waited for has come, or is waited for no more."""
    if run.case.reminder is not None:
        run.note(f"{run.case.reminder.about}: {why}", kind="reminder", at=at)
    run.case.reminder = None
