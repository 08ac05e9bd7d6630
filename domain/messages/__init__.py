"""The messages that a case takes (SPEC §5): one model a kind, and one parser."""

from domain.messages.base import Actor, Message, MessageRefused, Name, SerialNumber, Text, Words
from domain.messages.desk import Assignment, Cancellation, ContactAttempt, Correction, LoanVeto, Note
from domain.messages.parsing import CASE_MESSAGES, only_payload, parse_message, parse_message_of
from domain.messages.supply import LoanAssigned, Shipment, VendorValidation
from domain.messages.support import (
    Caller,
    CoverageException,
    LogFile,
    LogsProvided,
    RemoteDiagnosis,
    Report,
    SoftwareNews,
)
from domain.messages.visit import CustomerConfirmation, Exchange, InterventionReport, SiteScheduling, Test

__all__ = [
    "CASE_MESSAGES",
    "Actor",
    "Assignment",
    "Caller",
    "Cancellation",
    "ContactAttempt",
    "Correction",
    "CoverageException",
    "CustomerConfirmation",
    "Exchange",
    "InterventionReport",
    "LoanAssigned",
    "LoanVeto",
    "LogFile",
    "LogsProvided",
    "Message",
    "MessageRefused",
    "Name",
    "Note",
    "RemoteDiagnosis",
    "Report",
    "SerialNumber",
    "Shipment",
    "SiteScheduling",
    "SoftwareNews",
    "Test",
    "Text",
    "VendorValidation",
    "Words",
    "only_payload",
    "parse_message",
    "parse_message_of",
]
