"""The code with which a command ends on each error that it may meet (docs/command-line.md)."""

from collections.abc import Sequence
from typing import Any

import typer
from temporalio.service import RPCError
from typer.core import TyperGroup

from config.payload_converter import KeyMissing
from config.settings import SettingsError
from config.temporal import EngineUnreachable
from database.encryption_keys import KeysDoNotFit
from domain.calendars import CalendarError
from domain.messages import MessageRefused
from starter.answers import (
    CaseNotFound,
    DatabaseUnreachable,
    NotAnswered,
    NotCovered,
    NotRegistered,
    Refused,
    WrongInput,
)
from starter.call_answers import CallNotFound
from starter.console import complain
from starter.maildir import MailNotFound
from starter.returns import ReturnNotFound
from starter.software_desk import SoftwareNotFound
from starter.triage_desk import TriageNotFound

DONE, WRONG_INPUT, REFUSED, NOT_FOUND, UNREACHABLE, INTERRUPTED = 0, 2, 3, 4, 5, 130

EXIT_CODES: dict[type[Exception], int] = {
    WrongInput: WRONG_INPUT,
    SettingsError: WRONG_INPUT,
    KeyMissing: WRONG_INPUT,
    KeysDoNotFit: WRONG_INPUT,
    CalendarError: WRONG_INPUT,
    MessageRefused: WRONG_INPUT,
    Refused: REFUSED,
    NotCovered: REFUSED,
    CaseNotFound: NOT_FOUND,
    NotRegistered: NOT_FOUND,
    ReturnNotFound: NOT_FOUND,
    CallNotFound: NOT_FOUND,
    SoftwareNotFound: NOT_FOUND,
    MailNotFound: NOT_FOUND,
    TriageNotFound: NOT_FOUND,
    EngineUnreachable: UNREACHABLE,
    DatabaseUnreachable: UNREACHABLE,
    NotAnswered: UNREACHABLE,
    RPCError: UNREACHABLE,
}


class OneLineErrors(TyperGroup):
    """A group of commands that answers every error with one line on stderr and the code that belongs to it."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line; ends in SystemExit with the code that says how it went."""
        raise SystemExit(self._run(args=args, prog_name=prog_name, complete_var=complete_var, **extra))

    def _run(self, **options: Any) -> int:
        try:
            code = super().main(standalone_mode=False, **options)
        except (KeyboardInterrupt, typer.Abort):
            return INTERRUPTED
        except BrokenPipeError:
            return DONE
        except typer.TyperException as error:
            complain(f"{_said(error)}. See --help.")
            return WRONG_INPUT
        except tuple(EXIT_CODES) as error:
            complain(str(error))
            return next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
        return code if isinstance(code, int) else DONE


def _said(error: typer.TyperException) -> str:
    return error.format_message().replace("Value error, ", "").rstrip(".")
