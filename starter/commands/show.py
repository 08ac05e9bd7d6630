"""`curative show`: one case, and why its promises are due when they are due."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from config.settings import Settings
from config.temporal import EngineUnreachable
from database.cases import CaseStore
from domain.coverage import Coverage
from domain.promise_explanations import PromiseExplanation, explain_promise
from domain.view import CaseView
from starter.answers import CaseNotFound, DatabaseUnreachable, NotAnswered, ShownCase, Source
from starter.commands.options import AsJson, Case, DataDir, Explain, run
from starter.connections import open_database, open_desk, settings_for
from starter.console import print_json, stdout
from starter.provider_zone import provider_zone
from starter.rendering.case_page import print_case
from starter.telling import recorded


def show(case: Case, explain: Explain = False, as_json: AsJson = False, data: DataDir = None) -> None:
    """Show a case: stage, who has the ball, promises, slots, journal.

    When no worker answers, the case is shown as it was last recorded, and says so.

    [bold]Examples[/bold]

      curative show CM-7K3Q-9XTB

      curative show FOC2735Y3TT --explain
    """
    settings = settings_for(data)
    shown, coverage, explanations = run(_look(settings, case, explain=explain))
    if as_json:
        explained = {"explanations": [item.model_dump(mode="json") for item in explanations]} if explain else {}
        print_json({**shown.view.model_dump(mode="json"), "source": shown.source.value, **explained})
        return
    print_case(stdout(), shown, run(_zone(settings, shown, coverage)))
    if explain:
        _print_explanations(stdout(), explanations)


async def _look(
    settings: Settings, case: str, *, explain: bool
) -> tuple[ShownCase, Coverage | None, list[PromiseExplanation]]:
    """The case, its coverage as far as it can be had, and its promises explained when that is asked for."""
    try:
        async with open_desk(settings) as desk:
            found = await desk.resolve(case)
            shown = await desk.show(found)
            from_workflow = shown.source is Source.WORKFLOW
            coverage = await desk.coverage(found) if from_workflow else None
            promises = await desk.promises(found) if explain and coverage else None
    except EngineUnreachable as away:
        shown, coverage, promises = await _recorded(settings, case, away), None, None
    if explain and shown.view.promises and (promises is None or coverage is None):
        raise NotAnswered("The promises cannot be explained now: no worker answers; show the case without --explain.")
    explained = [explain_promise(item, coverage.provider, coverage.site) for item in promises or () if coverage]
    return shown, coverage, explained


async def _recorded(settings: Settings, case: str, away: EngineUnreachable) -> ShownCase:
    """The case as it was last recorded; the engine's absence is the error when the database is away too."""
    try:
        async with open_database(settings) as pool:
            view = await recorded(CaseStore(pool), case, CaseView)
    except DatabaseUnreachable:
        raise away from None
    if view is None:
        raise CaseNotFound(case)
    return ShownCase(view=view, source=Source.READ_MODEL)


async def _zone(settings: Settings, shown: ShownCase, coverage: Coverage | None) -> tzinfo:
    """The provider's zone as the case knows it, else as the registry does, else UTC."""
    if coverage is not None:
        return ZoneInfo(coverage.provider.tz)
    return await provider_zone(settings, shown.view.site) if shown.view.site else UTC


def _print_explanations(console: Console, explanations: list[PromiseExplanation]) -> None:
    for explanation in explanations:
        console.print()
        console.print(Text(explanation.id.replace("_", " "), style="bold"))
        for line in explanation.lines:
            console.print(Text(f"  {line}"), soft_wrap=True)
