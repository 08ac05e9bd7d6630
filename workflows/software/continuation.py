"""Long lives: a request with a long history continues as new, with everything that matters (DESIGN §2.11)."""

from typing import NoReturn

from temporalio import workflow

from workflows.continuation import IDS_CARRIED, JOURNAL_CARRIED, LETTERS_CARRIED, newest
from workflows.software.beginning import CONTINUED
from workflows.software.execution import SoftwareExecution


def may_continue_as_new(run: SoftwareExecution) -> bool:
    """The engine suggests it, nothing is under way but letters, no answer is owed, everything is written down."""
    update = run.update
    return (
        workflow.info().is_continue_as_new_suggested()
        and run.is_resting
        and run.effects.under_way == 0
        and not run.deliveries_under_way
        and not update.issued
        and update.is_recorded
        and workflow.all_handlers_finished()
        and newest(update.letters, LETTERS_CARRIED) == update.letters
    )


def continue_as_new(run: SoftwareExecution) -> NoReturn:
    """Go on with the same request in a new execution: items, promises, letters, ids of the messages heard."""
    update = run.update
    update.journal = newest(update.journal, JOURNAL_CARRIED)
    update.heard = dict(newest(list(update.heard.items()), IDS_CARRIED))
    workflow.continue_as_new(args=[{CONTINUED: update.model_dump(mode="json")}])
