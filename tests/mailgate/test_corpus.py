"""Each mail of the corpus yields what the table beside it says (R12)."""

from typing import Any

import pytest

from mailgate.reading.items import Item
from mailgate.reading.mail import read_mail
from tests.mailgate.corpus import CORPUS, EXPECTED, understood

FILES = sorted(path.name for path in CORPUS.glob("*.eml"))


def shown(items: tuple[Item, ...]) -> list[list[str | None]]:
    """Items as the table writes them."""
    return [
        [item.serial_number, item.type, *(["unknown"] if item.serial_number and not item.is_known else [])]
        for item in items
    ]


def test_the_table_has_every_mail_and_no_other() -> None:
    assert sorted(EXPECTED) == FILES
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", FILES)
def test_it_yields_what_the_table_says(name: str) -> None:
    found, expected = understood((CORPUS / name).read_bytes()), EXPECTED[name]
    seen: dict[str, Any] = {"kind": found.kind.value}
    if "count" in expected:
        seen |= {"count": len(found.items), "first": shown(found.items[:1]), "last": shown(found.items[-1:])}
    elif found.items:
        seen["items"] = shown(found.items)
    seen |= {"broken": shown(found.broken)} if found.broken else {}
    seen |= {"reference": found.reference} if found.reference else {}
    seen |= {"blocking": True} if found.is_blocking and found.broken else {}
    if "from" in expected:
        seen["from"] = [found.requester.name, found.requester.email]
        seen |= {"phone": found.requester.phone} if found.requester.phone else {}
    if "text" in expected:
        seen["text"] = found.text
    assert seen == {name: value for name, value in expected.items() if name != "blocking" or found.broken}


@pytest.mark.parametrize("name", FILES)
def test_the_way_that_a_mail_took_does_not_make_it_another_mail(name: str) -> None:
    raw = (CORPUS / name).read_bytes()
    again = b"Received: from relay.example by mx.example; Fri, 3 Jul 2026 12:00:00 +0200\r\nX-Spam-Score: 0\r\n" + raw
    assert read_mail(again).digest == read_mail(raw).digest
