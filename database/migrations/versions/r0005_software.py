"""Software evolution: releases, activation keys that are given out once, requests (R11 to R13)."""

from database.migrations.script import run_script

revision = "0005"
down_revision = "0004"

SCHEMA = """
alter table equipment add column hardware_revision code;

create table releases (
    code        code primary key,
    vendor      code not null references vendors,
    version     text not null check (version <> ''),
    released_on date not null,
    notes       text not null check (notes <> ''),
    file_uri    text not null check (file_uri <> ''),
    sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    needs_key   boolean not null
);

create table release_compatibility (
    release            code not null references releases,
    type               code not null references equipment_types,
    hardware_revisions text[] not null default '{}',
    from_version       text check (from_version <> ''),
    up_to_version      text check (up_to_version <> ''),
    primary key (release, type)
);
create index on release_compatibility (type);
comment on column release_compatibility.hardware_revisions is 'None: every revision';

create table activation_keys (
    fingerprint   bytea primary key check (octet_length(fingerprint) = 32),
    number        bigint generated always as identity,
    release       code not null references releases,
    sealed        bytea not null,
    serial_number serial_number
);
comment on column activation_keys.fingerprint is 'Keyed: tells a key from others, and nothing of it';
comment on column activation_keys.serial_number is 'The equipment for which the vendor issued it; none: for any';
create index on activation_keys (release, number);

create table key_requests (
    case_reference text not null check (case_reference <> ''),
    round          integer not null check (round > 0),
    step           text not null check (step <> ''),
    item           integer not null check (item > 0),
    workflow_id    text not null,
    release        code not null references releases,
    serial_number  serial_number not null,
    due_at         timestamptz not null,
    asked_at       timestamptz not null,
    state          text not null check (state in ('waiting', 'granted', 'called_off')),
    moved_at       timestamptz not null,
    primary key (case_reference, round, step)
);
comment on column key_requests.workflow_id is 'Whom to tell when a key is there';
create index on key_requests (release, due_at) where state = 'waiting';

create table key_grants (
    fingerprint    bytea primary key references activation_keys,
    case_reference text not null,
    round          integer not null,
    step           text not null,
    granted_at     timestamptz not null,
    foreign key (case_reference, round, step) references key_requests
);
comment on table key_grants is 'R11: a key is given out once, ever; what is granted stays granted';
create index on key_grants (case_reference, round, step);

create function refuse_taking_back() returns trigger language plpgsql as $$
begin
    if tg_op = 'TRUNCATE' and not exists (select from key_grants) then
        return null;
    end if;
    raise exception 'A key is given out once, ever: what was granted stays granted.'
        using errcode = 'restrict_violation';
end;
$$;
create trigger append_only before update or delete or truncate on key_grants
    for each statement execute function refuse_taking_back();

create table software_requests (
    reference     text primary key check (reference ~ '^SW-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'),
    workflow_id   text not null,
    run_id        text not null,
    requested_by  text not null,
    customers     text[] not null,
    stage         text not null check (stage <> ''),
    outcome       text check (outcome in ('answered', 'cancelled', 'rejected')),
    waiting_for   text not null check (waiting_for in ('support', 'vendor', 'customer', 'nobody')),
    owner         text not null,
    next_action   text not null,
    promise_state text not null check (promise_state in ('on_track', 'at_risk', 'breached')),
    next_due_at   timestamptz,
    items         integer not null check (items >= 0),
    answered      integer not null check (answered between 0 and items),
    delivered     integer not null check (delivered between 0 and items),
    received_at   timestamptz not null,
    opened_at     timestamptz not null,
    closed_at     timestamptz,
    version       integer not null,
    view          jsonb not null,
    check ((stage = 'closed') = (closed_at is not null)),
    check (stage <> 'closed' or outcome is not null)
);
comment on table software_requests is 'The read model of software requests; the truth is each workflow''s history';
create index on software_requests (workflow_id);
create index on software_requests (next_due_at) where closed_at is null;

create table software_items (
    reference     text not null references software_requests,
    item          integer not null check (item > 0),
    serial_number text,
    type          text,
    customer      text,
    site          text,
    release       text,
    state         text not null check (state <> ''),
    answered_at   timestamptz,
    primary key (reference, item)
);
create index on software_items (serial_number, answered_at);

create table software_journal (
    reference   text not null references software_requests,
    sequence    integer not null check (sequence > 0),
    at          timestamptz not null,
    entered_at  timestamptz not null,
    actor       text not null,
    kind        text not null,
    disposition text not null check (disposition in ('taken', 'kept', 'refused', 'noted')),
    text        text not null,
    primary key (reference, sequence)
);
create trigger append_only before update or delete or truncate on software_journal
    for each statement execute function refuse_rewriting();
"""


def upgrade() -> None:
    run_script(SCHEMA)
