"""What letters need: the provider's phone number, and what a visit is known by in calendars."""

from database.migrations.script import run_script

revision = "0006"
down_revision = "0005"

SCHEMA = """
alter table provider
    add column phone text check (phone <> '');
comment on column provider.phone is 'The line, as people dial it; letters name it with the hours of the calendar';

alter table visit_slots
    add column calendar_uid      text,
    add column calendar_sequence integer not null default 0 check (calendar_sequence >= 0);
comment on column visit_slots.calendar_uid is 'What calendars know the visit by: the slot agreed first; null: this one';
"""


def upgrade() -> None:
    run_script(SCHEMA)
