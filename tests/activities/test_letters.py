"""Every notice says what it has to say in French, then in English, whatever people typed."""

import dataclasses
import inspect
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, UndefinedError, nodes

from activities import letter_writer
from activities.letter_writer import LetterWriter, WrittenLetter
from domain import notices, progress_notices, promise_notices
from domain.bilingual import Both
from domain.causes import REPLANNED_BECAUSE, replanned_because
from domain.messages import SiteScheduling
from domain.promises import PromiseName
from domain.words import Words, words
from tests.activities.case_letters import ABOUT, ALL, AS_READ, LINES, MONDAY, ORDER, PROVIDER, SLOT

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
