"""The read model of cases, for lists and reports; the truth is each workflow's history."""

from database.migrations.script import run_script

revision = "0002"
down_revision = "0001"

SCHEMA = """
create table cases (
    reference     text primary key check (reference ~ '^CM-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'),
    workflow_id   text not null,
    run_id        text not null,
    serial_number text not null,
    customer      text,
    site          text,
    stage         text not null check (stage <> ''),
    outcome       text check (outcome in ('restored', 'resolved_remotely', 'resolved_by_software',
                                          'rejected', 'cancelled', 'moved')),
    waiting_for   text not null
                  check (waiting_for in ('support', 'vendor', 'carrier', 'customer', 'technician', 'nobody')),
    owner         text not null,
    next_action   text not null,
    promise_state text not null check (promise_state in ('on_track', 'at_risk', 'breached')),
    next_due_at   timestamptz,
    reported_at   timestamptz not null,
    opened_at     timestamptz not null,
    closed_at     timestamptz,
    round         integer not null check (round > 0),
    version       integer not null,
    view          jsonb not null,
    check ((stage = 'closed') = (closed_at is not null)),
    check (stage <> 'closed' or outcome is not null)
);
comment on column cases.serial_number is 'As it was said: a rejected case may name an unknown one';
create index on cases (serial_number, closed_at);
create index on cases (workflow_id);
create index on cases (next_due_at) where closed_at is null;

create table journal (
    case_reference text not null references cases,
    sequence       integer not null check (sequence > 0),
    at             timestamptz not null,
    entered_at     timestamptz not null,
    actor          text not null,
    kind           text not null,
    disposition    text not null check (disposition in ('taken', 'kept', 'refused', 'noted')),
    text           text not null,
    primary key (case_reference, sequence)
);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'The journal is append-only: write a further line instead.'
        using errcode = 'restrict_violation';
end;
$$;
create trigger append_only before update or delete or truncate on journal
    for each statement execute function refuse_rewriting();

create table promises (
    case_reference text not null references cases,
    promise_id     text not null,
    name           text not null,
    round          integer not null check (round > 0),
    kind           text not null check (kind in ('internal', 'underpinning', 'contractual')),
    started_at     timestamptz not null,
    due_at         timestamptz,
    state          text not null check (state in ('running', 'paused', 'met', 'breached', 'cancelled')),
    ended_at       timestamptz,
    paused_seconds bigint not null check (paused_seconds >= 0),
    warnings       jsonb not null check (jsonb_typeof(warnings) = 'array'),
    primary key (case_reference, promise_id)
);
create index on promises (name, state);
"""


def upgrade() -> None:
    run_script(SCHEMA)
