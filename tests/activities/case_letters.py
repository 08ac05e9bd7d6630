"""The letters of a case, a call and a return: every notice, with facts of every kind in it."""

import dataclasses
from datetime import datetime, timedelta

from domain import call_notices, notices, progress_notices, promise_notices
from domain.calendars import CalendarSpec, Reading
from domain.case import CaseState, Outcome
from domain.coverage import Coverage, EquipmentCard
from domain.effects import EffectKey, LoanUnit, ReplacementRequest, ReturnOrder
from domain.exchange import ExchangeLine, Verdict
from domain.messages import Caller, CoverageException, Report, Shipment
from domain.notices import VisitTask
from domain.promises import BusinessHours, Promise, PromiseKind, PromiseName
from domain.provider import Provider
from domain.registry import Category
from domain.service_hours import ServiceHours
from domain.slots import Slot
from domain.terms import Terms
from domain.words import About, Words
from tests.activities.software_letters import SOFTWARE_LETTERS

ABOUT = About("CM-7K3Q-9XTB", "Room Kit, FTT2608B2KR", "Siège Lumière", "Europe/Paris")
MONDAY = datetime.fromisoformat("2027-05-10T09:00+02:00")
SLOT = Slot(slot_id="7K3Q9XTB-1.slots-1.1", start=MONDAY, end=MONDAY + timedelta(hours=2))
LATER = Slot(slot_id="7K3Q9XTB-1.slots-1.2", start=MONDAY + timedelta(days=1), end=MONDAY + timedelta(days=1, hours=2))
PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
COVERAGE = Coverage(
    terms=Terms(software_reading=Reading.SERVICE_HOURS, transit_days={}), provider=PARIS, site=PARIS, basis="contract"
)
CARD = EquipmentCard(
    type="Room Kit",
    category=Category.ENDPOINT,
    customer="lumiere",
    customer_name="Lumière SA",
    contract="C-1",
    site="lumiere-paris",
    site_name="Siège Lumière",
    room=None,
    vendor="CISCO",
    vendor_name="Cisco",
    vendor_email="rma@cisco.example",
    transit_days=2,
)
ORDER = ReturnOrder(
    key=EffectKey(case="CM-7K3Q-9XTB", round=1, step="return-1"),
    now=MONDAY,
    kind="loan_unit",
    item="SX20, LOAN-1",
    customer="lumiere",
    site="lumiere-paris",
    site_name="Siège Lumière",
    contact_email=None,
    destination="the pool, Paris",
    loan=None,
    coverage=COVERAGE,
)
REQUEST = ReplacementRequest(
    key=EffectKey(case="CM-7K3Q-9XTB", round=1, step="vendor-request"),
    now=MONDAY,
    vendor="CISCO",
    vendor_name="Cisco",
    vendor_email="rma@cisco.example",
    serial_number="FTT2608B2KR",
    equipment_type="Room Kit",
    defective_articles=("PSU",),
    findings="no light\n- even after a restart\n\n--\nlevel 2",
    is_urgent=True,
)
TYPED = "broken {{ 7*7 }} {about} %s \n- | `x` é <b>now</b>\x00\u202e"
AS_READ = "broken {{ 7*7 }} {about} %s - | `x` é <b>now</b>"
PROVIDER = Provider(name="Centre Support & Clients", phone="01.70.48.03.68", calendar=PARIS)

TASK = VisitTask(
    customer="Lumière SA",
    room="Salle Pathé",
    caller="Camille Roux",
    phone="0102030405",
    symptom="no picture",
    findings="the supply is dead",
    articles=("PSU",),
)
PARCEL = Shipment(status="dispatched", carrier="Chrono", tracking_number="X1", expected_at=MONDAY)
PROMISE = Promise(
    id="level_1_answer.1",
    name=PromiseName.LEVEL_1_ANSWER,
    kind=PromiseKind.INTERNAL,
    round=1,
    budget=BusinessHours(amount=timedelta(minutes=90)),
    started_at=MONDAY - timedelta(hours=10),
    due_at=MONDAY + timedelta(minutes=30),
)
CASE = CaseState(
    reference="CM-7K3Q-9XTB",
    workflow_id="curative-FTT2608B2KR",
    run_id="r",
    opened_at=MONDAY,
    reported_at=MONDAY - timedelta(hours=10),
    since=MONDAY,
    serial_number="FTT2608B2KR",
    report=Report(
        serial_number="FTT2608B2KR",
        reported_by=Caller(name="Camille Roux"),
        symptom="no picture\nno sound",
        exception=CoverageException(kind="goodwill", granted_by="R. Martin", reason="a good customer"),
    ),
    equipment=CARD,
    coverage=COVERAGE.model_copy(update={"basis": "exception"}),
    service_hours=ServiceHours(
        intervals=(
            (MONDAY - timedelta(days=3, hours=1), MONDAY - timedelta(days=2, hours=15)),
            (MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=9)),
        )
    ),
    recurrence_of="CM-0000-0001",
    moved_from="CM-0000-0002",
)

