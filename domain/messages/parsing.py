"""One parser for signals and updates alike."""

from collections.abc import Mapping

from pydantic import ValidationError

from domain.messages.base import Message, MessageRefused
from domain.messages.desk import Assignment, Cancellation, ContactAttempt, Correction, LoanVeto, Note
from domain.messages.supply import LoanAssigned, Shipment, VendorValidation
from domain.messages.support import LogsProvided, RemoteDiagnosis, Report, SoftwareNews
from domain.messages.visit import CustomerConfirmation, InterventionReport, SiteScheduling
from domain.payloads import Undecodable
from domain.refusals import SHOWN, first_mistake, shown

CASE_MESSAGES: dict[str, type[Message]] = {
    model.kind: model
    for model in (
        Report,
        RemoteDiagnosis,
        LogsProvided,
        VendorValidation,
        Shipment,
        SiteScheduling,
        InterventionReport,
        CustomerConfirmation,
        Cancellation,
        Correction,
        Note,
        Assignment,
        ContactAttempt,
        LoanVeto,
        LoanAssigned,
        SoftwareNews,
    )
}


def parse_message(kind: str, payload: object) -> Message:
    """The message of a case of that kind. Raises MessageRefused, in one sentence that names the field, otherwise."""
    return parse_message_of(CASE_MESSAGES, "this process", kind, payload)


def parse_message_of(messages: Mapping[str, type[Message]], whose: str, kind: str, payload: object) -> Message:
    """The message of that kind, of those that a process takes; `whose` names the process for people, as "a return".

    Raises MessageRefused, in one sentence that names the field, otherwise.
    """
    model = messages.get(kind)
    if model is None:
        known = ", ".join(messages)
        raise MessageRefused("kind", f"{kind[:SHOWN]!r} is not a message of {whose}; it takes {known}")
    if not isinstance(payload, dict):
        raise MessageRefused("payload", f"{kind} takes one JSON object, not {shown(payload)}")
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise MessageRefused(*first_mistake(error, model.model_fields)) from None


def only_payload(kind: str, payloads: tuple[object, ...]) -> object:
    """The one payload with which a message came. Raises MessageRefused when there is none, several, or no JSON."""
    if len(payloads) != 1 or payloads[0] is None:
        count = "none" if not payloads or payloads == (None,) else str(len(payloads))
        raise MessageRefused("payload", f"{kind[:SHOWN]} takes one JSON object as its payload, and got {count}")
    if isinstance(payloads[0], Undecodable):
        raise MessageRefused("payload", f"{kind[:SHOWN]} takes one JSON object; {payloads[0].encoding} cannot be read")
    return payloads[0]
