"""Following one return: reminders, overdue, lost, and what its end means for the pool (R8)."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.direct_inbox import DirectInbox
from workflows.return_publication import ReturnEffects, ReturnPublication

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.addressees import customer_address
    from domain.effects import (
        EffectKey,
        LoanMove,
        LoanStep,
        Notice,
        Recipient,
        Restock,
        ReturnOrder,
        words_for,
    )
    from domain.journal import Disposition
    from domain.notices import NO_NEWS
    from domain.return_messages import RETURN_MESSAGES
    from domain.return_orders import SO_FAR
    from domain.returns import EquipmentReturn, ReturnState, timetable_of, timetable_question
    from domain.words import Words


class ReturnFollowUp:
    """The state of a return and what moves it on by itself; what is said of it comes in through its inbox."""

    def __init__(self, tracked: EquipmentReturn) -> None:
        self.tracked = tracked
        self.inbox = DirectInbox(tracked, RETURN_MESSAGES, "a return", workflow.now)
        self._effects = ReturnEffects()
        self.publication = ReturnPublication(tracked, self._effects)

    async def follow(self, order: ReturnOrder) -> None:
        """From the order to the end: back, or lost."""
        if self.tracked.timetable is None:
            await self._begin(order)
        while self.tracked.is_open:
            self._fire(order)
            await self._wait(order)
            if self._is_to_continue:
                workflow.continue_as_new(args=[{SO_FAR: self.tracked.model_dump(mode="json")}])
        await self._settle(order)

    async def keep_sending(self) -> None:
        """Send the letters one after the other; one that is refused for a day is given up."""
        letters = self.tracked.letters
        while True:
            await workflow.wait_condition(lambda: bool(letters))
            try:
                sent = await self._effects.send_notice(letters[0])
                for refused in sent.refused if sent else ():
                    self.note(f"a letter is refused for good: {refused.summary}")
            except ActivityError:
                self.note(f"a letter to the {letters[0].to} could not be handed over, and is given up")
            del letters[0]

    def note(self, text: str) -> None:
        """Journal what the return itself did."""
        self.tracked.write(workflow.now(), "system:return", "return", Disposition.NOTED, text)

    async def _begin(self, order: ReturnOrder) -> None:
        """Ask business time when it is due; what is said meanwhile may end it before there is an answer."""
        question = timetable_question(order)
        asking = asyncio.create_task(self._effects.ask_deadlines(question, f"When is {order.item} due back?"))
        await workflow.wait_condition(lambda: asking.done() or not self.tracked.is_open)
        if not asking.done():
            asking.cancel()
            with suppress(ActivityError):  # which is how a cancelled activity ends
                await asking
            return
        self.tracked.timetable = timetable_of(order, asking.result())
        self.tracked.step += 1
        self._tell(order, "customer", notices.return_asked(order, self.tracked.timetable.due_at))
        self.note(f"to come back to {order.destination} by {self.tracked.timetable.due_at:%Y-%m-%d %H:%M%z}")

    async def _wait(self, order: ReturnOrder) -> None:
        """Wait until the next thing is due, or something else is due next."""
        tracked, instant = self.tracked, self.tracked.next_instant()
        if instant is None:
            return
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: tracked.next_instant() != instant or self._is_to_continue,
                timeout=max(instant - workflow.now(), timedelta(milliseconds=1)),
                timeout_summary=f"Return of {order.item}: {tracked.what_is_next()}",
            )

    @property
    def _is_to_continue(self) -> bool:
        """The history has grown long, and nothing is under way."""
        is_at_rest = not self.tracked.letters and self.publication.is_up_to_date and workflow.all_handlers_finished()
        return workflow.info().is_continue_as_new_suggested() and is_at_rest and self.tracked.is_open

    def _fire(self, order: ReturnOrder) -> None:
        """Do what has come due, in the order of the instants."""
        now, tracked = workflow.now(), self.tracked
        while (instant := tracked.next_instant()) is not None and instant <= now:
            assert tracked.timetable is not None
            due_at = tracked.timetable.due_at
            if tracked.state is ReturnState.OVERDUE and instant == tracked.timetable.lost_at:
                tracked.close(ReturnState.LOST, instant, NO_NEWS.en)
                self.note("declared lost: there was no news of it")
            elif tracked.state is not ReturnState.OVERDUE and instant == due_at:
                tracked.run_late()
                self._tell(order, "coordinator", notices.return_overdue(order, due_at))
                self.note("overdue: the coordinator is told")
            else:
                tracked.reminded_at.append(now)
                self._tell(order, "customer", notices.return_reminder(order, due_at))
                self.note(f"reminder {len(tracked.reminded_at)} to the customer")

    async def _settle(self, order: ReturnOrder) -> None:
        """What the end means: for the supervisor, for the pool, and for the cases that wait in line for a unit."""
        if self.tracked.state is ReturnState.LOST:
            because = self.tracked.closed_because
            reason = NO_NEWS if because in (None, NO_NEWS.en) else because
            self._tell(order, "supervisor", notices.return_lost(order, reason))
        if order.loan is not None:
            await self._give_back(order, order.loan)
        if order.restocked and self.tracked.state is ReturnState.RECEIVED and self.tracked.fault is None:
            await self._effects.restock(Restock(key=order.key, now=workflow.now(), articles=order.restocked))
        await workflow.wait_condition(lambda: not self.tracked.letters)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.publication.is_done()

    async def _give_back(self, order: ReturnOrder, loan: EffectKey) -> None:
        """The loan unit is in the pool again, out of order, or lost; whoever is served is told (R8)."""
        now, fault = workflow.now(), None
        step = LoanStep.RETURNED if self.tracked.state is ReturnState.RECEIVED else LoanStep.LOST
        if step is LoanStep.RETURNED and (fault := self.tracked.fault) is not None:
            self._tell(order, "coordinator", notices.loan_unit_out_of_order(order, fault))
            self.note("out of order: lent to nobody before it is put back into service")
        granted = await self._effects.move_loan(LoanMove(loan=loan, now=now, step=step, fault=fault))
        if granted:
            await self._effects.tell_cases(words_for(granted, order.key, now))

    def _tell(self, order: ReturnOrder, to: Recipient, words: Words) -> None:
        self.tracked.letters_written += 1
        step = f"{order.key.step}.letter-{self.tracked.letters_written}"
        self.tracked.letters.append(
            Notice(
                key=order.key.model_copy(update={"step": step}),
                now=workflow.now(),
                to=to,
                address=customer_address(None, order.contact_email) if to == "customer" else "",
                template=words.template,
                facts=dict(words.facts),
            )
        )
