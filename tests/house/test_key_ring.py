"""Where the keys come from, in which order, and what is said of a ring that cannot be used."""

import re
from pathlib import Path

import pytest

from config.key_ring import KEYS_FILE, KeyRing, ensure_keys_file, key_ring, new_entry
from config.settings import Settings, SettingsError

ENTRY = new_entry("k-one")
MATERIAL = ENTRY.partition(":")[2]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CURATIVE_KEYS")
    monkeypatch.setenv("CURATIVE_DATA_DIR", str(tmp_path))


def ids(ring: KeyRing | None) -> list[str]:
    assert ring is not None
    return [key.id for key in ring.keys]


@pytest.mark.parametrize(
    "text",
    [f"{ENTRY},{new_entry('k-two')}", f"# two\n\n {ENTRY} # one\n{new_entry('k-two')}\n"],
    ids=["in a variable", "in a file"],
)
def test_several_keys_the_first_one_first(text: str) -> None:
    assert ids(KeyRing.parse(text, "here")) == ["k-one", "k-two"]


def test_both_forms_of_base64_are_the_same_key() -> None:
    url_safe = MATERIAL.replace("+", "-").replace("/", "_").rstrip("=")
    assert KeyRing.parse(f"k-one:{url_safe}", "here") == KeyRing.parse(ENTRY, "here")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "here holds no key"),
        (new_entry("fingerprint"), "here holds no key"),
        (MATERIAL, "Key 1 of here has no usable id"),
        (f"{ENTRY} No_Name:{MATERIAL}", "Key 2 of here has no usable id"),
        (f"{ENTRY},{ENTRY}", "'k-one' stands more than once in here"),
        (f"k-one:{MATERIAL[:20]}", r"Key 1 of here \(k-one\) is no key: it must be 32 bytes in base64"),
        ("k-one:!%$", r"Key 1 of here \(k-one\) is no key"),
    ],
    ids=["nothing", "only fingerprints", "no id", "an id that is none", "twice the same id", "too short", "no base64"],
)
def test_a_ring_that_cannot_be_used_says_why_and_quotes_no_key(text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as refused:
        KeyRing.parse(text, "here")
    assert MATERIAL[:20] not in str(refused.value)


def test_keys_are_not_shown() -> None:
    ring = KeyRing.parse(ENTRY, "here")
    shown = repr(ring) + repr(Settings(keys=ENTRY))
    assert MATERIAL not in shown
    assert repr(ring.keys[0].material) not in shown


def test_the_variable_goes_before_the_file_and_that_before_the_data_directory(tmp_path: Path) -> None:
    ensure_keys_file(tmp_path / KEYS_FILE)
    other = tmp_path / "ring"
    other.write_text(new_entry("k-file"))
    assert ids(key_ring(Settings(keys=ENTRY, keys_file=other))) == ["k-one"]
    assert ids(key_ring(Settings(keys_file=other))) == ["k-file"]
    assert ids(key_ring(Settings())) == ids(KeyRing.read(tmp_path / KEYS_FILE))


def test_without_any_key_nothing_runs_unless_that_is_meant() -> None:
    with pytest.raises(SettingsError, match=r"No key is known to encrypt with: set CURATIVE_KEYS_FILE"):
        key_ring(Settings())
    assert key_ring(Settings(unencrypted=True)) is None


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"{tmp_path / 'none'} cannot be read (FileNotFoundError)")):
        key_ring(Settings(keys_file=tmp_path / "none"))


def test_a_ring_is_made_once_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / KEYS_FILE
    ensure_keys_file(path)
    made = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(ids(KeyRing.read(path))) == 1
    ensure_keys_file(path)
    assert path.read_text() == made
    assert [entry.name for entry in tmp_path.iterdir()] == [KEYS_FILE]
