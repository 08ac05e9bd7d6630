"""One matter under way, a case or a call: what its steps are handed. Its state, its promises, its letters."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import ClassVar, Generic, TypeVar

from temporalio import workflow

from workflows.effects import Effects
from workflows.outbox import Outbox
from workflows.promises import PromiseClock

with workflow.unsafe.imports_passed_through():
    from domain.addressees import customer_address
    from domain.coverage import Coverage, EquipmentCard
    from domain.deadlines import DeadlineQuestion
    from domain.effects import EffectKey, Invitation, Notice, Recipient
    from domain.handling import Handled
    from domain.journal import Disposition
    from domain.messages import Message
    from domain.outside_mail import OutsideMail
    from domain.waits import Party
    from domain.words import About, Words

State = TypeVar("State", bound=Handled)


class Interrupted(Exception):
    """A message came that is answered before anything else; the stage can be entered again where it was left."""

    def __init__(self, word: Message) -> None:
        super().__init__(word.kind)
        self.word = word


class Execution(Generic[State]):
    """The state of a case or a call, and what moves it on. Its steps read and write it; nothing else does."""

    AT_REST: ClassVar[int]
    """How much of what runs side by side waits for the world when nothing is under way."""

    def __init__(self, case: State, effects: Effects, name: str = "case") -> None:
        self.case = case
        self.effects = effects
        self.outbox = Outbox(case, effects)
        self.promises = PromiseClock(case, effects, self.outbox)
        self.resting = 0
        """How many of what runs side by side wait for the world, with nothing of their own under way."""
        self._name = name
        """What it is, for the journal."""

    @property
    def coverage(self) -> Coverage:
        """The terms and calendars; every stage after `registered` has them."""
        assert self.case.coverage is not None
        return self.case.coverage

    @property
    def equipment(self) -> EquipmentCard:
        """The equipment's card; every stage after `registered` has it."""
        assert self.case.equipment is not None
        return self.case.equipment

    def key(self, step: str) -> EffectKey:
        """The key under which an effect of this round happens once."""
        return EffectKey(case=self.case.reference, round=self.case.promise_round, step=step)

    def next_key(self, step: str) -> EffectKey:
        """The key of an effect that may have to be done more than once in a case, each time under another number."""
        number = self.case.effects_begun.get(step, 0) + 1
        self.case.effects_begun[step] = number
        return self.key(f"{step}-{number}")

    def begins(self) -> bool:
        """Whether the stage has just been reached: True once, also when the execution continues as new."""
        has_begun, self.case.stage_has_begun = self.case.stage_has_begun, True
        return not has_begun

    def enter(self, party: Party, owner: str, next_action: str) -> None:
        """Show the stage: who has the ball since what led there happened, who owns the case, what they do next."""
        self.hand_over(party, owner, next_action, self.case.since)
        self.stage_is_entered()
        self.note(f"stage {self.case.stage_shown}: {next_action}", kind="stage")

    def stage_is_entered(self) -> None:
        """What follows for what was said before."""

    def hand_over(self, party: Party, owner: str, next_action: str, at: datetime | None = None) -> None:
        """The ball goes to somebody else within the stage, at the instant when it happened."""
        self.case.wait_for(party, min(at or workflow.now(), workflow.now()))
        self.case.owner = self.case.assigned_to or owner
        self.case.next_action = next_action
        self.case.version += 1

    def note(self, text: str, *, kind: str = "note", at: datetime | None = None) -> None:
        """Journal what the case itself did."""
        self.case.write(workflow.now(), f"system:{self._name}", kind, Disposition.NOTED, text, at=at)

    async def after(self, amount: timedelta, summary: str) -> datetime:
        """The instant so much of the provider's business time from now on."""
        now = workflow.now()
        question = DeadlineQuestion(now=now, coverage=self.coverage, later={"then": (now, amount)})
        return (await self.effects.ask_deadlines(question, summary)).later["then"]

    @property
    def about(self) -> About:
        """What a notice says of the case."""
        raise NotImplementedError

    def tell(
        self, to: Recipient, words: Words, *, address: str = "", invitation: Invitation | None = None
    ) -> EffectKey:
        """Have a word sent; answers its key. The addresses of our own people are the sender's to know."""
        if to == "customer":
            address = self._customer_address()
        elif to == "vendor":
            address = self.equipment.vendor_email
        key = self.next_key(f"notice-{to}")
        self.outbox.post(
            Notice(
                key=key,
                now=workflow.now(),
                to=to,
                address=address,
                template=words.template,
                facts=dict(words.facts),
                thread=self.began_with if to == "customer" else None,
                invitation=invitation,
            )
        )
        self.note(f"{to} told: {words.title}", kind="notice")
        return key

    def _customer_address(self) -> str:
        caller = self.caller_email
        contact = self.case.equipment.contact_email if self.case.equipment else None
        return customer_address(caller, contact) or caller or ""

    @property
    def caller_email(self) -> str | None:
        """The mail address of whoever called."""
        raise NotImplementedError

    @property
    def began_with(self) -> OutsideMail | None:
        """The mail with which it began, when it began with one."""
        raise NotImplementedError

    async def rest(self, condition: Callable[[], bool], until: datetime | None = None, summary: str = "") -> None:
        """Wait for the world: until the condition holds, or that instant has come."""
        left = max(until - workflow.now(), timedelta(milliseconds=1)) if until else None
        self.resting += 1
        try:
            with suppress(TimeoutError):
                await workflow.wait_condition(condition, timeout=left, timeout_summary=summary or None)
        finally:
            self.resting -= 1

    async def next_message(
        self, *kinds: str, until: datetime | None = None, summary: str = "", unless: Callable[[], bool] = lambda: False
    ) -> Message | None:
        """The next message of these kinds that can be used; None once `unless` holds, or that instant has come.

        Raises Interrupted when something is answered first.
        """
        raise NotImplementedError
