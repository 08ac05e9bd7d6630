"""The stated type must match the registry's, as people write types (R12)."""

import pytest

from domain.type_names import is_the_type

KNOWN = (
    "Cisco Webex Room Kit",
    "Cisco Webex Room Kit Mini",
    "Cisco Webex Room Kit Pro",
    "Cisco Expressway-C",
    "Cisco Expressway-E",
    "Poly Studio X50",
    "Poly RealPresence Group 500",
)


@pytest.mark.parametrize(
    ("stated", "registered"),
    [
        ("Cisco Webex Room Kit Pro", "Cisco Webex Room Kit Pro"),
        ("CISCO  webex room-kit pro", "Cisco Webex Room Kit Pro"),
        ("Room Kit Pro", "Cisco Webex Room Kit Pro"),
        ("Room Kit", "Cisco Webex Room Kit"),
        ("expressway c", "Cisco Expressway-C"),
        ("Expressway", "Cisco Expressway-E"),
        ("Studio X50", "Poly Studio X50"),
        ("studio x 50", "Poly Studio X50"),
        ("Group 500", "Poly RealPresence Group 500"),
        ("Type of a kind", "Type of a kind"),
        ("Kit", "Another Kit"),
    ],
)
def test_a_type_is_matched_as_people_write_it(stated: str, registered: str) -> None:
    assert is_the_type(stated, registered, KNOWN)


@pytest.mark.parametrize(
    ("stated", "registered"),
    [
        ("Room Kit", "Cisco Webex Room Kit Pro"),
        ("Room Kit Pro", "Cisco Webex Room Kit"),
        ("Room Kit Pro", "Poly Studio X50"),
        ("Expressway-C", "Cisco Expressway-E"),
        ("Group 700", "Poly RealPresence Group 500"),
        ("", "Poly Studio X50"),
        ("…", "Poly Studio X50"),
        ("codec", "Poly Studio X50"),
    ],
)
def test_another_type_is_a_mismatch(stated: str, registered: str) -> None:
    assert not is_the_type(stated, registered, KNOWN)
