"""`curative report`, `send`, `show` and `list`, from the call on."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.worker import Worker
from typer.testing import Result

from database.registry_import import SAMPLE_DIRECTORY
from tests.starter.conftest import EXPIRED_CONTRACT, Curative
from tests.starter.waiting import until

pytestmark = pytest.mark.usefixtures("worker")


def answered(result: Result, code: int = 0) -> dict[str, Any]:
    """The JSON that a command printed."""
    assert result.exit_code == code, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


async def reported(curative: Curative, serial_number: str, *more: str) -> dict[str, Any]:
    """A case that was opened at the command line; the answer as JSON."""
    caller = ("--by", "A. Petit", "--symptom", "no [bold]picture[/bold]")
    return answered(await curative("report", "--serial", serial_number, *caller, *more, "--json"))


async def test_a_report_is_told_its_reference_and_what_is_due(curative: Curative, serial_number: str) -> None:
    result = await curative("report", "--serial", serial_number, "--by", "A. Petit", "--symptom", "no picture")
    assert result.exit_code == 0
    assert result.stdout.startswith("CM-")
    assert "accepted" in result.stdout
    assert "level 1 answer due" in result.stdout
    assert "(Europe/Paris)" in result.stdout


async def test_a_rejected_report_ends_with_3_and_the_reason(curative: Curative) -> None:
    result = await curative("report", "--serial", EXPIRED_CONTRACT, "--by", "A. Petit", "--symptom", "no picture")
    assert result.exit_code == 3
    assert "rejected" in result.stdout
    assert "CTR-2021-0093 is not in force" in result.stdout


async def test_an_exception_covers_what_the_contract_does_not(curative: Curative) -> None:
    answer = await reported(curative, EXPIRED_CONTRACT, "--exception", "goodwill", "--reason", "renewal is signed")
    assert answer["status"] == "accepted"
    assert answer["view"]["basis"] == "exception (goodwill) by A. Petit: renewal is signed"


async def test_a_message_is_sent_and_the_case_is_shown(curative: Curative, serial_number: str) -> None:
    case = (await reported(curative, serial_number))["reference"]
    sent = await curative("send", case, "assignment", "--json", '{"owner": "Imane"}')
    assert sent.exit_code == 0
    assert f"{case}  taken" in sent.stdout
    shown = await curative("show", case)
    assert shown.exit_code == 0
    assert "Imane" in shown.stdout
    assert "degraded: no [bold]picture[/bold]" in shown.stdout
    assert "level 1 answer.1" in shown.stdout


async def test_a_payload_comes_from_a_file_or_stdin(curative: Curative, serial_number: str, tmp_path: Path) -> None:
    case = (await reported(curative, serial_number))["reference"]
    (tmp_path / "note.json").write_text('{"text": "from a file"}', encoding="utf-8-sig")
    assert (await curative("send", case, "note", "--json", f"@{tmp_path}/note.json")).exit_code == 0
    assert (await curative("send", case, "note", "--json", "-", stdin='{"text": "from stdin"}')).exit_code == 0
    texts = [line["text"] for line in answered(await curative("show", case, "--json"))["journal"]]
    assert texts[-2:] == ["from a file", "from stdin"]


async def test_actor_and_message_id_are_merged_into_the_payload(curative: Curative, serial_number: str) -> None:
    case = (await reported(curative, serial_number))["reference"]
    arguments = ("send", case, "note", "--actor", "coordinator:Noor", "--message-id", "n1", "--json", '{"text": "x"}')
    for _ in range(2):
        assert answered(await curative(*arguments, "--output", "json"))["disposition"] == "taken"
    notes = [line for line in answered(await curative("show", case, "--json"))["journal"] if line["kind"] == "note"]
    assert [line["actor"] for line in notes] == ["coordinator:Noor"]


async def test_at_is_the_vendor_s_decided_at(curative: Curative, serial_number: str) -> None:
    case = (await reported(curative, serial_number))["reference"]
    result = await curative(
        *("send", case, "vendor_validation", "--at", "2020-01-06T10:00:00+01:00", "--json", '{"decision": "approved"}')
    )
    assert result.exit_code == 3
    assert result.stderr.startswith("decided_at: ")


async def test_a_signal_is_recorded_without_an_answer(curative: Curative, serial_number: str) -> None:
    case = (await reported(curative, serial_number))["reference"]
    sent = answered(
        await curative("send", case, "note", "--signal", "--json", '{"text": "by signal"}', "--output", "json")
    )
    assert (sent["disposition"], sent["case"]) == ("sent", None)
    assert "by signal" in (await curative("show", case)).stdout


async def test_a_refused_message_ends_with_3_and_one_line(curative: Curative, serial_number: str) -> None:
    case = (await reported(curative, serial_number))["reference"]
    result = await curative("send", case, "intervention_report", "--json", '{"technician": "Yanis"}')
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "outcome: this field is required\n"


async def test_an_unknown_case_ends_with_4(curative: Curative) -> None:
    for arguments in (("show", "CM-0000-0000"), ("send", "NEVER-REPORTED", "note", "--json", '{"text": "x"}')):
        result = await curative(*arguments)
        assert result.exit_code == 4
        assert "no case is known" in result.stderr


async def test_show_explains_each_due_instant(curative: Curative, serial_number: str) -> None:
    case = (await reported(curative, serial_number))["reference"]
    result = await curative("show", case, "--explain")
    assert "level 1 answer.1\n  Counted from " in result.stdout
    shown = answered(await curative("show", case, "--explain", "--json"))
    assert [item["id"] for item in shown["explanations"]] == [item["id"] for item in shown["promises"]]
    assert [item["due_at"] for item in shown["explanations"]] == [item["due_at"] for item in shown["promises"]]


async def test_list_filters(curative: Curative, serial_numbers: Iterator[str]) -> None:
    first = (await reported(curative, next(serial_numbers), "--impact", "blocking"))["reference"]
    second = (await reported(curative, next(serial_numbers)))["reference"]

    async def listed(*options: str) -> list[str]:
        return [line["reference"] for line in answered(await curative("list", *options, "--json"))["cases"]]

    async def both_are_recorded() -> bool:
        return sorted(await listed("--stage", "remote_diagnosis")) == sorted([first, second])

    await until(both_are_recorded)
    assert await listed("--owner", "level 2") == [first]
    assert await listed("--waiting-for", "vendor") == []
    assert await listed("--customer", "ALSAVIE") == []
    assert await listed("--promise-state", "on_track", "--limit", "1") != []
    page = await curative("list")
    assert first in page.stdout
    assert second in page.stdout
    assert "2 cases. All times: Europe/Paris" in page.stdout


async def test_a_case_is_shown_as_last_recorded_while_temporal_is_away(
    curative: Curative, serial_number: str, worker: Worker
) -> None:
    case = (await reported(curative, serial_number))["reference"]

    async def is_recorded() -> bool:
        return (await curative("show", case, TEMPORAL_ADDRESS="127.0.0.1:1")).exit_code == 0

    await until(is_recorded)
    shown = answered(await curative("show", case, "--json", TEMPORAL_ADDRESS="127.0.0.1:1"))
    assert (shown["reference"], shown["source"]) == (case, "read_model")
    assert (await curative("show", "NO-SUCH-1", TEMPORAL_ADDRESS="127.0.0.1:1")).exit_code == 4
    explained = await curative("show", case, "--explain", TEMPORAL_ADDRESS="127.0.0.1:1")
    assert explained.exit_code == 5
    assert "cannot be explained now" in explained.stderr


async def test_many_reports_from_a_file(curative: Curative, serial_numbers: Iterator[str], tmp_path: Path) -> None:
    one, two = next(serial_numbers), next(serial_numbers)
    path = tmp_path / "reports.csv"
    path.write_text(
        "serial_number;reported_by;symptom;impact;reported_at\n"
        f"{one};A. Petit;no picture;blocking;\n"
        f"{two};B. Roux;no sound;;\n"
        "two words;C. Blanc;no sound;;\n"
        f"{EXPIRED_CONTRACT};D. Noir;no sound;;\n"
        f"{two};B. Roux;no sound;;2026-06-11T08:00:00\n",
        encoding="utf-8-sig",
    )
    outcome = answered(await curative("report", "--file", str(path), "--json"), code=2)
    assert {status: n for status, n in outcome["counts"].items() if n} == {"accepted": 2, "rejected": 1, "wrong": 2}
    assert [line["status"] for line in outcome["lines"]] == ["accepted", "accepted", "wrong", "rejected", "wrong"]
    assert [line["line"] for line in outcome["lines"]] == [2, 3, 4, 5, 6]
    assert outcome["lines"][2]["reason"].startswith("serial_number: 'two words' is not a serial number")

    again = answered(await curative("report", "--file", str(path), "--json"), code=2)
    assert [line["reference"] for line in again["lines"]] == [line["reference"] for line in outcome["lines"]]

    page = await curative("report", "--file", str(path))
    assert page.exit_code == 2
    assert "2 accepted, 1 rejected, 2 wrong" in page.stdout


async def test_a_file_with_a_rejected_line_only_ends_with_3(curative: Curative, tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("serial_number,reported_by,symptom\nNO-SUCH-1,A. Petit,no picture\n")
    assert (await curative("report", "--file", str(path))).exit_code == 3


async def test_a_registry_is_checked_and_imported(curative: Curative, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE_DIRECTORY, tmp_path / "registry")
    directory = str(tmp_path / "registry")
    assert answered(await curative("registry", "check", directory, "--json"))["errors"] == []
    summary = answered(await curative("registry", "import", directory, "--json"))
    assert all(file["added"] == file["changed"] == 0 for file in summary["files"])

    with (tmp_path / "registry" / "equipment.csv").open("a", encoding="utf-8") as file:
        file.write("two words,Poly G7500,BRU-PAR,,1\n")
    for command in ("check", "import"):
        result = await curative("registry", command, directory)
        assert result.exit_code == 2
        assert "equipment.csv:" in result.stderr
    assert (await curative("registry", "import", directory, DATABASE_URL="postgresql://x@127.0.0.1:1/x")).exit_code == 5
