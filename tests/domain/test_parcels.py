"""A parcel that failed is told from the one that was ordered in its place (R8)."""

from datetime import UTC, datetime

import pytest

from domain.messages import Message, Note, Shipment
from domain.parcels import FailedParcel, earlier_parcel, failed_before, turned_up
from domain.rounds import Round

NOON = datetime(2027, 5, 11, 12, tzinfo=UTC)


def a_round(**fields: object) -> Round:
    return Round.model_validate({"reason": "reported", "began_at": NOON, "orders": 2, **fields})


def parcel(because: str = "lost", number: str | None = "XY1", round_: int = 1) -> FailedParcel:
    return FailedParcel(
        round=round_, order=1, failed_because=because, tracking_number=number, articles=("PSU",), from_stock=True
    )


def delivered(number: str | None = None) -> Shipment:
    return Shipment(status="delivered", tracking_number=number)


@pytest.mark.parametrize(
    ("known", "round_", "news", "is_found"),
    [
        (parcel(), a_round(), delivered(), True),
        (parcel(), a_round(), delivered("XY1"), True),
        (parcel(number=None), a_round(), delivered("XY2"), True),
        (parcel(), a_round(dispatched_at=NOON), delivered("XY1"), True),
        (parcel(), a_round(number=2), delivered("XY1"), True),
        (parcel(), a_round(delivered_at=NOON), delivered("XY1"), True),
        (parcel(), a_round(), delivered("XY2"), False),
        (parcel(), a_round(dispatched_at=NOON), delivered(), False),
        (parcel(), a_round(number=2), delivered(), False),
        (parcel(), a_round(tracking_number="XY1", dispatched_at=NOON), delivered("XY1"), False),
        (parcel("damaged"), a_round(), delivered("XY1"), False),
        (parcel("damaged"), a_round(), delivered(), False),
        (parcel(), a_round(), Shipment(status="lost", tracking_number="XY1"), False),
        (parcel(), a_round(), Shipment(status="delivered", subject="loan"), False),
        (parcel(), a_round(), Note(text="delivered"), False),
    ],
)
def test_a_lost_parcel_turns_up(known: FailedParcel, round_: Round, news: Message, is_found: bool) -> None:
    assert turned_up([known], round_, news) == (known if is_found else None)


def test_what_is_said_under_the_number_of_a_failed_parcel_is_not_about_the_present_one() -> None:
    earlier = [parcel("damaged", "XY1"), parcel("lost", "XY2")]
    named = [earlier_parcel(earlier, a_round(tracking_number="XY3"), delivered(f"XY{n}")) for n in (1, 2, 3, 4)]
    assert named == [earlier[0], earlier[1], None, None]


def test_what_an_older_version_knew_of_a_lost_parcel_is_known() -> None:
    carried = a_round(ordered_again_because="lost", failed_from_stock=True)
    (known,) = failed_before(carried)
    assert (known.order, known.from_stock, turned_up([known], carried, delivered())) == (1, True, known)
    assert failed_before(a_round()) == []


@pytest.mark.parametrize(
    ("because", "round_", "is_it"),
    [
        ("refused_at_site", a_round(), True),
        ("partial", a_round(), True),
        ("wrong_item", a_round(), False),
        ("refused_at_site", a_round(dispatched_at=NOON), False),
        ("refused_at_site", a_round(number=2), False),
    ],
)
def test_a_parcel_that_the_carrier_brings_again_is_the_delivery_while_no_other_is_on_its_way(
    because: str, round_: Round, is_it: bool
) -> None:
    known = parcel(because)
    assert earlier_parcel([known], round_, delivered("XY1")) == (None if is_it else known)
