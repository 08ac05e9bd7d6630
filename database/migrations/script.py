"""How a revision runs its SQL."""

from alembic import op


def run_script(sql: str) -> None:
    """Run several SQL statements, as written, in the migration's transaction.

    They go straight to the driver: SQLAlchemy would prepare them, and what is prepared is one statement.
    """
    driver = op.get_bind().connection.dbapi_connection
    if driver is None:
        raise RuntimeError("The migration has lost its database connection; run it again.")
    driver.run_async(lambda connection: connection.execute(sql))
