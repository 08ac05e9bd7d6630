"""Delivery by e-mail to registered contacts: what is ready goes at once, whatever else waits (R11, R13)."""

import asyncio
from collections import defaultdict

from temporalio import workflow

from workflows.software.execution import SoftwareExecution
from workflows.software.keys import demand_of

with workflow.unsafe.imports_passed_through():
    from domain import software_notices as notices
    from domain.effects import Deliveries, Delivery
    from domain.software_items import Item, ItemState


def deliver(run: SoftwareExecution) -> None:
    """One letter to each registered contact, for all that is ready for them and in no letter yet."""
    in_letters = {number for delivery in run.update.deliveries for number in delivery.items}
    ready: dict[str, list[Item]] = defaultdict(list)
    for item in run.update.in_state(ItemState.READY):
        if item.number not in in_letters and item.card is not None:
            ready[item.card.deliver_to].append(item)
    for address, items in ready.items():
        words = notices.delivered(run.update, items)
        notice = run.notice(run.update.next_key("delivery"), "customer", address, words)
        keys_of = tuple(demand_of(run, item) for item in items if item.keys)
        numbers = tuple(item.number for item in items)
        run.update.deliveries.append(Delivery(notice=notice, items=numbers, keys_of=keys_of))


async def keep_delivering(run: SoftwareExecution) -> None:
    """Have letters sent, all that there are at a time. One that is refused for now is tried again by itself."""
    sending: set[asyncio.Task[None]] = set()
    while True:
        await workflow.wait_condition(lambda: bool(_waiting(run)) or any(task.done() for task in sending))
        for task in [task for task in sending if task.done()]:
            sending.discard(task)
            task.result()
        if batch := _waiting(run):
            run.deliveries_under_way |= {delivery.notice.key.identifier for delivery in batch}
            sending.add(asyncio.create_task(_send(run, batch)))


def _waiting(run: SoftwareExecution) -> tuple[Delivery, ...]:
    """The letters that nobody is sending."""
    under_way = run.deliveries_under_way
    return tuple(each for each in run.update.deliveries if each.notice.key.identifier not in under_way)


async def _send(run: SoftwareExecution, batch: tuple[Delivery, ...]) -> None:
    handed_over = await run.effects.deliver_software(Deliveries(now=workflow.now(), deliveries=batch))
    gone = set(handed_over.identifiers)
    run.deliveries_under_way -= {delivery.notice.key.identifier for delivery in batch}
    run.update.deliveries = [each for each in run.update.deliveries if each.notice.key.identifier not in gone]
    for delivery in batch:
        if delivery.notice.key.identifier in gone:
            _is_delivered(run, delivery)
    for refused in handed_over.refused:
        run.note(f"a letter is refused for good: {refused.summary}", kind="letter")


def _is_delivered(run: SoftwareExecution, delivery: Delivery) -> None:
    now, update = workflow.now(), run.update
    items = [item for item in update.items if item.number in delivery.items]
    for item in items:
        release = update.releases.get(item.release or "")
        item.answer(ItemState.DELIVERED, f"{release.version} is delivered" if release else "delivered", now)
        item.is_told = delivery.notice.address.casefold() == run.requester_address.casefold()
    names = ", ".join(item.name for item in items[:10]) + (" …" if len(items) > 10 else "")
    whom = "the registered contact" if delivery.notice.address else "the coordinator, since no contact is registered"
    run.note(f"delivered to {whom}: {names}", kind="delivery", at=now)
