"""Activation keys are recognised by whoever has them, and of no use to anybody else (SPEC §7.5)."""

import pytest

from domain.masking import Secret, mask, said_without_secrets, without_secrets

KEY = "ABCD-EFGH-JKLM-5678"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("ABCD-EFGH-1234", "AB…34"),
        ("ABCDE-FGHIJ-KLMNO-PQRST-UVWXY", "ABCD…VWXY"),
        ("A" * 100, "AAAA…AAAA"),
        ("12345", "…"),
        ("", "…"),
    ],
)
def test_at_most_a_third_of_a_key_is_shown(key: str, shown: str) -> None:
    assert mask(key) == shown


def test_a_secret_shows_itself_masked_and_travels_whole() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {[secret]}"
    assert secret.model_dump_json() == f'"{KEY}"'
    assert Secret.model_validate_json(f'"{KEY}"').reveal() == KEY


def test_fields_that_hold_keys_are_masked_in_any_message() -> None:
    shown = without_secrets("note", {"text": "two keys", "keys": [KEY, KEY], "deeper": [{"activation_key": KEY}]})
    assert KEY not in str(shown)
    assert "two keys" in str(shown)


@pytest.mark.parametrize("payload", [KEY, [KEY], {"kyes": [KEY]}, {KEY: 1}, [{"a": {"b": KEY}}], 1234567890123])
def test_a_message_with_keys_in_the_wrong_place_shows_none_of_them(payload: object) -> None:
    shown = str(without_secrets("activation_keys", payload))
    assert KEY not in shown
    assert "1234567890123" not in shown


def test_what_stands_beside_the_keys_is_shown() -> None:
    payload = {"serial_number": "FOC2735Y3TT", "keys": KEY, "complete": None}
    assert "'serial_number': 'FOC2735Y3TT'" in str(without_secrets("activation_keys", payload))


def test_a_refusal_that_quotes_a_key_shows_it_masked() -> None:
    refusal = f"{KEY}: unknown field; {KEY!r} is no list"
    assert KEY not in said_without_secrets(refusal, "activation_keys", {"keys": KEY, KEY: 1})
    assert said_without_secrets("text: missing", "note", {"text": None}) == "text: missing"


@pytest.mark.parametrize("field", ["serial_number", "comment", "at"])
def test_a_key_that_stands_in_another_field_as_well_is_not_shown_there(field: str) -> None:
    payload = {"keys": [KEY], field: f"use {KEY}", "deeper": [{"type": KEY}]}
    assert KEY not in str(without_secrets("activation_keys", payload))
