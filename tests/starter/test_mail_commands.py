"""`curative mail`: the mails of one machine, as a list and one by one."""

import json
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from activities.correspondence import Letterhead, Outgoing, composed
from activities.letter_writer import LetterWriter
from activities.mailer import MaildirMailer
from domain import notices
from domain.calendars import CalendarSpec
from domain.effects import EffectKey
from domain.provider import Provider
from domain.words import About
from tests.starter.conftest import Curative
from tests.starter.test_json_shapes import SHAPES, assert_has_shape

PROVIDER = Provider(
    name="Centre Support", phone="01.70.48.03.68", calendar=CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
)
CASE, OTHER = "CM-7K3Q-9XTB", "CM-0000-0001"


async def deliver(data_dir: Path, case: str, number: int, reason: str, to: str = "camille@lumiere.example") -> None:
    """One letter in the Maildir of that data directory."""
    words = notices.case_cancelled(About(case, "SX20 FOC1", "Lyon", "Europe/Paris"), reason)
    key = EffectKey(case=case, round=1, step=f"notice-customer-{number}")
    outgoing = Outgoing(key=key, now=datetime.fromisoformat(f"2027-05-10T09:0{number}+02:00"), address=to, words=words)
    letter = LetterWriter().write(words, PROVIDER)
    mail = composed(outgoing, letter, Letterhead("Support <s@provider.example>", None, "provider.example"))
    await MaildirMailer(data_dir / "mail").send(mail)


@pytest.fixture
async def letters(tmp_path: Path) -> Path:
    """Three mails; one of them was looked at by a mail program."""
    await deliver(tmp_path, CASE, 1, "first")
    await deliver(tmp_path, CASE, 2, "second", to="pilote@provider.example")
    await deliver(tmp_path, OTHER, 3, "\x1b]0;evil\x07[red]other[/red]")
    new = tmp_path / "mail" / "new" / f"{CASE}.1.notice-customer-1@provider.example"
    new.rename(tmp_path / "mail" / "cur" / f"{new.name}:2,S")
    return tmp_path


async def test_mails_are_listed_by_case_and_address_the_newest_last(curative: Curative, letters: Path) -> None:
    async def ids(*options: str) -> list[str]:
        listed = json.loads((await curative("mail", "list", "--json", "--data", str(letters), *options)).stdout)
        return [line["message_id"].partition("@")[0].removeprefix("<") for line in listed["mails"]]

    every = [f"{CASE}.1.notice-customer-1", f"{CASE}.1.notice-customer-2", f"{OTHER}.1.notice-customer-3"]
    assert await ids() == every
    assert await ids("--case", "cm-7k3q-9xtb") == every[:2]
    assert await ids("--to", "PILOTE@") == every[1:2]
    assert await ids("--limit", "1") == every[2:]
    table = await curative("mail", "list", "--data", str(letters))
    assert "Mon 10 May 2027 09:01 +0200" in table.stdout


async def test_a_mail_is_shown_by_its_id_or_how_it_begins(curative: Curative, letters: Path) -> None:
    shown = await curative("mail", "show", f"{CASE.lower()}.1.notice-customer-1", "--data", str(letters))
    assert "To: camille@lumiere.example" in shown.stdout
    assert "Votre dossier est annulé (first)." in shown.stdout
    listed = json.loads((await curative("mail", "list", "--json", "--data", str(letters))).stdout)
    assert_has_shape(listed, SHAPES["mails"], "mails")
    plain = json.loads((await curative("mail", "show", OTHER, "--json", "--data", str(letters))).stdout)
    assert_has_shape(plain, SHAPES["mail"], "mail")
    assert (plain["case"], plain["in_reply_to"]) == (OTHER, f"<{OTHER}@provider.example>")
    assert plain["date"] == "2027-05-10T09:03:00+02:00"


async def test_what_people_typed_does_not_speak_to_the_terminal(curative: Curative, letters: Path) -> None:
    shown = await curative("mail", "show", OTHER, "--data", str(letters))
    assert "\x1b" not in shown.stdout
    assert "[red]other[/red]" in shown.stdout


async def test_a_mail_is_printed_as_it_went_out(curative: Curative, letters: Path) -> None:
    raw = await curative("mail", "show", OTHER, "--raw", "--data", str(letters))
    assert message_from_bytes(raw.stdout_bytes)["Message-ID"] == f"<{OTHER}.1.notice-customer-3@provider.example>"


@pytest.mark.parametrize(("name", "said"), [(CASE, "2 mails begin so"), ("nobody", "no such mail"), ("", "no such")])
async def test_a_name_that_means_no_mail_or_several_is_not_found(
    curative: Curative, letters: Path, name: str, said: str
) -> None:
    result = await curative("mail", "show", name, "--data", str(letters))
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert said in result.stderr


async def test_where_no_mail_ever_went_out_there_is_none(curative: Curative, tmp_path: Path) -> None:
    listed = await curative("mail", "list", "--data", str(tmp_path))
    assert (listed.exit_code, listed.stdout) == (0, "No mail.\n")


async def test_who_has_a_mail_server_is_told_where_mails_go(
    curative: Curative, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATIVE_SMTP_URL", "smtp://user:secret@mail.example")
    listed = await curative("mail", "list", "--data", str(letters))
    assert "mail.example:25" in listed.stderr
    assert "secret" not in listed.stderr
