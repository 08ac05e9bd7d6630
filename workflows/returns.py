"""What must come back, each followed in a workflow of its own (SPEC §3)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.effects import EffectKey, ReturnKind, ReturnOrder

OUR_STOCK = "our stock"
"""Where an unused part of our own goes back to."""


def have_parts_returned(run: CaseExecution, kind: ReturnKind, articles: tuple[str, ...]) -> None:
    """Faulty parts go to the vendor; unused ones to whoever sent them."""
    from_stock = kind == "unused_part" and run.case.round.from_stock
    if articles:
        destination = OUR_STOCK if from_stock else run.equipment.vendor_name
        restocked = articles if from_stock else ()
        have_returned(run, kind, ", ".join(articles), destination=destination, restocked=restocked)


def have_returned(
    run: CaseExecution,
    kind: ReturnKind,
    item: str,
    *,
    destination: str,
    loan: EffectKey | None = None,
    restocked: tuple[str, ...] = (),
) -> None:
    """Have the way back of something followed; the case goes on meanwhile."""
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
        coverage=run.coverage,
    )
    run.outbox.post(order)
    run.note(f"{kind.replace('_', ' ')} {item} is to come back to {destination}", kind="return")
