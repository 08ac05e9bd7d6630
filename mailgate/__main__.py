"""`python -m mailgate`: the mail gate, until SIGTERM (docs/mail-in.md)."""

import asyncio
import sys

from config.leaving import run_and_leave
from config.settings import SettingsError
from mailgate.process import main

WRONG_INPUT = 2


def run() -> None:
    """Run the process; one line says why it cannot."""
    try:
        asyncio.run(main())
    except SettingsError as error:
        _complain(str(error))
    except OSError as error:
        _complain(f"The mail gate cannot listen: {error.strerror or error}.")


def _complain(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(WRONG_INPUT)


if __name__ == "__main__":
    run_and_leave(run)
