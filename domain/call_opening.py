"""The one argument with which a call starts: `{"call": {…}}` (SPEC §5)."""

from domain.assistance import PREFIX, assistance_workflow_id
from domain.call_messages import CALL_MESSAGES, Call
from domain.messages import MessageRefused, parse_message_of
from domain.payloads import Undecodable, unreadable

CALL = "call"
A_CALL = "a call"
"""What a message of another process is told of."""


def parse_call(payloads: tuple[object, ...], workflow_id: str) -> Call:
    """Return the call. Raises MessageRefused, in one sentence that names the field, otherwise."""
    opening = payloads[0] if payloads else None
    if (
        len(payloads) != 1
        or not isinstance(opening, dict)
        or isinstance(opening, Undecodable)
        or set(opening) != {CALL}
    ):
        told = f'phone assistance starts with one argument, {{"call": {{…}}}}{unreadable(opening)}'
        raise MessageRefused(CALL, told)
    try:
        call = parse_message_of(CALL_MESSAGES, A_CALL, CALL, opening[CALL])
    except MessageRefused as refusal:
        raise MessageRefused(f"{CALL}.{refusal.field}", refusal.reason) from None
    assert isinstance(call, Call)
    _check_the_id(call, workflow_id)
    return call


def _check_the_id(call: Call, workflow_id: str) -> None:
    if not workflow_id.startswith(PREFIX):
        raise MessageRefused(
            f"{CALL}.call_id", f"a call has the workflow id {PREFIX}<call id>, not {workflow_id[:80]!r}"
        )
    if call.call_id is not None and workflow_id != assistance_workflow_id(call.call_id):
        expected = assistance_workflow_id(call.call_id)
        raise MessageRefused(f"{CALL}.call_id", f"the call {call.call_id} has the workflow id {expected}")
