"""What a workflow has to say to others: a report handed over, a return to follow, news for other cases (SPEC §3)."""

from pydantic import JsonValue
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.messenger import WorkflowMessenger
from domain.effects import CaseWords, HandOver, NoticeBatch, ReturnOrder
from domain.messages import MessageRefused

NOT_HANDED_OVER = ("case", "message_id", "actor", "at")
"""What a report says of its way to its first case, and not of the fault."""


class MessageActivities:
    """Tells other workflows, each under an id made of the effect's key, so that a repeat changes nothing there."""

    def __init__(self, messenger: WorkflowMessenger) -> None:
        self._messenger = messenger

    @activity.defn
    async def hand_over_report(self, hand_over: HandOver) -> str:
        """Give the report to the case of the right equipment; answers the reference of that case.

        Fails for good, with type MessageRefused, when no case can have it.
        """
        try:
            return await self._messenger.open_case(_handed_over(hand_over), hand_over.moved_from)
        except MessageRefused as refusal:
            raise ApplicationError(
                str(refusal), {"field": refusal.field}, type="MessageRefused", non_retryable=True
            ) from None

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
