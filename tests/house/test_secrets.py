"""What is sealed opens with any key of the ring, in its place only, and is told apart without being opened."""

import pytest

from config.key_ring import KeyRing, new_entry
from config.secrets import SecretBox, SecretUnreadable

OLD, NEW, PRINTS = new_entry("old"), new_entry("new"), new_entry("fingerprint")
PLACE = "activation_keys/CE-11.2"


def box(*entries: str) -> SecretBox:
    return SecretBox(KeyRing.parse("\n".join(entries), "the test"))


def test_what_is_sealed_opens_and_shows_nothing() -> None:
    sealed = box(NEW).seal("ABCD-EFGH-é", PLACE)
    assert box(NEW).open(sealed, PLACE) == "ABCD-EFGH-é"
    assert b"ABCD" not in sealed


def test_the_same_text_is_sealed_in_other_bytes_each_time() -> None:
    assert box(NEW).seal("ABCD", PLACE) != box(NEW).seal("ABCD", PLACE)


def test_what_an_older_key_sealed_opens_after_a_rotation() -> None:
    sealed = box(OLD).seal("ABCD", PLACE)
    rotated = box(NEW, OLD)
    assert rotated.open(sealed, PLACE) == "ABCD"
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal("ABCD", PLACE))


def test_without_its_key_it_does_not_open_and_the_key_is_named() -> None:
    sealed = box(OLD).seal("ABCD", PLACE)
    with pytest.raises(SecretUnreadable, match="'old', which is not in the key ring"):
        box(NEW).open(sealed, PLACE)


def test_it_opens_in_its_place_only() -> None:
    sealed = box(NEW).seal("ABCD", PLACE)
    with pytest.raises(SecretUnreadable, match="altered, or belongs elsewhere"):
        box(NEW).open(sealed, "activation_keys/CE-12.0")


@pytest.mark.parametrize("cut", [0, 1, 2, 4, 10, -1])
def test_bytes_that_are_cut_off_do_not_open(cut: int) -> None:
    with pytest.raises(SecretUnreadable):
        box(NEW).open(box(NEW).seal("ABCD", PLACE)[:cut], PLACE)


@pytest.mark.parametrize("position", [1, 2, 5, 10, -1])
def test_bytes_that_were_altered_do_not_open(position: int) -> None:
    sealed = bytearray(box(NEW).seal("ABCD", PLACE))
    sealed[position] ^= 1
    with pytest.raises(SecretUnreadable):
        box(NEW).open(bytes(sealed), PLACE)


def test_fingerprints_tell_texts_apart_and_hide_them() -> None:
    prints = box(NEW, PRINTS).fingerprint
    assert prints("ABCD") == prints("ABCD") != prints("ABCE")
    assert len(prints("ABCD")) == 32
    assert box(NEW, new_entry("fingerprint")).fingerprint("ABCD") != prints("ABCD")


def test_fingerprints_stay_the_same_when_the_keys_rotate() -> None:
    before = box(OLD, PRINTS).fingerprint("ABCD")
    assert box(NEW, OLD, PRINTS).fingerprint("ABCD") == before
    assert box(NEW, PRINTS).fingerprint("ABCD") == before


def test_without_an_entry_of_its_own_the_oldest_key_makes_the_fingerprints() -> None:
    assert box(NEW, OLD).fingerprint("ABCD") == box(OLD).fingerprint("ABCD")


def test_the_oldest_key_can_go_when_its_fingerprints_are_kept() -> None:
    kept = f"fingerprint:{OLD.partition(':')[2]}"
    assert box(NEW, kept).fingerprint("ABCD") == box(OLD).fingerprint("ABCD")


def test_without_a_ring_texts_are_kept_as_they_are_and_open_with_a_ring_too() -> None:
    sealed = SecretBox(None).seal("ABCD", PLACE)
    assert SecretBox(None).open(sealed, PLACE) == box(NEW).open(sealed, PLACE) == "ABCD"
    assert SecretBox(None).is_current(sealed)
    assert not box(NEW).is_current(sealed)
    with pytest.raises(SecretUnreadable, match="no key ring"):
        SecretBox(None).open(box(NEW).seal("ABCD", PLACE), PLACE)
