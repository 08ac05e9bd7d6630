"""How an execution begins: with a request, or with one that was under way (DESIGN §2.11)."""

from datetime import timedelta

from temporalio import workflow

from workflows.handed_over import is_continued

with workflow.unsafe.imports_passed_through():
    from config.arrival import start_sent_at
    from domain.inbox import HeardMessage, digest
    from domain.journal import Disposition
    from domain.message_checks import CLOCK_TOLERANCE
    from domain.messages import MessageRefused
    from domain.references import SOFTWARE, new_reference
    from domain.software_items import items_of
    from domain.software_messages import SoftwareRequest
    from domain.software_opening import parse_software_opening
    from domain.software_update import SoftwareUpdate

CONTINUED = "continued"
OLDEST_REQUEST = timedelta(days=366)
"""How far back even a supervisor may date a request."""
OLDEST_UNVOUCHED = timedelta(days=4)
"""How far back anybody may date it, a long weekend: beyond, a supervisor vouches for it (SPEC §4)."""


def update_of(payloads: tuple[object, ...]) -> SoftwareUpdate:
    """The request that an execution begins with. One that does not fit has no request, and is rejected."""
    opening = payloads[0] if len(payloads) == 1 else None
    info = workflow.info()
    if is_continued(payloads) and isinstance(opening, dict):
        update = SoftwareUpdate.model_validate(opening[CONTINUED])
        update.run_id = info.run_id
        update.version += 1  # the read model is to name this execution
        return update
    try:
        return _opened(admitted(payloads))
    except MessageRefused:
        return _opened(None)


def admitted(payloads: tuple[object, ...]) -> SoftwareRequest:
    """The request, when it came in at a time that can be meant. Raises MessageRefused."""
    request, now = parse_software_opening(payloads), workflow.now()
    at, field = request.happened_at, "request.received_at"
    if at is None:
        return request
    if at > now + CLOCK_TOLERANCE:
        raise MessageRefused(field, f"{at.isoformat()} lies ahead of the clock ({now.isoformat(timespec='seconds')})")
    if at < now - OLDEST_REQUEST:
        raise MessageRefused(field, f"{at.isoformat()} is more than a year ago; give the instant of the call or mail")
    if at < now - OLDEST_UNVOUCHED and not (request.actor or "").startswith("supervisor:"):
        raise MessageRefused(
            field, f"{at.isoformat()} is long ago; only a supervisor may enter it (actor supervisor:…)"
        )
    return request


def _opened(request: SoftwareRequest | None) -> SoftwareUpdate:
    info, now = workflow.info(), workflow.now()
    received_at = min(request.happened_at or start_sent_at() or now, now) if request else now
    update = SoftwareUpdate(
        reference=new_reference(workflow.random(), SOFTWARE),
        workflow_id=info.workflow_id,
        run_id=info.run_id,
        opened_at=now,
        received_at=received_at,
        request=request,
    )
    if request is not None:
        _take(update, request)
    return update


def _take(update: SoftwareUpdate, request: SoftwareRequest) -> None:
    now = workflow.now()
    update.items = items_of(tuple(request.distinct_items))
    update.write(now, request.said_by, request.kind, Disposition.TAKEN, request.summary, at=update.received_at)
    if request.message_id is not None:
        text = f"joined {update.reference}"
        heard = HeardMessage(digest=digest(request), disposition=Disposition.TAKEN, text=text)
        update.heard[request.message_id] = heard
    if request.tell is not None:
        update.is_wanted = False
        update.will_tell(request.tell, [item.serial_number for item in update.items if item.serial_number])
    update.wait_for_the_ball(update.received_at)
