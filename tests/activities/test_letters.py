"""Every notice says what it has to say in French, then in English, whatever people typed."""

import dataclasses
import inspect
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, UndefinedError, nodes

from activities import letter_writer
from activities.letter_writer import LetterWriter, WrittenLetter
from domain import call_notices, notices, progress_notices, promise_notices
from domain.bilingual import Both
from domain.calendars import CalendarSpec, Reading
from domain.case import CaseState, Outcome
from domain.causes import REPLANNED_BECAUSE, replanned_because
from domain.coverage import Coverage, EquipmentCard
from domain.effects import EffectKey, LoanUnit, ReplacementRequest, ReturnOrder
from domain.exchange import ExchangeLine, Verdict
from domain.messages import Caller, CoverageException, Report, Shipment, SiteScheduling
from domain.notices import VisitTask
from domain.promises import BusinessHours, Promise, PromiseKind, PromiseName
from domain.provider import Provider
from domain.registry import Category
from domain.service_hours import ServiceHours
from domain.slots import Slot
from domain.terms import Terms
from domain.words import About, Words, words
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


LETTERS = Path(letter_writer.__file__).parent / "letters"
PLAIN_ELEMENTS = {"html", "head", "meta", "title", "body", "div", "p", "br", "ul", "li", "blockquote", "strong", "hr"}

WRITER = LetterWriter()


def written(told: Words) -> WrittenLetter:
    return WRITER.write(told, PROVIDER)


def in_both(told: Words) -> tuple[str, str]:
    """The French and the English text."""
    french, english = written(told).text.split("\n\n---\n\n")
    return french, english


def test_every_notice_of_a_case_and_a_return_has_its_template() -> None:
    modules = (notices, progress_notices, promise_notices)
    functions = {name for module in modules for name in vars(module) if _is_a_notice(module, name)}
    assert functions <= ALL.keys()
    assert {told.template for told in ALL.values()} <= set(WRITER.templates())


@pytest.mark.parametrize("name", WRITER.templates())
def test_a_template_has_its_four_blocks_and_the_same_facts_in_both_languages(name: str) -> None:
    tree = Environment().parse((LETTERS / f"{name}.j2").read_text())
    facts = {block.name: {each.name for each in block.find_all(nodes.Name)} for block in tree.find_all(nodes.Block)}
    assert facts.keys() == {"subject_fr", "subject_en", "fr", "en"}
    assert facts["subject_fr"] == facts["subject_en"]
    assert facts["fr"] == facts["en"]


def _is_a_notice(module: ModuleType, name: str) -> bool:
    function = getattr(module, name)
    return not name.startswith("_") and inspect.isfunction(function) and function.__module__ == module.__name__


@pytest.mark.parametrize("name", ALL)
def test_a_notice_is_french_first_english_second_and_names_its_case_in_one_line(name: str) -> None:
    letter = written(ALL[name])
    french, english = in_both(ALL[name])
    assert french.startswith("Bonjour,\n\nRéférence : CM-7K3Q-9XTB\n")
    assert english.startswith("Hello,\n\nReference: CM-7K3Q-9XTB\n")
    assert "None" not in letter.text
    assert "\n\n\n" not in letter.text
    assert "  " not in letter.text.replace("\n  - ", "").replace("\n  > ", "")
    assert letter.subject.startswith("[CM-7K3Q-9XTB] ")
    assert letter.subject.isprintable()
    assert ALL[name].title.replace(" ", "_") == ALL[name].template


@pytest.mark.parametrize("name", ALL)
def test_a_letter_names_the_provider_its_number_and_its_hours(name: str) -> None:
    french, english = in_both(ALL[name])
    assert french.endswith(
        "Centre Support & Clients\nTéléphone : 01.70.48.03.68\n"
        "Horaires : du lundi au vendredi, 08h00–18h00, hors jours fériés (Europe/Paris)"
    )
    assert english.endswith(
        "Centre Support & Clients\nPhone: 01.70.48.03.68\n"
        "Opening hours: Monday to Friday, 08:00–18:00, except public holidays (Europe/Paris)\n"
    )
    assert "<br>Téléphone : 01.70.48.03.68\n" in written(ALL[name]).html


@pytest.mark.parametrize("name", ALL)
def test_the_html_says_what_the_text_says(name: str) -> None:
    """Every line of the text is in the page, and the page has no element that nobody meant to be there."""
    letter = written(ALL[name])
    page = BeautifulSoup(letter.html, "html.parser")
    said = " ".join(page.get_text(" ").split())
    for line in letter.text.splitlines():
        assert " ".join(line.removeprefix("  - ").removeprefix("  > ").strip("-").split()) in said, line
    assert {element.name for element in page.find_all()} <= PLAIN_ELEMENTS


def test_what_people_typed_stands_in_the_text_on_one_line_and_escaped_in_the_page() -> None:
    letter = written(ALL["case_cancelled"])
    assert letter.text.count(f"({AS_READ})") == 2
    assert letter.html.count("&lt;b&gt;now&lt;/b&gt;") == 2
    assert "<b>" not in letter.html


def test_what_a_technician_found_is_quoted_line_by_line() -> None:
    french, english = in_both(ALL["replacement_request"])
    for text in (french, english):
        assert "\n  > no light\n  > - even after a restart\n  > --\n  > level 2\n" in text


def test_a_fact_that_a_template_misses_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="visit"):
        written(words("visit_agreed", ABOUT))


def test_a_provider_without_a_number_names_none() -> None:
    letter = WRITER.write(ALL["visit_agreed"], PROVIDER.model_copy(update={"phone": None}))
    assert "Téléphone" not in letter.text + letter.html


