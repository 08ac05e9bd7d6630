"""What a workflow has to say to others: a report handed over, a return to follow, news for other cases (SPEC §3)."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import JsonValue
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.messenger import WorkflowMessenger
from database.software_requests import SoftwareRequestStore
from domain.case import Outcome
from domain.effects import (
    CallHandedOver,
    CallHandOver,
    CaseWords,
    HandOver,
    NoticeBatch,
    ReturnOrder,
    SoftwareOrder,
    SoftwareOrdered,
    SoftwareWithdrawal,
)
from domain.messages import MessageRefused

NOT_HANDED_OVER = ("case", "message_id", "actor", "at")
"""What a report says of its way to its first case, and not of the fault."""


class MessageActivities:
    """Tells other workflows, each under an id made of the effect's key, so that a repeat changes nothing there."""

    def __init__(self, messenger: WorkflowMessenger, requests: SoftwareRequestStore | None = None) -> None:
        self._messenger = messenger
        self._requests = requests

    @activity.defn
    async def hand_over_report(self, hand_over: HandOver) -> str:
        """Give the report to the case of the right equipment; answers the reference of that case.

        Fails for good, with type MessageRefused, when no case can have it.
        """
        besides: dict[str, JsonValue] = {"moved_from": hand_over.moved_from}
        if hand_over.diagnosis is not None:
            besides["diagnosis"] = hand_over.diagnosis
        with _refused_for_good():
            return (await self._messenger.open_case(_handed_over(hand_over), besides)).reference

    @activity.defn
    async def hand_over_call(self, hand_over: CallHandOver) -> CallHandedOver:
        """Give what was a call to a curative case, which begins where the diagnosis ended.

        Fails for good, with type MessageRefused, when no case can have it.
        """
        besides: dict[str, JsonValue] = {"diagnosis": hand_over.diagnosis}
        report = {**hand_over.report, "message_id": hand_over.key.identifier}
        with _refused_for_good():
            case = await self._messenger.open_case(report, besides)
        return CallHandedOver(
            reference=case.reference,
            workflow_id=case.workflow_id,
            is_new=case.call == hand_over.key.case,
            rejected_because=case.outcome_reason if case.outcome is Outcome.REJECTED else None,
        )

    @activity.defn
    async def request_software(self, order: SoftwareOrder) -> SoftwareOrdered:
        """Have software looked for, for one piece of equipment. Fails for good, with type MessageRefused."""
        joins = await self._requests.open_request(order.serial_number) if self._requests else None
        with _refused_for_good():
            return await self._messenger.request_software(order, joins)

    @activity.defn
    async def withdraw_software(self, withdrawal: SoftwareWithdrawal) -> None:
        """Wait no more for a software request."""
        await self._messenger.withdraw_software(withdrawal)

    @activity.defn
    async def start_return(self, order: ReturnOrder) -> None:
        """Have the way back of a part or a loan unit followed."""
        await self._messenger.start_return(order)

    @activity.defn
    async def start_letters(self, batch: NoticeBatch) -> None:
        """Have the last letters of a case sent for as long as it takes; it does not wait for them."""
        await self._messenger.start_letters(batch)

    @activity.defn
    async def tell_cases(self, told: CaseWords) -> None:
        """Signal each of the cases; one that has ended meanwhile needs to know no more."""
        for number, word in enumerate(told.words, start=1):
            message_id = f"{told.key.identifier}.{number}"
            await self._messenger.signal(word.workflow_id, word.name, {**word.payload, "message_id": message_id})


@contextmanager
def _refused_for_good() -> Iterator[None]:
    """What was refused is not asked again; the workflow is told why."""
    try:
        yield
    except MessageRefused as refusal:
        raise ApplicationError(
            str(refusal), {"field": refusal.field}, type="MessageRefused", non_retryable=True
        ) from None


def _handed_over(hand_over: HandOver) -> dict[str, JsonValue]:
    """The report with its own instant, under the right serial number.

    That instant was accepted when the report came in, however long ago: the first case vouches for it as a supervisor
    does, who may enter what is older than a business day (SPEC §4).
    """
    report = {field: value for field, value in hand_over.report.items() if field not in NOT_HANDED_OVER}
    return {
        **report,
        "serial_number": hand_over.serial_number,
        "reported_at": report.get("reported_at") or hand_over.report.get("at"),
        "actor": f"supervisor:correction of {hand_over.moved_from}",
        "message_id": hand_over.key.identifier,
    }
