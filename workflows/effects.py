"""What a case asks of activities: one method an effect, each with a summary that an operator understands.

Sub-second work of our own runs as a local activity with one short attempt; when that fails, the database is away, and
the same runs as a normal activity, which is retried without holding up messages and queries (DESIGN §2.8).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as ActivityTimeout

from workflows.policies import LOCAL, NOTICE, OUTSIDE, OWN, NoticeOptions

with workflow.unsafe.imports_passed_through():
    from activities.articles import ArticleActivities
    from activities.case_records import CaseRecordActivities
    from activities.deadlines import DeadlineActivities
    from activities.entitlement import EntitlementActivities
    from activities.exchange import ExchangeActivities
    from activities.loans import LoanActivities
    from activities.messages import MessageActivities
    from activities.notices import NoticeActivities
    from activities.orders import OrderActivities
    from activities.relocation import RelocationActivities
    from activities.stock import StockActivities
    from activities.vendor import VendorActivities
    from activities.visits import VisitActivities
    from database.cases import CaseWrite
    from domain.deadlines import DeadlineQuestion, Deadlines
    from domain.effects import (
        AffectedVisit,
        ArticleQuestion,
        CallOff,
        CaseWords,
        EffectKey,
        EntitlementQuestion,
        HandOver,
        LoanAnswer,
        LoanGranted,
        LoanMove,
        LoanRequest,
        Notice,
        NoticeBatch,
        NoticesSent,
        Relocation,
        RelocationAnswer,
        ReplacementOrder,
        ReplacementRequest,
        Rerouting,
        Restock,
        ReturnOrder,
        SerialExchanges,
        SlotAnswer,
        SlotChoice,
        SlotOffer,
        SlotProposal,
        SlotRelease,
        SlotSearch,
        SoftwareOrder,
        SoftwareOrdered,
        SoftwareWithdrawal,
        StockAnswer,
        StockRequest,
        TechnicianAbsence,
    )
    from domain.entitlement import Entitlement
    from domain.exchange import ExchangeLine

Activities = TypeVar("Activities")
Question = TypeVar("Question")
Answer = TypeVar("Answer")

LOCAL_FAILURES = (ActivityError, ApplicationError, ActivityTimeout)
"""How the failure of a local activity arrives: wrapped when it timed out, bare when it raised or is replayed."""

A_MOMENT = timedelta(seconds=5)
"""How long a message to the outside may take before people are shown that it is under way."""


class Effects:
    """The activities of one case."""

    def __init__(self) -> None:
        self.under_way = 0
        """How many short local attempts have not answered yet: a moment later the case has moved on."""
        self._local = asyncio.Lock()
        """One local attempt at a time: a replay resolves them in the order in which they were asked for, whichever was
        the first to answer, and what runs side by side would go on in another order than it did."""

    async def _own(
        self,
        method: Callable[[Activities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
        when_away: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Ask one of our own activities: locally once, and when that fails, normally until it answers."""
        self.under_way += 1
        try:
            async with self._local:
                return await workflow.execute_local_activity_method(method, question, summary=summary, **LOCAL)
        except LOCAL_FAILURES:
            when_away()
        finally:
            self.under_way -= 1
        return await workflow.execute_activity_method(method, question, summary=summary, **OWN)

    async def _elsewhere(
        self,
        method: Callable[[MessageActivities, Question], Awaitable[Answer]],
        question: Question,
        summary: str,
    ) -> Answer:
        """Reach another workflow: never locally, since it waits for the engine."""
        return await workflow.execute_activity_method(method, question, summary=summary, **OWN)

    async def check_entitlement(self, question: EntitlementQuestion, when_away: Callable[[], None]) -> Entitlement:
        """Ask the registry (R14); `when_away` is called when it cannot be asked now, before it is asked again."""
        summary = f"Is {question.serial_number} covered?"
        return await self._own(EntitlementActivities.check_entitlement, question, summary, when_away)

    async def ask_deadlines(self, question: DeadlineQuestion, summary: str) -> Deadlines:
        """Ask business time for instants; needs no database, so that it answers whatever is away."""
        return await self._own(DeadlineActivities.answer_deadlines, question, summary)

    async def record(self, write: CaseWrite) -> tuple[LoanGranted, ...]:
        """Write the case, its promises and its new journal lines into the read model; whom the last write serves.

        Never locally. Where updates crowd in, the engine discards whole workflow tasks and has them done anew in
        another order; a normal activity only begins once the task is in history, so that what it writes stays true.
        """
        summary = f"Record version {write.version} in the read model"
        served = await workflow.execute_activity_method(CaseRecordActivities.record_case, write, summary=summary, **OWN)
        return served or ()  # nothing at all, by a worker of old

    async def request_replacement(self, request: ReplacementRequest) -> NoticesSent | None:
        """Ask the vendor to approve a replacement (R6).

        It usually takes a moment, for which the case is not at rest; what takes longer is shown as under way.
        """
        summary = f"Ask {request.vendor_name} for an RMA: {request.key.identifier}"
        sending = workflow.start_activity_method(
            VendorActivities.request_replacement, request, summary=summary, **OUTSIDE
        )
        self.under_way += 1
        try:
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    sending.done, timeout=A_MOMENT, timeout_summary="The vendor is being asked"
                )
        except asyncio.CancelledError:
            sending.cancel()
        finally:
            self.under_way -= 1
        return await sending

    async def place_order(self, order: ReplacementOrder) -> None:
        """Note the order of the approved replacement (R7)."""
        await self._own(OrderActivities.place_order, order, f"Order the replacement: {order.key.identifier}")

    async def match_articles(self, question: ArticleQuestion) -> tuple[ExchangeLine, ...]:
        """Tell the defective articles apart (R7)."""
        summary = f"Which articles of {question.serial_number} are replaced?"
        return (await self._own(ArticleActivities.match_articles, question, summary)).lines

    async def reserve_stock(self, request: StockRequest) -> StockAnswer:
        """Reserve articles of our own (R6, R7)."""
        return await self._own(
            StockActivities.reserve_stock, request, f"Reserve our own parts: {request.key.identifier}"
        )

    async def give_stock_back(self, call_off: CallOff) -> None:
        """What was reserved is not needed."""
        await self._own(StockActivities.give_stock_back, call_off, f"Give back what {call_off.of.identifier} reserved")

    async def use_stock(self, call_off: CallOff) -> None:
        """What was reserved has left our stock."""
        await self._own(StockActivities.use_stock, call_off, f"What {call_off.of.identifier} reserved has left")

    async def restock(self, restock: Restock) -> None:
        """Unused parts of our own are back."""
        await self._own(StockActivities.restock, restock, f"Restock what {restock.key.identifier} brought back")

    async def call_off_order(self, call_off: CallOff) -> None:
        """Note that an order is called off."""
        await self._own(OrderActivities.call_off_order, call_off, f"Call off {call_off.of.identifier}")

    async def call_off_request(self, call_off: CallOff) -> None:
        """Note that a request to the vendor is withdrawn."""
        await self._own(OrderActivities.call_off_request, call_off, f"Withdraw {call_off.of.identifier}")

    async def reroute(self, rerouting: Rerouting) -> None:
        """Note where an order goes instead."""
        await self._own(RelocationActivities.reroute, rerouting, f"Re-route {rerouting.order.identifier}")

    async def relocate(self, relocation: Relocation) -> RelocationAnswer:
        """Let the registry know at which site the equipment stands."""
        summary = f"{relocation.serial_number} stands at {relocation.site}"
        return await self._own(RelocationActivities.relocate, relocation, summary)

    async def exchange_serials(self, exchanges: SerialExchanges) -> tuple[str, ...]:
        """Let what was put in take the place of what was taken out (R7)."""
        summary = f"Exchange {len(exchanges.exchanges)} serial numbers in the registry"
        return (await self._own(ExchangeActivities.exchange_serials, exchanges, summary)).results

    async def reserve_loan_unit(self, request: LoanRequest) -> LoanAnswer:
        """Ask the pool for a loan unit (R8)."""
        summary = f"A loan unit for {request.equipment_type} at {request.site}"
        return await self._own(LoanActivities.reserve_loan_unit, request, summary)

    async def wait_elsewhere(self, request: LoanRequest) -> None:
        """Have the case wait in line for a unit at another site."""
        await self._own(LoanActivities.wait_elsewhere, request, f"Wait for a loan unit at {request.site}")

    async def find_loan(self, key: EffectKey) -> LoanAnswer:
        """Ask the pool what is reserved for this case."""
        return await self._own(LoanActivities.find_loan, key, f"Which loan unit has {key.identifier}?")

    async def move_loan(self, move: LoanMove) -> tuple[LoanGranted, ...]:
        """Tell the pool how far a loan has come; whom it serves now (R8)."""
        return await self._own(LoanActivities.move_loan, move, f"Loan {move.loan.identifier}: {move.step}")

    async def note_absence(self, absence: TechnicianAbsence) -> tuple[AffectedVisit, ...]:
        """A technician is away for a day; the visits that are concerned (R10)."""
        return await self._own(VisitActivities.note_absence, absence, f"The technician of {absence.slot_id} is away")

    async def tell_cases(self, words: CaseWords) -> None:
        """Tell other cases what follows for them."""
        await self._elsewhere(MessageActivities.tell_cases, words, f"Tell {len(words.words)} other cases")

    async def hand_over_report(self, hand_over: HandOver) -> str:
        """Open the right case with this one's report, or join it; the reference of that case."""
        summary = f"The report goes to the case of {hand_over.serial_number}"
        return await self._elsewhere(MessageActivities.hand_over_report, hand_over, summary)

    async def leave_letters(self, batch: NoticeBatch) -> None:
        """Have letters sent that nobody takes now, by a workflow of their own."""
        await self._elsewhere(MessageActivities.start_letters, batch, "The case closes before its last letters are out")

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

    async def send_notice(self, notice: Notice) -> NoticesSent | None:
        """Send a word to somebody."""
        summary = f"Write to the {notice.to}: {notice.key.identifier}"
        return await workflow.execute_activity_method(NoticeActivities.send_notice, notice, summary=summary, **NOTICE)

    async def send_notices(self, batch: NoticeBatch, options: NoticeOptions = NOTICE) -> NoticesSent:
        """Send words that became due in the same moment."""
        summary = "Write: " + ", ".join(f"{notice.words.title} ({notice.to})" for notice in batch.notices)
        method = NoticeActivities.send_notices
        return await workflow.execute_activity_method(method, batch, summary=summary[:150], **options)

    async def offer_slots(self, search: SlotSearch) -> SlotOffer:
        """Find and hold slots for the visit (R10)."""
        return await self._own(VisitActivities.offer_slots, search, f"Hold {search.count} slots at {search.site}")

    async def choose_slot(self, choice: SlotChoice) -> SlotAnswer:
        """Make an offered slot the chosen one."""
        return await self._own(VisitActivities.choose_slot, choice, f"Book slot {choice.slot_id}")

    async def propose_slot(self, proposal: SlotProposal) -> SlotAnswer:
        """Book the slot that the customer proposes, when it can be had."""
        return await self._own(VisitActivities.propose_slot, proposal, f"Try the customer's slot at {proposal.site}")

    async def finish_visit(self, choice: SlotChoice) -> None:
        """The visit took place."""
        await self._own(VisitActivities.finish_visit, choice, f"Slot {choice.slot_id} is over")

    async def release_slots(self, release: SlotRelease) -> None:
        """Let go of what the case holds."""
        await self._own(VisitActivities.release_slots, release, f"Free the slots held by {release.key.case}")
