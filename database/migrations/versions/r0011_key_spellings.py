"""Keys that people write back are known however they are spelled (SPEC §7.5)."""

from database.migrations.script import run_script

revision = "0011"
down_revision = "0010"

SCHEMA = """
alter table activation_keys add column spelling bytea check (octet_length(spelling) = 32);
create index on activation_keys (spelling);
comment on column activation_keys.spelling is
    'Keyed, of its letters and digits alone: finds a key that is written back. A worker fills it in where it is not';
"""


def upgrade() -> None:
    """Add the column."""
    run_script(SCHEMA)