OUT_OF_CONTRACT = Report(
    serial_number="FTT2608B2KR",
    reported_by=Caller(name="Camille Roux"),
    symptom="no picture",
    exception=CoverageException(kind="out_of_contract", granted_by="R. Martin", reason="on quotation"),
)
PLAIN = {
    "report": OUT_OF_CONTRACT.model_copy(update={"exception": None}),
    "service_hours": ServiceHours(),
    "coverage": COVERAGE,
    "recurrence_of": None,
    "moved_from": None,
}

LINES = (
    ExchangeLine(article="FUSE", quantity=2, designation="Fuse", verdict=Verdict.EXCLUDED, reason="a consumable"),
    ExchangeLine(article="PSU", quantity=1, designation="Supply", verdict=Verdict.EXCHANGED, reason="configured"),
    ExchangeLine(article="WHAT", quantity=1, designation="", verdict=Verdict.UNKNOWN, reason="unknown"),
)

ALL: dict[str, Words] = {
    "call_recorded": call_notices.call_recorded(ABOUT, MONDAY),
    "breakdown_by_mail": call_notices.breakdown_by_mail(ABOUT, MONDAY),
    "call_rejected": call_notices.call_rejected(ABOUT, TYPED),
    "call_became_a_case": call_notices.call_became_a_case(ABOUT, "CM-7K3Q-9XTB"),
    "call_became_a_request": call_notices.call_became_a_request(ABOUT, "SW-7K3Q-9XTB"),
    "call_resolved": call_notices.call_resolved(ABOUT, TYPED),
    "lines_excluded": notices.lines_excluded(ABOUT, LINES),
    "logs_reminder": notices.logs_reminder(ABOUT),
    "slots_offered": notices.slots_offered(ABOUT, (SLOT, LATER), MONDAY),
    "slots_reminder": notices.slots_reminder(ABOUT, (SLOT,)),
    "visit_agreed": notices.visit_agreed(ABOUT, SLOT),
    "visit_still_to_be_agreed": notices.slots_reminder(ABOUT, []),
    "visit_replanned": notices.visit_replanned(ABOUT, SLOT, LATER, TYPED),
    "visit_to_be_replanned": notices.visit_replanned(ABOUT, SLOT, None, TYPED),
    "visit_called_off": notices.visit_called_off(ABOUT, SLOT, TYPED),
    "vendor_reminder": notices.vendor_reminder(ABOUT, "CM-7K3Q-9XTB.1.vendor-request", MONDAY),
    "vendor_silent": notices.vendor_silent(ABOUT, "Cisco", "CM-7K3Q-9XTB.1.vendor-request", MONDAY),
    "loan_to_veto": notices.loan_to_veto(ABOUT, TYPED, MONDAY),
    "loan_decided": notices.loan_decided(ABOUT, TYPED, MONDAY),
    "loan_called_off": notices.loan_called_off(ABOUT, TYPED),
    "loan_on_its_way": notices.loan_on_its_way(
        ABOUT, LoanUnit(serial_number="LOAN-1", type="SX20", location="paris"), "Chrono", None
    ),
    "no_loan_unit_free": notices.no_loan_unit_free(ABOUT, MONDAY, 2),
    "approval_revoked": notices.approval_revoked(ABOUT, None),
    "customer_not_reached": notices.customer_not_reached(ABOUT, 3, MONDAY),
    "case_cancelled": notices.case_cancelled(ABOUT, TYPED),
    "request_withdrawn": notices.request_withdrawn(ABOUT, "CM-7K3Q-9XTB.1.vendor-request", TYPED),
    "order_called_off": notices.order_called_off(ABOUT, "CM-7K3Q-9XTB.1.order", ("PSU", "PSU"), TYPED),
    "order_again": notices.order_again(ABOUT, "CM-7K3Q-9XTB.1.order-2", ("PSU",), TYPED),
    "order_rerouted": notices.order_rerouted(ABOUT, "CM-7K3Q-9XTB.1.order-2", ("PSU",), MONDAY),
    "no_slot_free": notices.no_slot_free(ABOUT),
    "visit_order": notices.visit_order(ABOUT, SLOT, TASK),
    "logs_asked": progress_notices.logs_asked(ABOUT, "the last day\nof the bridge"),
    "report_acknowledged": progress_notices.report_acknowledged(ABOUT, CASE, PROMISE),
    "report_rejected": progress_notices.report_rejected(ABOUT, "no contract covers FTT2608B2KR"),
    "diagnosis_resumed": progress_notices.diagnosis_resumed(ABOUT, MONDAY),
    "replacement_ordered": progress_notices.replacement_ordered(ABOUT, ("PSU",), MONDAY, from_stock=False),
    "replacement_dispatched": progress_notices.replacement_dispatched(ABOUT, PARCEL, MONDAY),
    "replacement_delivered": progress_notices.replacement_delivered(ABOUT, MONDAY),
    "delivery_trouble": progress_notices.delivery_trouble(
        ABOUT, "the replacement is lost", MONDAY, is_ordered_again=True
    ),
    "service_restored": progress_notices.service_restored(ABOUT, MONDAY),
    "case_closed": progress_notices.case_closed(ABOUT, Outcome.RESOLVED_REMOTELY, "restarted"),
    "promise_at_risk": promise_notices.promise_at_risk(ABOUT, PROMISE, CASE),
    "promise_breached": promise_notices.promise_breached(ABOUT, PROMISE, CASE),
    "promise_missed": promise_notices.promise_missed(ABOUT, PROMISE),
    "replacement_request": notices.replacement_request(ABOUT, REQUEST),
    "acknowledged_with_little": progress_notices.report_acknowledged(
        dataclasses.replace(ABOUT, equipment="", site_name=""),
        CASE.model_copy(update=PLAIN),
        PROMISE.model_copy(update={"due_at": None}),
    ),
    "acknowledged_out_of_contract": progress_notices.report_acknowledged(
        ABOUT, CASE.model_copy(update={"level": 2, "report": OUT_OF_CONTRACT, "blocking_since": MONDAY}), PROMISE
    ),
    "slots_after_a_delivery": notices.slots_offered(ABOUT, (SLOT,), MONDAY, MONDAY),
    "order_for_a_loan": notices.visit_order(
        ABOUT,
        SLOT.model_copy(update={"subject": "loan"}),
        dataclasses.replace(TASK, room=None, phone=None, findings="", articles=()),
    ),
    "order_with_software": notices.visit_order(ABOUT, SLOT, dataclasses.replace(TASK, also_software=True)),
    "ordered_from_stock": progress_notices.replacement_ordered(ABOUT, (), MONDAY, from_stock=True),
    "dispatched_without_a_word": progress_notices.replacement_dispatched(ABOUT, Shipment(status="dispatched"), None),
    "trouble_without_an_end": progress_notices.delivery_trouble(ABOUT, TYPED, None, is_ordered_again=False),
    "closed_restored": progress_notices.case_closed(ABOUT, Outcome.RESTORED, "confirmed by the customer"),
    "closed_by_software": progress_notices.case_closed(ABOUT, Outcome.RESOLVED_BY_SOFTWARE, ""),
    "logs_without_a_word": progress_notices.logs_asked(ABOUT, ""),
    "request_of_the_whole": notices.replacement_request(
        ABOUT, REQUEST.model_copy(update={"defective_articles": (), "is_urgent": False})
    ),
    "return_asked": notices.return_asked(ORDER, MONDAY),
    "return_reminder": notices.return_reminder(ORDER, MONDAY),
    "return_overdue": notices.return_overdue(ORDER, MONDAY),
    "return_lost": notices.return_lost(ORDER, notices.NO_NEWS),
    "loan_unit_out_of_order": notices.loan_unit_out_of_order(ORDER, "the screen is broken"),
    **SOFTWARE_LETTERS,
}
