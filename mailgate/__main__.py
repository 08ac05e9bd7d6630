"""`python -m mailgate`: the mail gate, until SIGTERM (docs/mail-in.md)."""

import asyncio
import sys

from config.leaving import run_and_leave
from config.settings import SettingsError
from mailgate.process import main


def run() -> None:
    """Run the process; one line says why it cannot."""
    try:
        asyncio.run(main())
    except SettingsError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The mail gate cannot listen: {error.strerror or error}.")


if __name__ == "__main__":
    run_and_leave(run)
