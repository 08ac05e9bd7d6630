"""The provider's phone number: letters name it."""

from database.migrations.script import run_script

revision = "0008"
down_revision = "0005"

SCHEMA = """
alter table provider
    add column phone text check (phone <> '');
comment on column provider.phone is 'The line, as people dial it; letters name it with the hours of the calendar';
"""


def upgrade() -> None:
    run_script(SCHEMA)
