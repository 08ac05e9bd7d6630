"""The demo's stories as a person would tell them."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.view import CaseView
from starter.console import add_row, table
from starter.demo import ToldDemo, ToldStory
from starter.mail_story import ToldRequest
from starter.maildir import MailLine
from starter.rendering.case_page import wait_table
from starter.rendering.instants import minute
from starter.rendering.software_page import item_table, software_promise_table
from starter.rendering.tables import promise_table


def print_demo(console: Console, demo: ToldDemo) -> None:
    """Every story, one after the other."""
    for number, story in enumerate(demo.stories, start=1):
        console.rule(Text(f"{number}. {story.title}", style="bold"), align="left")
        for line in _opening(story):
            console.print(line, soft_wrap=True)
        if story.view.promises:
            _print_course(console, story)
        _print_mails(console, story.sent)
        console.print()
    console.rule(Text(f"{len(demo.stories) + 1}. {demo.request.title}", style="bold"), align="left")
    _print_request(console, demo.request, ZoneInfo(demo.stories[0].time_zone))


def _print_request(console: Console, told: ToldRequest, zone: tzinfo) -> None:
    """The mails that came in over SMTP, what became of each item, and what was answered."""
    view = told.view
    console.print(Text(f"{view.reference}: asked by mail, {view.requested_by}, {', '.join(view.customers)}"))
    for mail in told.received:
        console.print(Text(f"Came in over SMTP: {mail.subject}"), soft_wrap=True)
    outcome = view.outcome.value.replace("_", " ") if view.outcome else "still open"
    style = "bold green" if told.as_expected else "bold red"
    unexpected = "" if told.as_expected else " – this is not how the story should end"
    console.print(Text(f"Ended: {outcome} – {view.delivered} of {len(view.items)} delivered{unexpected}", style=style))
    for part in (item_table(view, zone), software_promise_table(view, zone)):
        console.print()
        console.print(part)
    _print_mails(console, told.sent)


def _print_mails(console: Console, mails: Sequence[MailLine]) -> None:
    if mails:
        console.print()
        shown = table("to", "subject", title="Mails that went out")
        for mail in mails:
            add_row(shown, mail.to, mail.subject)
        console.print(shown)


def _opening(story: ToldStory) -> Iterator[Text]:
    view, zone = story.view, ZoneInfo(story.time_zone)
    kind = f" ({view.equipment_type})" if view.equipment_type else ""
    yield Text(f"{view.reference}: {view.serial_number}{kind}, {view.customer_name}, {view.site_name}")
    yield Text(f"Reported {minute(view.reported_at, zone)}: {view.symptom}")
    outcome = view.outcome.value.replace("_", " ") if view.outcome else "still open"
    style = "bold green" if story.as_expected else "bold red"
    unexpected = "" if story.as_expected else " – this is not how the story should end"
    yield Text(f"Ended {minute(view.closed_at, zone)}: {outcome} – {view.outcome_reason}{unexpected}", style=style)
    yield Text(f"All times: {zone}", style="dim")


def _print_course(console: Console, story: ToldStory) -> None:
    view, zone = story.view, ZoneInfo(story.time_zone)
    for part in (_course(view, zone), wait_table(view, zone), promise_table(view.promises, zone)):
        console.print()
        console.print(part)
    if story.delivery is not None:
        console.print()
        console.print(Text("Why the delivery was due then", style="bold"))
        for line in story.delivery.lines:
            console.print(Text(f"  {line}"), soft_wrap=True)
        if view.delivery_missed_through:
            through = view.delivery_missed_through.replace("_", " ")
            console.print(Text(f"  The day after the incident was missed through: {through}."), soft_wrap=True)


def _course(view: CaseView, zone: tzinfo) -> Table:
    """The journal, its stages set apart."""
    shown = table("at", "who", "what happened", title="What happened")
    for line in view.journal:
        style = "bold" if line.kind == "stage" else ""
        add_row(shown, minute(line.at, zone), line.actor, Text(line.text, style=style))
    return shown
