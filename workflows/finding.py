"""What level 2 found, and where it leads: parts, from the vendor or our stock; hands; or software (R3, R5, R7)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.software_wait import ask_for_software, go_on_without_software, wait_for_software

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.case import Party, Stage
    from domain.effects import ArticleQuestion, StockRequest
    from domain.exchange import ExchangeLine, Verdict
    from domain.messages import RemoteDiagnosis
    from domain.promises import PromiseName


SOFTWARE_REQUEST = "software-request"
"""A fault of the software opens a software request; cases from before did without (`workflow.patched`)."""


async def heed_finding(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Go on by what was found: nobody has to remember to (R5)."""
    if word.outcome == "software_fault":
        _find_the_cause(run, word)
        await _have_the_software_put_right(run, word)
        return
    if word.outcome == "hardware_failure":
        await _replace_parts(run, word)
        return
    _find_the_cause(run, word)
    await go_on_without_software(run, word)
    await _ask_for_software_too(run, word)
    run.go_to(Stage.SITE_SCHEDULING)


async def _have_the_software_put_right(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Software is asked for, and waited for; without a request that can have it, level 2 sees to it (R3)."""
    if workflow.patched(SOFTWARE_REQUEST) and await ask_for_software(run, word):
        wait_for_software(run, word)
        return
    next_action = "Have the software put right and tested, then say how it ended (remote_diagnosis)"
    run.hand_over(Party.SUPPORT, "level 2", next_action, word.instant)


async def _ask_for_software_too(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Hardware and software together: the visit goes on, and tests what came of both (R3, R9)."""
    if word.also_software and workflow.patched(SOFTWARE_REQUEST):
        await ask_for_software(run, word)


async def _replace_parts(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Tell the articles apart; unknown ones, or nothing that may be replaced, leave the ball with level 2 (R7)."""
    question = ArticleQuestion(serial_number=run.case.serial_number, articles=word.defective_articles)
    lines = await run.effects.match_articles(question)
    unknown = [line.article for line in lines if line.verdict is Verdict.UNKNOWN]
    if unknown:
        _leave_it_with_level_2(run, word, f"name the articles as the catalogue does: {', '.join(unknown)} unknown")
        return
    _tell_what_is_excluded(run, lines)
    if not any(line.is_ordered for line in lines):
        _leave_it_with_level_2(run, word, "every article is a consumable, and excluded: find another way")
        return
    _find_the_cause(run, word)
    await go_on_without_software(run, word)
    run.case.round.lines = lines
    if word.also_software:
        run.note("the software is at fault too: to be put right and tested with the visit", kind="software")
        await _ask_for_software_too(run, word)
    in_stock = word.parts_from == "own_stock" and await reserve_stock(run)
    run.go_to(Stage.SHIPMENT if in_stock else Stage.VENDOR_VALIDATION)


def _find_the_cause(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Level 2 has kept its promise: the round goes on with what it found."""
    run.promises.fulfil(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
    run.case.round.finding = word
    run.case.since = word.instant


def _leave_it_with_level_2(run: CaseExecution, word: RemoteDiagnosis, why: str) -> None:
    run.note(f"back to level 2: {why}", kind="exchange")
    run.hand_over(Party.SUPPORT, "level 2", f"Diagnose again: {why}"[:500], word.instant)


def _tell_what_is_excluded(run: CaseExecution, lines: tuple[ExchangeLine, ...]) -> None:
    for line in lines:
        verdict = line.verdict.value.replace("_", " ")
        run.note(f"{line.quantity} × {line.article} {line.designation}: {verdict}, {line.reason}", kind="exchange")
    if any(line.verdict is Verdict.EXCLUDED for line in lines):
        run.tell("customer", notices.lines_excluded(run.about, lines))


async def reserve_stock(run: CaseExecution) -> bool:
    """Reserve the round's articles from our own stock; False when it has not got them, and the vendor is asked."""
    key = run.next_key("stock")
    run.commit("stock", key, f"the reservation {key.identifier} in our stock")
    articles = run.case.round.ordered_articles
    request = StockRequest(key=key, now=workflow.now(), site=run.equipment.site, articles=articles)
    answer = await run.effects.reserve_stock(request)
    run.case.round.from_stock = not answer.missing
    if answer.missing:
        run.settle("stock")
        run.note(f"our stock has not got {', '.join(answer.missing)}: the vendor is asked", kind="stock")
        return False
    run.note(f"reserved from our stock: {', '.join(articles)} ({', '.join(answer.locations)})", kind="stock")
    return True
