"""Every branch of the curative case: own stock, loans, absences, room bookings, returns, recurrences."""

from database.migrations.script import run_script

revision = "0004"
down_revision = "0003"

SCHEMA = """
alter table sites
    add column region    code,
    add column latitude  double precision check (latitude between -90 and 90),
    add column longitude double precision check (longitude between -180 and 180),
    add constraint sites_coordinates check ((latitude is null) = (longitude is null));

alter table equipment_types
    add column skills   text[] not null default '{}',
    add column features text[] not null default '{}';
comment on column equipment_types.features is 'R8: loan equipment has at least those of what it stands in for';

create table locations (
    code      code primary key,
    name      text not null check (name <> ''),
    region    code,
    latitude  double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    constraint locations_coordinates check ((latitude is null) = (longitude is null))
);
insert into locations (code, name) select distinct location, location from stock;
alter table stock add foreign key (location) references locations;
comment on column stock.quantity is 'What is free: reserved pieces are not counted any more';

create index on equipment (replaced_by) where replaced_by is not null;

create table stock_reservations (
    case_reference text not null,
    round          integer not null,
    step           text not null,
    location       code not null references locations,
    article        code not null references articles,
    quantity       integer not null check (quantity > 0),
    state          text not null check (state in ('reserved', 'used', 'given_back')),
    primary key (case_reference, round, step, location, article),
    foreign key (case_reference, round, step) references effects
);

alter table orders
    add column from_stock  boolean not null default false,
    add column rerouted_at timestamptz;
update orders set from_stock = true where stock_location is not null;
alter table orders drop column stock_location;
comment on column orders.from_stock is 'The parts are our own, reserved in stock_reservations; else the vendor ships';

create table loan_units (
    serial_number serial_number primary key,
    type          code not null references equipment_types,
    location      code not null references locations,
    lost_at       timestamptz
);

create table loans (
    case_reference text not null,
    round          integer not null,
    step           text not null,
    workflow_id    text not null,
    equipment_type code not null references equipment_types,
    site           code not null references sites,
    promised_for   timestamptz not null,
    asked_at       timestamptz not null,
    unit           serial_number references loan_units,
    state          text not null
                   check (state in ('waiting', 'reserved', 'dispatched', 'in_service',
                                    'returning', 'returned', 'called_off', 'lost')),
    moved_at       timestamptz not null,
    primary key (case_reference, round, step),
    foreign key (case_reference, round, step) references effects,
    check (case state when 'waiting' then unit is null when 'called_off' then true else unit is not null end)
);
comment on column loans.workflow_id is 'Whom to tell when a unit comes free';
create unique index unit_lent_once on loans (unit)
    where state in ('reserved', 'dispatched', 'in_service', 'returning');
create index on loans (promised_for) where state = 'waiting';

create table technician_absences (
    case_reference text not null,
    round          integer not null,
    step           text not null,
    technician     code not null references technicians,
    starts_at      timestamptz not null,
    ends_at        timestamptz not null,
    reason         text,
    primary key (case_reference, round, step),
    foreign key (case_reference, round, step) references effects,
    check (ends_at > starts_at)
);
create index on technician_absences (technician, ends_at);

create table room_bookings (
    room      code not null references rooms,
    uid       text not null check (uid <> ''),
    starts_at timestamptz not null,
    ends_at   timestamptz not null,
    summary   text not null,
    primary key (room, uid, starts_at),
    check (ends_at > starts_at)
);
create index on room_bookings (room, ends_at);
comment on table room_bookings is 'What others booked a room for, as its calendar file said';

alter table visit_slots
    add column subject text not null default 'replacement' check (subject in ('replacement', 'loan'));
create index on visit_slots (room, ends_at) where state in ('offered', 'chosen');
create index on visit_slots (technician, ends_at) where state in ('offered', 'chosen');

alter table cases
    add column coverage      jsonb,
    add column recurrence_of text;
comment on column cases.coverage is 'R14: the terms and calendars that a recurrence inherits';

create table returns (
    return_id           text primary key check (return_id <> ''),
    case_reference      text not null,
    kind                text not null check (kind in ('faulty_part', 'unused_part', 'loan_unit')),
    item                text not null,
    customer            text not null,
    site                text not null,
    destination         text not null,
    due_at              timestamptz not null,
    state               text not null check (state in ('expected', 'dispatched', 'received', 'overdue', 'lost')),
    loan_case_reference text,
    loan_round          integer,
    loan_step           text,
    opened_at           timestamptz not null,
    closed_at           timestamptz,
    version             integer not null,
    view                jsonb not null,
    check (num_nonnulls(loan_case_reference, loan_round, loan_step) in (0, 3))
);
comment on table returns is 'The read model of what must come back; the truth is each workflow''s history';
create index on returns (due_at) where closed_at is null;
create index on returns (case_reference);
"""


def upgrade() -> None:
    run_script(SCHEMA)
