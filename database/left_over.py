"""A closed case holds nothing: what others could have is free with its last write (SPEC §7.3).

The case has given back all that it knows of. What is left, a worker took that died before the workflow task was in
history: the task was done anew, with what had come in meanwhile, and went another way.
"""

from datetime import datetime

import asyncpg

from database.loans import call_off_all
from database.stock import give_back_all
from database.visits import let_all_go
from domain.effects import LoanGranted


async def free_what_is_left(connection: asyncpg.Connection, case: str, at: datetime) -> tuple[LoanGranted, ...]:
    """Free it, in the caller's transaction; answers with whom in line that serves: they are to be told."""
    await let_all_go(connection, case)
    await give_back_all(connection, case)
    return await call_off_all(connection, case, at)