def test_the_acknowledgement_states_the_due_instant_and_why() -> None:
    french, english = in_both(ALL["report_acknowledged"])
    assert "Le niveau 1 vous rappelle au plus tard le lundi 10 mai 2027 à 09h30 (Europe/Paris)." in french
    assert "1 h 30 de temps ouvré, décompté dans nos heures de service à partir du lundi 10 mai 2027 à 08h00" in french
    assert "les délais courent à partir de la prochaine ouverture" in french
    assert "avant 16h00, elle est livrée le jour ouvré suivant, plus 2 jours ouvrés d'acheminement" in french
    assert "prise en charge à titre exceptionnel" in french
    assert "1 h 30 of business time, counted in our service hours from Monday 10 May 2027 at 08:00" in english
    assert "\n  > no picture\n  > no sound\n" in english


def test_a_rejection_says_why_in_both_languages() -> None:
    french, english = in_both(ALL["report_rejected"])
    assert "(aucun contrat ne couvre FTT2608B2KR)" in french
    assert "(no contract covers FTT2608B2KR)" in english


def test_every_promise_that_is_told_of_has_a_name_and_those_who_hear_of_it() -> None:
    assert promise_notices.PROMISES.keys() == set(PromiseName)
    of_software = {PromiseName.SOFTWARE_DELIVERY, PromiseName.SOFTWARE_DELIVERY_TARGET}
    assert promise_notices.AUDIENCES.keys() == set(PromiseName) - of_software


def test_the_first_of_a_month_is_written_as_the_french_do() -> None:
    may = MONDAY.replace(month=5, day=1)
    french, english = in_both(notices.loan_to_veto(ABOUT, "x", may))
    assert "samedi 1er mai 2027 à 09h00 (Europe/Paris)" in french
    assert "Saturday 1 May 2027 at 09:00 (Europe/Paris)" in english


def test_lines_that_are_not_exchanged_are_told_with_the_reason() -> None:
    french, english = in_both(ALL["lines_excluded"])
    assert "  - FUSE × 2 (Fuse) : consommable hors configuration\n  - WHAT × 1 : absent du catalogue\n" in french
    assert "  - FUSE × 2 (Fuse): a consumable that is no part of the configuration\n" in english
    assert "PSU" not in english


def test_the_other_articles_are_only_said_to_be_replaced_when_there_are_some() -> None:
    fuse_only = notices.lines_excluded(ABOUT, LINES[:1])
    assert "The other defective articles are replaced." in written(ALL["lines_excluded"]).text
    assert "No other article is replaced; the diagnosis goes on." in written(fuse_only).text


def test_what_the_case_itself_gives_as_a_reason_is_said_in_both_languages() -> None:
    french, english = in_both(notices.loan_decided(ABOUT, "the replacement is lost", MONDAY))
    assert "(le remplacement est perdu)" in french
    assert "(the replacement is lost)" in english


@pytest.mark.parametrize(
    ("reason", "in_french"),
    [
        ("no access on the day", "(personne n'a pu donner accès ce jour-là)"),
        ("the case is cancelled (la salle ferme)", "(le dossier est annulé (la salle ferme))"),
        ("vetoed: pas utile", "(refusé par le pilote : pas utile)"),
        ("the case is about FTT1", "(le dossier concerne FTT1)"),
    ],
)
def test_what_is_called_off_is_told_in_french_with_what_was_typed(reason: str, in_french: str) -> None:
    told = [
        notices.visit_replanned(ABOUT, SLOT, None, reason),
        notices.visit_called_off(ABOUT, SLOT, reason),
        notices.loan_called_off(ABOUT, reason),
        notices.request_withdrawn(ABOUT, "R", reason),
        notices.order_called_off(ABOUT, "O", ("PSU",), reason),
    ]
    for french, english in map(in_both, told):
        assert in_french in french
        assert f"({reason})" in english


def test_every_word_on_a_visit_has_its_reason_in_both_languages() -> None:
    actions = get_args(SiteScheduling.model_fields["action"].annotation)
    assert set(REPLANNED_BECAUSE) == set(actions)
    booked = replanned_because("room_unavailable", "Comité")
    french, english = in_both(notices.visit_replanned(ABOUT, SLOT, None, booked))
    assert "(la salle n'est pas libre – Comité)" in french
    assert "(the room is not free – Comité)" in english


def test_the_customer_is_not_told_why_a_technician_is_not_available() -> None:
    assert replanned_because("technician_unavailable", "flu") == Both(
        "le technicien n'est pas disponible", "the technician is not available"
    )


def test_a_replanned_visit_is_told_with_the_old_and_the_new_time() -> None:
    french, english = in_both(ALL["visit_replanned"])
    assert "lundi 10 mai 2027, 09h00–11h00 (Europe/Paris)" in french
    assert "mardi 11 mai 2027, 09h00–11h00 (Europe/Paris)" in french
    assert "Monday 10 May 2027, 09:00–11:00 (Europe/Paris)" in english


def test_instants_are_written_in_the_zone_of_whom_it_concerns() -> None:
    overseas = dataclasses.replace(ABOUT, tz="Indian/Reunion")
    text = written(notices.vendor_reminder(overseas, "R", MONDAY)).text
    assert "lundi 10 mai 2027 à 11h00 (Indian/Reunion)" in text
    assert "Monday 10 May 2027 at 11:00 (Indian/Reunion)" in text


def test_a_reason_may_be_given_in_both_languages() -> None:
    text = written(notices.return_lost(ORDER, Both("volé", "stolen"))).text
    assert "(volé)" in text
    assert "(stolen)" in text
