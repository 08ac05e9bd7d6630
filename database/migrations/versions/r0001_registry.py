"""The registry: who is served where, on what, under which contract, and the parts in stock."""

from database.migrations.script import run_script

revision = "0001"
down_revision = None

SCHEMA = """
create domain code as text
    check (value = btrim(value) and value <> '');
create domain serial_number as text collate "C"
    check (value ~ '^[A-Z0-9][A-Z0-9._/-]{0,63}$');
comment on domain serial_number is 'R4: trimmed, upper case';

create table calendars (
    code     code primary key,
    spec     jsonb not null
             check (jsonb_typeof(spec) = 'object' and spec ?& array['tz', 'holidays_zone', 'week']),
    revision text generated always as (spec ->> 'revision') stored
);

create table provider (
    only_row boolean primary key default true check (only_row),
    name     text not null check (name <> ''),
    calendar code not null references calendars
);

create table customers (
    code code primary key,
    name text not null check (name <> '')
);

create table vendors (
    code     code primary key,
    name     text not null check (name <> ''),
    email    text not null check (email like '%_@_%'),
    calendar code not null references calendars
);

create table contracts (
    reference code primary key,
    customer  code not null references customers,
    starts_on date not null,
    ends_on   date not null,
    services  text[] not null
              check (cardinality(services) > 0
                     and services <@ array['assistance', 'curative', 'software_evolution']),
    terms     jsonb not null
              check (jsonb_typeof(terms -> 'transit_days') is not distinct from 'object'
                     and coalesce(terms ->> 'software_reading', '')
                         in ('service_hours', 'business_day_clock', 'business_days')),
    unique (reference, customer),
    check (ends_on >= starts_on)
);
comment on column contracts.terms is 'R13: "72h ouvrées" has three readings, and the terms name one';

create table sites (
    code          code primary key,
    customer      code not null references customers,
    name          text not null check (name <> ''),
    address       text not null check (address <> ''),
    calendar      code not null references calendars,
    delivery_zone code not null,
    contact_email text check (contact_email like '%_@_%'),
    unique (code, customer)
);

create table rooms (
    code code primary key,
    site code not null references sites,
    name text not null check (name <> ''),
    unique (code, site)
);

create table articles (
    reference   code primary key,
    designation text not null check (designation <> ''),
    vendor      code references vendors,
    consumable  boolean not null
);
comment on column articles.consumable is 'R7: excluded, unless part of the configuration';

create table equipment_types (
    name     code primary key,
    vendor   code not null references vendors,
    category text not null check (category in ('endpoint', 'infrastructure'))
);

-- Deferred: an import moves a room, its equipment and their contract in one transaction, table by table.
create table equipment (
    serial_number    serial_number primary key,
    type             code not null references equipment_types,
    customer         code not null,
    site             code not null,
    room             code,
    software_version text not null,
    replaced_by      serial_number references equipment,
    removed_at       timestamptz,
    unique (serial_number, customer),
    foreign key (site, customer) references sites (code, customer) deferrable initially deferred,
    foreign key (room, site) references rooms (code, site) deferrable initially deferred,
    check (replaced_by <> serial_number),
    check ((replaced_by is null) = (removed_at is null))
);
create index on equipment (site);

create table coverage (
    serial_number serial_number not null,
    contract      code not null,
    customer      code not null,
    primary key (serial_number, contract),
    foreign key (serial_number, customer) references equipment (serial_number, customer)
        deferrable initially deferred,
    foreign key (contract, customer) references contracts (reference, customer) deferrable initially deferred
);
comment on table coverage is 'The contracts that cover a piece of equipment, one after the other';

create table configuration_lines (
    serial_number serial_number not null references equipment,
    article       code not null references articles,
    quantity      integer not null check (quantity > 0),
    primary key (serial_number, article)
);

create table stock (
    location code not null,
    article  code not null references articles,
    quantity integer not null check (quantity >= 0),
    primary key (location, article)
);

create table technicians (
    code   code primary key,
    name   text not null check (name <> ''),
    email  text not null check (email like '%_@_%'),
    skills text[] not null,
    region code not null
);
"""


def upgrade() -> None:
    run_script(SCHEMA)
