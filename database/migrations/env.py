"""What Alembic runs: the missing revisions, on the connection and in the transaction of `migrate`."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo

logger = logging.getLogger("database.migrate")


def _say_what_happened(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]
) -> None:
    logger.info("database migrated to %s", step.up_revision_id)


context.configure(connection=context.config.attributes["connection"], on_version_apply=_say_what_happened)
with context.begin_transaction():
    context.run_migrations()
