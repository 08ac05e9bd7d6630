"""reports.csv: what is wrong with a line is said of that line, and the same line is the same report."""

from pathlib import Path

import pytest

from starter.answers import WrongInput
from starter.report_file import ReportLine, read_reports

HEADER = "serial_number,reported_by,symptom,phone,email,impact,reported_at,channel\n"


def lines_of(tmp_path: Path, text: str, encoding: str = "utf-8") -> tuple[ReportLine, ...]:
    path = tmp_path / "reports.csv"
    path.write_bytes(text.encode(encoding))
    return read_reports(path)


def test_a_line_is_a_report(tmp_path: Path) -> None:
    (line,) = lines_of(
        tmp_path,
        HEADER + 'foc1, A. Petit ,"no picture,\nno sound",01,a@b.fr,blocking,2026-06-11T08:00:00+02:00,e-mail\n',
    )
    report = line.report
    assert report is not None
    assert (report.serial_number, report.symptom, report.impact) == ("FOC1", "no picture,\nno sound", "blocking")
    assert (report.reported_by.name, report.reported_by.phone, report.reported_by.email) == ("A. Petit", "01", "a@b.fr")
    assert report.channel == "e-mail"
    assert report.reported_at is not None
    assert report.reported_at.isoformat() == "2026-06-11T08:00:00+02:00"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_line_ends_and_the_byte_order_mark(
    tmp_path: Path, separator: str, encoding: str, newline: str
) -> None:
    text = newline.join(["symptom,serial_number,reported_by", "écran noir,X1,Zoé", ""]).replace(",", separator)
    (line,) = lines_of(tmp_path, text, encoding)
    assert line.report is not None
    assert (line.report.symptom, line.report.reported_by.name) == ("écran noir", "Zoé")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("X1,A,,,,,,", "symptom: this field is required"),
        ("X1,,no picture,,,,,", "reported_by"),
        (",A,no picture,,,,,", "serial_number: this field is required"),
        ("X1,A,no picture,,,huge,,", "impact: must be"),
        ("X1,A,no picture,,,,2026-06-11T08:00:00,", "reported_at: "),
        ("X1,A,no picture", "number of columns"),
        ('X1,"A"B,no picture,,,,,', "expected after"),
        ("X1,A,no picture,,,,,phone,more", "number of columns"),
    ],
)
def test_a_wrong_line_says_why_and_stops_no_other(tmp_path: Path, text: str, reason: str) -> None:
    wrong, right = lines_of(tmp_path, f"{HEADER}{text}\nX2,B,no sound,,,,,\n")
    assert (wrong.line, wrong.report) == (2, None)
    assert reason in (wrong.reason or "")
    assert right.report is not None


def test_a_quotation_that_never_ends_is_said_of_the_line_where_it_begins(tmp_path: Path) -> None:
    right, wrong = lines_of(tmp_path, HEADER + 'X1,A,b,,,,,\nX2,"A,b,,,,,\nX3,A,b,,,,,\n')
    assert right.report is not None
    assert (wrong.line, wrong.report, wrong.reason) == (3, None, "unexpected end of data")


def test_the_same_line_is_the_same_report_wherever_it_stands(tmp_path: Path) -> None:
    one, other, same = lines_of(tmp_path, HEADER + "X1,A,b,,,,,\nX1,A,c,,,,,\n X1 ,A,b,,,,,\n")
    ids = [line.report.message_id if line.report else None for line in (one, other, same)]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "column serial_number, reported_by, symptom is missing"),
        ("serial_number,symptom\n", "column reported_by is missing"),
        ("serial_number,reported_by,symptom,symptom\n", "column symptom is there more than once"),
        ("serial_number,reported_by,symptom,colour\n", "column colour is not known"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(WrongInput, match=reason):
        lines_of(tmp_path, text)


def test_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongInput, match="cannot be read"):
        read_reports(tmp_path / "reports.csv")
