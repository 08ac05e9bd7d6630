"""One parser for signals and updates alike."""

from pydantic import ValidationError

from domain.messages.base import Message, MessageRefused
from domain.messages.desk import Assignment, Cancellation, ContactAttempt, Correction, LoanVeto, Note
from domain.messages.supply import LoanAssigned, Shipment, VendorValidation
from domain.messages.support import LogsProvided, RemoteDiagnosis, Report
from domain.messages.visit import CustomerConfirmation, InterventionReport, SiteScheduling
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
    )
}


def parse_message(kind: str, payload: object) -> Message:
    """Return the message of that kind. Raises MessageRefused, in one sentence that names the field, otherwise."""
    model = CASE_MESSAGES.get(kind)
    if model is None:
        known = ", ".join(CASE_MESSAGES)
        raise MessageRefused("kind", f"{kind[:SHOWN]!r} is not a message of this process; it takes {known}")
    if not isinstance(payload, dict):
        raise MessageRefused("payload", f"{kind} takes one JSON object, not {shown(payload)}")
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise MessageRefused(*first_mistake(error, model.model_fields)) from None
