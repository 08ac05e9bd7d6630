"""The read model of calls for phone assistance (R2, R3)."""

from database.migrations.script import run_script

revision = "0007"
down_revision = "0006"

SCHEMA = """
create table calls (
    reference     text primary key check (reference ~ '^CA-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'),
    workflow_id   text not null,
    run_id        text not null,
    channel       text check (channel in ('phone', 'email')),
    serial_number text,
    customer      text,
    site          text,
    stage         text not null check (stage in ('registered', 'remote_diagnosis', 'handing_over', 'closed')),
    level         integer not null check (level in (1, 2)),
    outcome       text
                  check (outcome in ('resolved', 'curative_case', 'software_request', 'rejected', 'cancelled')),
    led_to        text,
    waiting_for   text not null,
    owner         text not null,
    next_action   text not null,
    promise_state text not null check (promise_state in ('on_track', 'at_risk', 'breached')),
    next_due_at   timestamptz,
    received_at   timestamptz not null,
    opened_at     timestamptz not null,
    closed_at     timestamptz,
    version       integer not null,
    view          jsonb not null,
    check ((stage = 'closed') = (closed_at is not null)),
    check (stage <> 'closed' or outcome is not null)
);
comment on table calls is 'The read model of phone assistance; the truth is each workflow''s history';
create index on calls (workflow_id);
create index on calls (serial_number);
create index on calls (next_due_at) where closed_at is null;

create table call_journal (
    call_reference text not null references calls,
    sequence       integer not null check (sequence > 0),
    at             timestamptz not null,
    entered_at     timestamptz not null,
    actor          text not null,
    kind           text not null,
    disposition    text not null check (disposition in ('taken', 'kept', 'refused', 'noted')),
    text           text not null,
    primary key (call_reference, sequence)
);
create trigger append_only before update or delete or truncate on call_journal
    for each statement execute function refuse_rewriting();
"""


def upgrade() -> None:
    run_script(SCHEMA)
