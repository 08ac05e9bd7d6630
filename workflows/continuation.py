"""Long lives: an execution with a long history continues as new, with everything that matters (DESIGN §2.11)."""

from collections.abc import Sequence
from typing import NoReturn, TypeVar

from temporalio import workflow

from workflows.execution import Execution, State
from workflows.handed_over import is_continued

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseState
    from domain.handling import Handled

Item = TypeVar("Item")
Carried = TypeVar("Carried", bound=Handled)

CONTINUED = "continued"
PROMISES_CARRIED = 60
"""How many promises that are over travel on, besides the latest of each name; the read model has them all."""

JOURNAL_CARRIED, IDS_CARRIED, ROUNDS_CARRIED = 300_000, 500_000, 200_000
"""How much of the journal, of the ids of messages heard and of the rounds before the present one travels on, the newest
of it, in bytes.

What an execution is started with is limited by the engine to two million.
"""

LETTERS_CARRIED = 200_000
"""With more on its way than that, in bytes, the execution waits until letters have gone: none is left behind."""


def may_continue_as_new(run: Execution[State]) -> bool:
    """The engine suggests it, nothing is under way but letters, no answer is owed, everything is written down."""
    return (
        workflow.info().is_continue_as_new_suggested()
        and run.resting == run.AT_REST
        and run.effects.under_way == 0
        and run.case.is_recorded
        and workflow.all_handlers_finished()
        and newest(run.case.letters, LETTERS_CARRIED) == run.case.letters
    )


def continue_as_new(run: Execution[State]) -> NoReturn:
    """Go on with the same case in a new execution: promises, inbox, holds, letters, ids of the messages heard."""
    lighten(run.case)
    workflow.continue_as_new(args=[{CONTINUED: run.case.model_dump(mode="json")}])


def lighten(case: Handled) -> None:
    """Leave behind what is over and would be too much to travel on; the database has it."""
    over = [promise.id for promise in case.promises if not promise.is_owed][-PROMISES_CARRIED:]
    kept = {*over, *{promise.name: promise.id for promise in case.promises}.values()}
    case.promises = [promise for promise in case.promises if promise.is_owed or promise.id in kept]
    case.journal = newest(case.journal, JOURNAL_CARRIED)
    case.heard = dict(newest(list(case.heard.items()), IDS_CARRIED))
    if isinstance(case, CaseState):
        case.rounds = [*newest(case.rounds[:-1], ROUNDS_CARRIED), case.round]


def newest(items: Sequence[Item], size: int) -> list[Item]:
    """The newest of these, the last ones, that take up no more than so many bytes together."""
    taken: list[Item] = []
    for item in reversed(items):
        size -= len(repr(item).encode())
        if size < 0:
            break
        taken.append(item)
    return taken[::-1]


def continued(payloads: tuple[object, ...], model: type[Carried]) -> Carried | None:
    """The state that the execution before this one left behind; None when this one is the first.

    Raises HandedOverUnreadable.
    """
    opening = payloads[0] if len(payloads) == 1 else None
    if not is_continued(payloads) or not isinstance(opening, dict):
        return None
    case = model.model_validate(opening[CONTINUED])
    case.run_id = workflow.info().run_id
    case.version += 1  # the read model is to name this execution
    return case
