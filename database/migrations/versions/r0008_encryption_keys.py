"""Which keys have encrypted something, so that a worker that lacks one says so before it does any harm."""

from database.migrations.script import run_script

revision = "0008"
down_revision = "0007"

SCHEMA = """
create table encryption_keys (
    key_id        text primary key check (key_id <> ''),
    check_value   bytea not null,
    first_used_at timestamptz not null
);
comment on table encryption_keys is 'Keys that have encrypted something: their ids, and a mark of each, never the keys';
comment on column encryption_keys.check_value is 'Made with the key: tells it from another one under the same id';
"""


def upgrade() -> None:
    """Create the table."""
    run_script(SCHEMA)
