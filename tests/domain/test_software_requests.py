"""A software request as it is said, and the id that follows from it (R12)."""

from typing import Any

import pytest

from domain.messages import MessageRefused
from domain.software_messages import SOFTWARE_MESSAGES, SoftwareRequest
from domain.software_opening import parse_software_opening, parse_software_request, software_workflow_id


def asked(*items: dict[str, str], **fields: Any) -> SoftwareRequest:
    """The request that this is."""
    by = {"name": "Annie Petit", "email": "a.petit@brunel.example"}
    return parse_software_request({"requested_by": by, "items": list(items), **fields})


def refusal(*items: dict[str, str], **fields: Any) -> str:
    """Why it is none."""
    with pytest.raises(MessageRefused) as refused:
        asked(*items, **fields)
    return str(refused.value)


ONE, OTHER = {"serial_number": "FOC2735Y3TT", "type": "Room Kit Pro"}, {"serial_number": "FTT2608B2KR"}


def test_the_same_items_of_the_same_requester_have_one_id() -> None:
    first = software_workflow_id(asked(ONE, OTHER))
    assert first == software_workflow_id(asked(OTHER, ONE, OTHER, message_id="m-2", channel="email"))
    shouted = {"serial_number": " foc2735y3tt ", "type": "ROOM KIT PRO"}
    assert first == software_workflow_id(
        asked(shouted, OTHER, requested_by={"name": "Petit, A.", "email": "A.Petit@Brunel.example "})
    )


def test_other_items_and_other_requesters_have_other_ids() -> None:
    several = [
        asked(ONE),
        asked(ONE, OTHER),
        asked({"serial_number": "FOC2735Y3TT"}),
        asked({"type": "Room Kit Pro"}),
        asked({"type": "Room Kit Pro"}, {"type": "Room Kit Pro"}),
        asked(ONE, requested_by={"name": "Annie Petit"}),
        asked(ONE, requested_by={"name": "Annie Petit", "phone": "01 48 03"}),
    ]
    assert len({software_workflow_id(each) for each in several}) == len(several)


def test_an_id_tells_nothing_of_who_asks() -> None:
    workflow_id = software_workflow_id(asked(ONE))
    assert workflow_id.startswith("software-")
    assert len(workflow_id) == len("software-") + 16
    for shown in ("petit", "brunel", "FOC2735"):
        assert shown.casefold() not in workflow_id.casefold()


def test_by_phone_blanks_and_points_do_not_matter() -> None:
    spoken, written = ({"name": "A", "phone": phone} for phone in ("01.48.03.03.68", "01 48 03 03 68"))
    assert software_workflow_id(asked(ONE, requested_by=spoken)) == software_workflow_id(
        asked(ONE, requested_by=written)
    )


@pytest.mark.parametrize(
    ("items", "fields", "reason"),
    [
        ((), {}, "items: the list should have at least 1 item, not 0"),
        (({},), {}, "items.0: give its serial number, or its type at least"),
        (({"serial_number": "no good"},), {}, "items.0.serial_number: 'no good' is not a serial number"),
        ((ONE, {**ONE, "type": "Board"}), {}, "items: FOC2735Y3TT is stated as 'Room Kit Pro' and as 'Board'"),
        ((ONE,), {"channel": "fax"}, "channel: must be 'phone' or 'email', not 'fax'"),
        ((ONE,), {"mail": {"message_id": "no brackets"}}, "mail.message_id: write a Message-ID"),
        ((ONE,), {"colour": "blue"}, "colour: this field is not known here"),
        ((ONE,) * 201, {}, "items: the list should have at most 200 items"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(
    items: tuple[dict[str, str], ...], fields: dict[str, Any], reason: str
) -> None:
    assert refusal(*items, **fields).startswith(reason)


@pytest.mark.parametrize("opening", [(), ({"request": {}}, 1), ({"request": {}, "x": 1},), ("software",), (None,)])
def test_an_opening_is_one_request(opening: tuple[object, ...]) -> None:
    with pytest.raises(MessageRefused, match="^request"):
        parse_software_opening(opening)


def test_a_piece_counts_once_and_its_type_is_kept() -> None:
    items = asked({"serial_number": "FOC2735Y3TT"}, ONE, {"type": "X50"}, {"type": "X50"}).distinct_items
    assert [(item.serial_number, item.type) for item in items] == [
        ("FOC2735Y3TT", "Room Kit Pro"),
        (None, "X50"),
        (None, "X50"),
    ]


def test_keys_are_said_masked() -> None:
    message = SOFTWARE_MESSAGES["activation_keys"].model_validate(
        {"serial_number": "X1", "keys": [" ABCDE-FGHIJ-KLMNO ", "ABCDE-FGHIJ-KLMNO"]}
    )
    assert message.summary == "for X1: AB…NO"
    assert "FGHIJ" not in repr(message)
