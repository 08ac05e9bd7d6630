"""On site: the technician installs, configures and tests, so that service is fully restored (R9)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.finding import reserve_stock
from workflows.loan_process import end_loan
from workflows.outbox import tells_of_every_moment
from workflows.returns import have_faulty_parts_returned, have_unused_parts_returned
from workflows.visit_planning import chosen_slot, end_visit, hear_of_the_visit

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.effects import SerialExchanges
    from domain.messages import InterventionReport, SiteScheduling


async def on_site(run: CaseExecution) -> None:
    """Wait for the technician's report on the agreed slot; what happens until then may lead back to scheduling."""
    if run.begins():
        _expect(run)
    while run.is_at(Stage.ON_SITE):
        word = await run.next_message("intervention_report", "site_scheduling")
        if isinstance(word, InterventionReport):
            await _heed(run, word)
        elif isinstance(word, SiteScheduling):
            await _hear(run, word)


def _expect(run: CaseExecution) -> None:
    slot = chosen_slot(run, "replacement")
    assert slot is not None
    who = f" ({slot.technician})" if slot.technician else ""
    finding = run.case.round.finding
    work = "install, put the software right, configure" if finding and finding.also_software else "install, configure"
    visit = f"Visit on {slot.start:%a %Y-%m-%d %H:%M%z}{who}: {work}, test, report"
    run.enter(Party.TECHNICIAN, "field technician", visit)


async def _hear(run: CaseExecution, word: SiteScheduling) -> None:
    if await hear_of_the_visit(run, run.case.visit, word):
        _expect(run)
    else:
        run.go_to(Stage.SITE_SCHEDULING)


async def _heed(run: CaseExecution, report: InterventionReport) -> None:
    """What was done on site leads on, or back: the case never closes on a failed test (R9)."""
    run.inbox.drop("intervention_report", reason="not used: the visit it speaks of is over")
    if not await end_visit(run, run.case.visit, report):
        run.go_to(Stage.SITE_SCHEDULING)
        return
    run.settle("visit", "order", "vendor_request")
    run.case.since = report.instant
    await _exchange(run, report)
    if report.service_is_restored:
        _finish(run)
    elif report.outcome == "dead_on_arrival" and run.case.round.lines:
        await _order_again_at_once(run, report)
    else:
        _account_for_parts(run, report)
        run.back_to_level_2(report.summary, report.instant)
        run.case.round.is_owed_to_the_customer = tells_of_every_moment()


async def _exchange(run: CaseExecution, report: InterventionReport) -> None:
    """What was put in takes the place of what was taken out, in the registry too (R7)."""
    if not report.exchanges:
        return
    pairs = tuple((each.removed, each.installed) for each in report.exchanges)
    exchanges = SerialExchanges(key=run.next_key("exchange"), now=workflow.now(), exchanges=pairs)
    for sentence in await run.effects.exchange_serials(exchanges):
        run.note(sentence, kind="exchange")


def _finish(run: CaseExecution) -> None:
    """The replacement is in service: the faulty parts and a loan come back, and the case need not wait for them."""
    end_loan(run, "the equipment is in service again")
    have_faulty_parts_returned(run, run.case.round.articles_on_site)
    run.case.round.forget_parts_left()
    run.go_to(Stage.RESTORED)


def _account_for_parts(run: CaseExecution, report: InterventionReport) -> None:
    """What was taken out comes back, or what was not needed; the rest lies there for another visit."""
    round_ = run.case.round
    if report.outcome == "no_fault_found":
        have_unused_parts_returned(run, round_.articles_on_site, round_.own_articles_on_site)
    elif report.outcome == "completed" and report.installed:
        have_faulty_parts_returned(run, round_.articles_on_site)
    else:
        round_.leave_parts_on_site()
        return
    round_.forget_parts_left()


async def _order_again_at_once(run: CaseExecution, report: InterventionReport) -> None:
    """Dead on arrival: the same parts in a new round, without a new diagnosis, and urgently (R9)."""
    have_faulty_parts_returned(run, run.case.round.ordered_articles)
    old = run.begin_round(report.summary, report.instant)
    round_ = run.case.round
    round_.finding, round_.lines, round_.is_urgent = old.finding, old.lines, True
    in_stock = old.from_stock and await reserve_stock(run)
    run.go_to(Stage.SHIPMENT if in_stock else Stage.VENDOR_VALIDATION)
