"""Mail in: what came, what a person must read, and serial numbers as people write them (R12)."""

from database.migrations.script import run_script

revision = "0009"
down_revision = "0008"

SCHEMA = """
create function sameness(serial_number text) returns text language sql immutable parallel safe as $$
    select translate(regexp_replace(upper(serial_number), '[^A-Z0-9]', '', 'g'), 'OIL', '011')
$$;
comment on function sameness is 'What a serial number is looked up by when it was written in any way';
create index equipment_sameness on equipment (sameness(serial_number));

create table mail_intake (
    fingerprint bytea primary key check (octet_length(fingerprint) = 32),
    sender      bytea not null check (octet_length(sender) = 32),
    thread      bytea not null check (octet_length(thread) = 32),
    kind        text not null check (kind <> ''),
    asked       text[] not null default '{}',
    received_at timestamptz not null,
    plan        bytea not null,
    done_at     timestamptz,
    outcome     text check (outcome <> ''),
    reference   text,
    check ((done_at is null) = (outcome is null))
);
create index on mail_intake (sender, received_at);
create index on mail_intake (received_at);
comment on table mail_intake is 'Each mail once: what was decided is kept before it is done';
comment on column mail_intake.sender is 'Keyed: tells senders apart, and nothing of them';
comment on column mail_intake.plan is 'What is to be done, sealed';
comment on column mail_intake.asked is 'The serial numbers and types that it asked for';

create table triage (
    number      bigint generated always as identity primary key,
    fingerprint bytea not null unique check (octet_length(fingerprint) = 32),
    received_at timestamptz not null,
    kind        text not null check (kind <> ''),
    reason      text not null check (reason <> ''),
    reference   text,
    size        integer not null check (size >= 0),
    summary     bytea not null,
    raw         bytea,
    state       text not null default 'open' check (state in ('open', 'taken', 'done')),
    owner       text check (owner <> ''),
    moved_at    timestamptz not null,
    resolution  text check (resolution <> ''),
    check (case state when 'open' then owner is null when 'taken' then owner is not null
           else resolution is not null end)
);
create index on triage (received_at) where state <> 'done';
comment on table triage is 'Mails that a person must read';
comment on column triage.summary is 'Who wrote, about what, and the text: sealed';
comment on column triage.raw is 'How the mail came, its beginning, sealed; null once it was cleared away';
"""


def upgrade() -> None:
    """Create the tables."""
    run_script(SCHEMA)
