"""What is said: letters to people, words to other workflows (SPEC §6)."""

from temporalio import workflow

from workflows.effects.asking import Asking
from workflows.policies import NOTICE, NoticeOptions

with workflow.unsafe.imports_passed_through():
    from activities.messages import MessageActivities
    from activities.notices import NoticeActivities
    from domain.effects import (
        CaseWords,
        HandOver,
        Notice,
        NoticeBatch,
        NoticesSent,
        ReturnOrder,
        SoftwareOrder,
        SoftwareOrdered,
        SoftwareWithdrawal,
    )


class WordEffects(Asking):
    """What people and other workflows are told."""

    async def send_notice(self, notice: Notice) -> NoticesSent | None:
        """Send a word to somebody."""
        summary = f"Write to the {notice.to}: {notice.key.identifier}"
        return await workflow.execute_activity_method(NoticeActivities.send_notice, notice, summary=summary, **NOTICE)

    async def send_notices(self, batch: NoticeBatch, options: NoticeOptions = NOTICE) -> NoticesSent:
        """Send words that became due in the same moment."""
        summary = "Write: " + ", ".join(f"{notice.words.title} ({notice.to})" for notice in batch.notices)
        method = NoticeActivities.send_notices
        return await workflow.execute_activity_method(method, batch, summary=summary[:150], **options)

    async def leave_letters(self, batch: NoticeBatch) -> None:
        """Have letters sent that nobody takes now, by a workflow of their own."""
        await self._elsewhere(MessageActivities.start_letters, batch, "The case closes before its last letters are out")

    async def tell_cases(self, words: CaseWords) -> None:
        """Tell other cases what follows for them."""
        await self._elsewhere(MessageActivities.tell_cases, words, f"Tell {len(words.words)} other cases")

    async def hand_over_report(self, hand_over: HandOver) -> str:
        """Open the right case with this one's report, or join it; the reference of that case."""
        summary = f"The report goes to the case of {hand_over.serial_number}"
        return await self._elsewhere(MessageActivities.hand_over_report, hand_over, summary)

    async def start_return(self, order: ReturnOrder) -> None:
        """Have the way back of something followed."""
        await self._elsewhere(MessageActivities.start_return, order, f"Follow the return of {order.item}")

    async def request_software(self, order: SoftwareOrder) -> SoftwareOrdered:
        """Have software looked for, for one piece of equipment (R3)."""
        summary = f"Software for {order.serial_number}"
        return await self._elsewhere(MessageActivities.request_software, order, summary)

    async def withdraw_software(self, withdrawal: SoftwareWithdrawal) -> None:
        """Wait no more for software that was asked for."""
        summary = f"Wait no more for software for {withdrawal.serial_number}"
        await self._elsewhere(MessageActivities.withdraw_software, withdrawal, summary)
