"""The search attributes of a case, as typed keys (SPEC §6). Never encrypted: no personal data in them."""

from datetime import datetime

from temporalio.common import SearchAttributeKey

CASE_REFERENCE = SearchAttributeKey.for_keyword("CaseReference")
CASE_STAGE = SearchAttributeKey.for_keyword("CaseStage")
WAITING_FOR = SearchAttributeKey.for_keyword("WaitingFor")
SERIAL_NUMBER = SearchAttributeKey.for_keyword("SerialNumber")
CUSTOMER = SearchAttributeKey.for_keyword("Customer")
SITE = SearchAttributeKey.for_keyword("Site")
PROMISE_STATE = SearchAttributeKey.for_keyword("PromiseState")
NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")

SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[str] | SearchAttributeKey[datetime], ...] = (
    CASE_REFERENCE,
    CASE_STAGE,
    WAITING_FOR,
    SERIAL_NUMBER,
    CUSTOMER,
    SITE,
    PROMISE_STATE,
    NEXT_DUE,
)
