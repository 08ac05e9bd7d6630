"""Make a database and a Temporal namespace ready for the workers: `python -m starter.prepare [--secrets] [--sample]`.

To be run once for each deployment, before the new workers start; running it again changes nothing.
"""

import argparse
import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from config.key_ring import key_ring
from config.leaving import run_and_leave
from config.namespace import ensure_namespace, register_search_attributes
from config.secrets import SecretBox
from config.settings import Settings
from config.telemetry import log_as_json
from config.temporal import connect
from database.encryption_keys import KeyRegister
from database.migrate import migrate
from database.pool import open_pool
from database.registry_import import load_sample_if_empty
from starter.own_secrets import ensure_own_secrets

log = logging.getLogger(__name__)


async def prepare_database(url: str, *, sample: bool, settings: Settings | None = None) -> None:
    """Migrate the database; with `sample`, give an empty registry the sample one. Raises as `migrate` does.

    With `settings`, their key ring must have every key that was used here: raises KeysDoNotFit otherwise. The sample's
    activation keys are sealed with it.
    """
    await migrate(url)
    pool = await open_pool(url, max_size=1)
    try:
        if settings is not None:
            await KeyRegister(pool).check(key_ring(settings), datetime.now(UTC))
        if sample:
            await load_sample_if_empty(pool, SecretBox.of(settings) if settings is not None else None)
    finally:
        await pool.close()


async def prepare(settings: Settings, *, sample: bool) -> None:
    """Prepare the database and the namespace that the settings lead to. Raises what either raises."""
    await prepare_database(settings.database(), sample=sample, settings=settings)
    client = await connect(settings)
    await ensure_namespace(client)
    added = await register_search_attributes(client)
    log.info("ready for the workers", extra={"namespace": client.namespace, "new_search_attributes": added})


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m starter.prepare", description=__doc__)
    parser.add_argument("--sample", action="store_true", help="give an empty registry the sample one")
    parser.add_argument(
        "--secrets",
        action="store_true",
        help="make a key ring and a reader's token in the data directory, unless named",
    )
    options = parser.parse_args(arguments)
    settings = Settings()
    log_as_json(settings.log_level)
    if options.secrets:
        ensure_own_secrets(settings)
    asyncio.run(prepare(settings, sample=options.sample))


if __name__ == "__main__":
    run_and_leave(main)
