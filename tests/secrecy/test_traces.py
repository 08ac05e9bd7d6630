"""The search of what is stored finds a key and a person in whatever way they are written down."""

import base64
import binascii
import json
import random

import pytest

from domain.masking import mask
from tests.secrecy.traces import traces_of_keys, traces_of_people

KEY = "K7QW2-M4XZ9-P3HT6-R8BN5"
NAME, PHONE, PLACE = "Séverine Quatrebarbes", "+33 6 51 47 92 08", "3 rue de l'Écluse"

WRITTEN = {
    "as it is": KEY.encode(),
    "in lower case": KEY.lower().encode(),
    "without dashes": KEY.replace("-", "").encode(),
    "with blanks": KEY.replace("-", " ").encode(),
    "over two lines": KEY.replace("P3", "P3\n").encode(),
    "all but its last group": KEY[:-6].encode(),
    "its last group": b"ends in R8BN5.",
    "in base64": base64.b64encode(f"{{{KEY}}}".encode()),
    "in base64, further back": base64.b64encode(f"it is {KEY}".encode()),
    "in base64, in lower case and without dashes": base64.b64encode(KEY.lower().replace("-", "").encode()),
    "in hexadecimal": binascii.hexlify(KEY.encode()),
    "in UTF-16": KEY.encode("utf-16"),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_key_is_found(how: str) -> None:
    assert traces_of_keys([KEY], {"a place": b"before " + WRITTEN[how] + b" after"}) == [f"{KEY} in a place"]


@pytest.mark.parametrize("code", ["utf-8", "latin-1", "utf-16"])
@pytest.mark.parametrize("word", [NAME, PLACE])
def test_a_person_is_found(code: str, word: str) -> None:
    encoded = f"({word})".encode(code)
    for written in (encoded, base64.b64encode(encoded), binascii.hexlify(encoded), json.dumps(word).encode()):
        assert traces_of_people([word], {"a place": written}) == [f"{word} in a place"]


@pytest.mark.parametrize("written", [PHONE, "06 51 47 92 08", "0651479208", "tel:+33-651-479208"])
def test_a_telephone_number_is_found(written: str) -> None:
    assert traces_of_people([PHONE], {"a place": f"<{written}>".encode()})


def test_what_is_masked_is_not_found_nor_what_is_random() -> None:
    noise = random.Random(1).randbytes(1_000_000)
    stored = {
        "masked": mask(KEY).encode(),
        "noise": noise,
        "as text": base64.b64encode(noise),
        "hex": noise.hex().encode(),
    }
    assert traces_of_keys([KEY], stored) == []
    assert traces_of_people([NAME, PHONE, PLACE], stored) == []
