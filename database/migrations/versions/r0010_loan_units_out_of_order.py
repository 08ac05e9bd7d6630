"""Loan units that came back damaged, or were found again: out of order until somebody puts them back (R8)."""

from database.migrations.script import run_script

revision = "0010"
down_revision = "0009"

SCHEMA = """
alter table loan_units
    add column out_of_order_at      timestamptz,
    add column out_of_order_because text check (out_of_order_because <> ''),
    add column is_lendable          boolean not null
        generated always as (lost_at is null and out_of_order_at is null) stored,
    add constraint out_of_order_for_a_reason check ((out_of_order_at is null) = (out_of_order_because is null)),
    add unique (serial_number, is_lendable);
comment on column loan_units.out_of_order_at is 'It came back damaged: nobody has it until it is put back';

alter table loans
    add column needs_lendable boolean
        generated always as (case when state = 'reserved' then true end) stored,
    add constraint lent_only_in_order foreign key (unit, needs_lendable)
        references loan_units (serial_number, is_lendable);
comment on column loans.needs_lendable is 'A lost unit, or one out of order, cannot be reserved';

create table loan_units_put_back (
    unit    serial_number not null references loan_units,
    at      timestamptz not null,
    was     text not null check (was in ('lost', 'out_of_order')),
    reason  text not null check (reason <> ''),
    actor   text not null check (actor <> ''),
    primary key (unit, at)
);
comment on table loan_units_put_back is 'Who put a unit back into the pool, and why: repaired, found again';
"""


def upgrade() -> None:
    """Mark units, and keep those that are marked from being reserved."""
    run_script(SCHEMA)
