"""R7: repair is by standard exchange; consumables are excluded, and what belongs to the configuration never is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exchange import ExchangeLine, Verdict, match_articles, whole_equipment
from domain.registry import Article, ConfigurationLine

CODEC = Article(reference="CS-CODEC-PRO", designation="Codec", consumable=False)
CAMERA = Article(reference="CTS-QUADCAM-K9", designation="Caméra", consumable=False)
CABLE = Article(reference="CAB-PRES-2HDMI-GR", designation="Câble de présentation", consumable=True)
FUSE = Article(reference="FUS-5X20-T2A", designation="Fusible", consumable=True)
CATALOGUE = (CODEC, CAMERA, CABLE, FUSE)
CONFIGURATION = (ConfigurationLine(article=CODEC, quantity=1), ConfigurationLine(article=CABLE, quantity=2))

Told = list[tuple[str, int, Verdict]]


def told(*defective: str) -> Told:
    """What happens to so many pieces of each article."""
    lines = match_articles(defective, CONFIGURATION, CATALOGUE)
    return [(line.article, line.quantity, line.verdict) for line in lines]


def ordered(lines: tuple[ExchangeLine, ...]) -> set[str]:
    return {line.article for line in lines if line.is_ordered}


def test_an_article_of_the_configuration_is_exchanged() -> None:
    assert told("CS-CODEC-PRO") == [("CS-CODEC-PRO", 1, Verdict.EXCHANGED)]


def test_a_consumable_that_is_no_part_of_the_configuration_is_excluded() -> None:
    assert told("FUS-5X20-T2A") == [("FUS-5X20-T2A", 1, Verdict.EXCLUDED)]


def test_a_consumable_that_belongs_to_the_configuration_is_exchanged() -> None:
    assert told("CAB-PRES-2HDMI-GR") == [("CAB-PRES-2HDMI-GR", 1, Verdict.EXCHANGED)]


def test_what_the_configuration_has_two_of_is_excluded_from_the_third_on() -> None:
    assert told(*["CAB-PRES-2HDMI-GR"] * 3) == [
        ("CAB-PRES-2HDMI-GR", 2, Verdict.EXCHANGED),
        ("CAB-PRES-2HDMI-GR", 1, Verdict.EXCLUDED),
    ]


def test_an_article_of_the_catalogue_beyond_the_configuration_is_replaced_as_unserviceable() -> None:
    assert told("CTS-QUADCAM-K9") == [("CTS-QUADCAM-K9", 1, Verdict.UNSERVICEABLE)]
    assert told("CS-CODEC-PRO", "CS-CODEC-PRO") == [
        ("CS-CODEC-PRO", 1, Verdict.EXCHANGED),
        ("CS-CODEC-PRO", 1, Verdict.UNSERVICEABLE),
    ]


def test_an_article_that_the_catalogue_does_not_know_is_unknown() -> None:
    assert told("NO-SUCH-THING") == [("NO-SUCH-THING", 1, Verdict.UNKNOWN)]


def test_a_reference_is_read_in_any_case_of_letters_and_with_blanks_around_it() -> None:
    assert told(" cs-codec-pro ") == told("CS-CODEC-PRO")


@pytest.mark.parametrize("reference", ["Cs-Codec-Pro", "cs-codec-pro"])
def test_a_catalogue_may_write_its_references_in_small_letters(reference: str) -> None:
    article = CODEC.model_copy(update={"reference": reference})
    (line,) = match_articles(["CS-CODEC-PRO"], (), [article])
    assert (line.article, line.verdict) == (reference, Verdict.UNSERVICEABLE)


def test_an_article_of_the_configuration_needs_no_line_in_the_catalogue() -> None:
    (line,) = match_articles(["CS-CODEC-PRO"], CONFIGURATION, ())
    assert line.verdict is Verdict.EXCHANGED


def test_the_order_holds_what_is_exchanged_or_unserviceable_only() -> None:
    defective = ("CS-CODEC-PRO", "CTS-QUADCAM-K9", "FUS-5X20-T2A", "NO-SUCH-THING")
    assert ordered(match_articles(defective, CONFIGURATION, CATALOGUE)) == {"CS-CODEC-PRO", "CTS-QUADCAM-K9"}


def test_every_line_says_why() -> None:
    lines = match_articles(["CS-CODEC-PRO", "CTS-QUADCAM-K9", "FUS-5X20-T2A", "?"], CONFIGURATION, CATALOGUE)
    reasons = {line.article: (line.designation, line.reason) for line in lines}
    assert reasons == {
        "CS-CODEC-PRO": ("Codec", "it belongs to the configuration"),
        "CTS-QUADCAM-K9": ("Caméra", "no part of the configuration, and no consumable"),
        "FUS-5X20-T2A": ("Fusible", "a consumable that is no part of the configuration"),
        "?": ("", "it is not in the catalogue"),
    }


def test_when_no_article_is_named_the_whole_equipment_is_exchanged() -> None:
    line = whole_equipment("Cisco Webex Room Kit Pro")
    assert (line.article, line.quantity, line.reason) == ("Cisco Webex Room Kit Pro", 1, "the whole equipment")
    assert line.is_ordered


@given(
    st.lists(st.sampled_from([*(article.reference for article in CATALOGUE), "NO-SUCH-THING"])),
    st.dictionaries(st.sampled_from(CATALOGUE).map(CATALOGUE.index), st.integers(1, 3)),
)
def test_no_piece_is_lost_or_invented_and_none_of_the_configuration_is_excluded(
    defective: list[str], configured: dict[int, int]
) -> None:
    configuration = [ConfigurationLine(article=CATALOGUE[index], quantity=n) for index, n in configured.items()]
    lines = match_articles(defective, configuration, CATALOGUE)
    pieces, exchanged = Counter[str](), Counter[str]()
    for line in lines:
        assert line.quantity > 0
        pieces[line.article] += line.quantity
        exchanged[line.article] += line.quantity if line.verdict is Verdict.EXCHANGED else 0
    assert pieces == Counter(defective)
    for index, quantity in configured.items():
        reference = CATALOGUE[index].reference
        assert exchanged[reference] == min(quantity, pieces[reference])
