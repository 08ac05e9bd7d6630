"""Effects that happen once: requests, orders and visit slots, each behind the key of its effect."""

from database.migrations.script import run_script

revision = "0003"
down_revision = "0002"

SCHEMA = """
create table effects (
    case_reference text not null check (case_reference <> ''),
    round          integer not null check (round > 0),
    step           text not null check (step <> ''),
    at             timestamptz not null,
    result         jsonb not null,
    primary key (case_reference, round, step)
);
-- No foreign key to cases: an effect may happen before the case is in the read model.
comment on table effects is 'An effect activity finds its first run here';

create table vendor_requests (
    case_reference text not null,
    round          integer not null,
    step           text not null,
    identifier     text not null unique,
    vendor         code not null references vendors,
    serial_number  serial_number not null,
    articles       jsonb not null check (jsonb_typeof(articles) = 'array'),
    requested_at   timestamptz not null,
    called_off_at  timestamptz,
    primary key (case_reference, round, step),
    foreign key (case_reference, round, step) references effects
);

create table orders (
    case_reference text not null,
    round          integer not null,
    step           text not null,
    identifier     text not null unique,
    subject        text not null check (subject in ('replacement', 'loan')),
    vendor         code not null references vendors,
    rma_number     text,
    site           code not null references sites,
    articles       jsonb not null check (jsonb_typeof(articles) = 'array'),
    stock_location code,
    ordered_at     timestamptz not null,
    due_at         timestamptz not null,
    called_off_at  timestamptz,
    primary key (case_reference, round, step),
    foreign key (case_reference, round, step) references effects
);
comment on column orders.stock_location is 'Where our own parts were taken from; null when the vendor ships';

-- A range of text from a room to itself stands for the room: no extension is needed to exclude on both.
create type code_span as range (subtype = text, collation = "C");

create table visit_slots (
    slot_id        text primary key,
    case_reference text not null,
    round          integer not null,
    step           text not null,
    site           code not null references sites,
    room           code references rooms,
    technician     code references technicians,
    starts_at      timestamptz not null,
    ends_at        timestamptz not null,
    state          text not null check (state in ('offered', 'chosen', 'expired', 'declined', 'done')),
    held_until     timestamptz not null,
    foreign key (case_reference, round, step) references effects,
    check (ends_at > starts_at),
    constraint room_held_once exclude using gist
        (code_span(room, room, '[]') with &&, tstzrange(starts_at, ends_at) with &&)
        where (state in ('offered', 'chosen') and room is not null),
    constraint technician_held_once exclude using gist
        (code_span(technician, technician, '[]') with &&, tstzrange(starts_at, ends_at) with &&)
        where (state in ('offered', 'chosen') and technician is not null)
);
create index on visit_slots (case_reference, round);
create index on visit_slots (site, starts_at);
"""


def upgrade() -> None:
    run_script(SCHEMA)
