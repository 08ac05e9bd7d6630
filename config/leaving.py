"""How a process that talked to Temporal ends."""

import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with `code`, its output written and the interpreter not torn down.

    The SDK's threads may still be letting go of the interpreter while it is torn down, which aborts about one
    process in thirty that had done its work (temporalio/sdk-python issue 300) and spoils its exit code.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError, ValueError):  # nobody reads any more; closed already
            stream.flush()
    os._exit(code)


def run_and_leave(main: Callable[[], object]) -> NoReturn:
    """Run `main` and leave with 0, or with the code of the SystemExit that it raised."""
    try:
        main()
    except SystemExit as exit_:
        if isinstance(exit_.code, str):
            sys.stderr.write(f"{exit_.code}\n")
            leave(1)
        leave(exit_.code or 0)
    leave(0)
