"""What must come back, each followed in a workflow of its own (SPEC §3)."""

from collections import Counter

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.effects import EffectKey, ReturnKind, ReturnOrder

OUR_STOCK = "our stock"
"""Where an unused part of our own goes back to."""


def have_faulty_parts_returned(run: CaseExecution, articles: tuple[str, ...]) -> None:
    """What was taken out goes to the vendor."""
    if articles:
        have_returned(run, "faulty_part", ", ".join(articles), destination=run.equipment.vendor_name)


def have_unused_parts_returned(run: CaseExecution, articles: tuple[str, ...], from_stock: tuple[str, ...]) -> None:
    """What was not needed goes to whoever sent it; `from_stock` says which of it we did."""
    if from_stock:
        have_returned(run, "unused_part", ", ".join(from_stock), destination=OUR_STOCK, restocked=from_stock)
    theirs = tuple((Counter(articles) - Counter(from_stock)).elements())
    if theirs:
        have_returned(run, "unused_part", ", ".join(theirs), destination=run.equipment.vendor_name)


def have_returned(
    run: CaseExecution,
    kind: ReturnKind,
    item: str,
    *,
    destination: str,
    loan: EffectKey | None = None,
    restocked: tuple[str, ...] = (),
    fault: str | None = None,
) -> None:
    """Have the way back of something followed; the case goes on meanwhile. `fault` is what is wrong with it."""
    card = run.equipment
    order = ReturnOrder(
        key=run.next_key(f"return-{kind.replace('_', '-')}"),
        now=workflow.now(),
        kind=kind,
        item=item,
        customer=card.customer,
        site=card.site,
        site_name=card.site_name,
        contact_email=card.contact_email,
        destination=destination,
        loan=loan,
        restocked=restocked,
        fault=fault,
        coverage=run.coverage,
    )
    run.outbox.post(order)
    run.note(f"{kind.replace('_', ' ')} {item} is to come back to {destination}", kind="return")
