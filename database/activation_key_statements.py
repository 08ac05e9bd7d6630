"""The statements of the stock of activation keys (`database.activation_keys`)."""

# One at a time at the counter: who is served depends on the whole line and on every key that is left.
QUEUE = "select pg_advisory_xact_lock(7250836102946321)"

ASK = """
insert into key_requests (case_reference, round, step, item, workflow_id, release, serial_number, due_at, asked_at,
                          state, moved_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)
on conflict do nothing
"""

SERVE = """
with line as (
    select case_reference, round, step, release,
           row_number() over (partition by release order by due_at, asked_at, case_reference, round, item) as place
    from key_requests where state = 'waiting' and release = any($1::text[])
), stock as (
    select fingerprint, release, row_number() over (partition by release order by number) as place
    from activation_keys
    where release = any($1::text[]) and serial_number is null
      and not exists (select from key_grants where key_grants.fingerprint = activation_keys.fingerprint)
), granted as (
    insert into key_grants (fingerprint, case_reference, round, step, granted_at)
    select stock.fingerprint, line.case_reference, line.round, line.step, $2
    from line join stock using (release, place)
    returning case_reference, round, step
)
update key_requests served set state = 'granted', moved_at = $2
from granted
where (served.case_reference, served.round, served.step) = (granted.case_reference, granted.round, granted.step)
returning served.workflow_id
"""

GIVEN = """
select request.step, request.state, key.release, key.sealed
from key_requests request
left join key_grants granted using (case_reference, round, step)
left join activation_keys key using (fingerprint)
where request.case_reference = $1 and request.round = $2 and request.step = any($3::text[])
order by request.item, key.number
"""

PLACES = """
select step, place from (
    select case_reference, round, step,
           row_number() over (partition by release order by due_at, asked_at, case_reference, round, item) as place
    from key_requests where state = 'waiting' and release = any($4::text[])
) as line
where case_reference = $1 and round = $2 and step = any($3::text[])
"""

CALL_OFF = """
update key_requests set state = 'called_off', moved_at = $4
where case_reference = $1 and round = $2 and step = any($3::text[]) and state = 'waiting'
"""

STORE = """
insert into activation_keys (fingerprint, spelling, release, sealed, serial_number) values ($1, $2, $3, $4, $5)
on conflict do nothing
"""

GRANT = """
insert into key_grants (fingerprint, case_reference, round, step, granted_at)
select fingerprint, $2, $3, $4, $5 from activation_keys
where fingerprint = $1 and release = $6 and coalesce(serial_number, $7) = $7
on conflict do nothing
"""

HOLDER = "select case_reference, round, step from key_grants where fingerprint = $1"

GRANTED = """
update key_requests set state = 'granted', moved_at = $4
where case_reference = $1 and round = $2 and step = $3 and state <> 'granted'
"""

UNSPELLED = "select fingerprint, release, sealed from activation_keys where spelling is null"
SPELL = "update activation_keys set spelling = $2 where fingerprint = $1"
