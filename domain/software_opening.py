"""The one argument with which a software request starts: `{"request": {…}}`, and the id that follows from it (R12)."""

import hashlib
import json

from domain.messages import MessageRefused, parse_message_of
from domain.payloads import Undecodable
from domain.references import CROCKFORD
from domain.software_messages import SOFTWARE_MESSAGES, SoftwareRequest

REQUEST = "request"
PREFIX = "software-"
ID_LENGTH = 16


def parse_software_opening(payloads: tuple[object, ...]) -> SoftwareRequest:
    """Return the request. Raises MessageRefused, in one sentence that names the field, otherwise."""
    opening = payloads[0] if payloads else None
    if (
        len(payloads) != 1
        or not isinstance(opening, dict)
        or isinstance(opening, Undecodable)
        or set(opening) != {REQUEST}
    ):
        raise MessageRefused(REQUEST, 'a software request starts with one argument, {"request": {…}}')
    try:
        request = parse_software_request(opening[REQUEST])
    except MessageRefused as refusal:
        raise MessageRefused(f"{REQUEST}.{refusal.field}", refusal.reason) from None
    return request


def parse_software_request(content: object) -> SoftwareRequest:
    """The request that such content is. Raises MessageRefused."""
    request = parse_message_of(SOFTWARE_MESSAGES, "a software request", SoftwareRequest.kind, content)
    assert isinstance(request, SoftwareRequest)
    return request


def software_workflow_id(request: SoftwareRequest) -> str:
    """The id of the workflow of this request: the same for the same items of the same requester.

    The requester is known by their mail address, else by their phone number, else by their name. Ids are never
    encrypted: what stands in this one is a digest.
    """
    items = sorted((item.serial_number or "", (item.type or "").casefold()) for item in request.distinct_items)
    by = request.requested_by
    requester = by.email or "".join(sign for sign in by.phone or "" if sign.isalnum()) or by.name
    said = json.dumps([requester.strip().casefold(), items])
    number = int.from_bytes(hashlib.sha256(said.encode()).digest())
    letters = "".join(CROCKFORD[number >> 5 * place & 31] for place in range(ID_LENGTH))
    return f"{PREFIX}{letters}"
