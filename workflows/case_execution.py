"""One case under way: what every stage is handed. Its state, its inbox, its promises, its publication."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow

from workflows.effects import Effects
from workflows.inbox import Inbox
from workflows.outbox import Outbox
from workflows.promises import PromiseClock
from workflows.publication import Publication

with workflow.unsafe.imports_passed_through():
    from domain.addressees import customer_address
    from domain.case import CaseState, Outcome, Party, Stage
    from domain.coverage import Coverage, EquipmentCard
    from domain.deadlines import DeadlineQuestion
    from domain.effects import EffectKey, Invitation, Notice, Recipient
    from domain.journal import Disposition
    from domain.messages import Message
    from domain.outside_mail import OutsideMail
    from domain.rounds import ROUNDS_SHOWN, Commitment, CommitmentKind, Round
    from domain.slots import Subject
    from domain.visit_plan import VisitPlan
    from domain.words import About, Words


UNTIL_THE_PROVIDER_IS_KNOWN = "Europe/Paris"
"""By whose clocks people are told of a case that the registry said nothing of."""


class Interrupted(Exception):
    """A message came that is answered before anything else; the stage can be entered again where it was left."""

    def __init__(self, word: Message) -> None:
        super().__init__(word.kind)
        self.word = word


class CaseExecution:
    """The state of a case and what moves it on. Stages read and write it; nothing else does."""

    def __init__(self, case: CaseState) -> None:
        self.case = case
        self.inbox = Inbox(case, workflow.now)
        self.effects = Effects()
        self.outbox = Outbox(case, self.effects)
        self.promises = PromiseClock(case, self.effects, self.outbox)
        self.publication = Publication(case, self.effects)
        self.resting = 0
        """How many of what runs side by side wait for the world, with nothing of their own under way."""

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
        return EffectKey(case=self.case.reference, round=self.case.round.number, step=step)

    def next_key(self, step: str) -> EffectKey:
        """The key of an effect that may have to be done more than once in a case, each time under another number."""
        number = self.case.effects_begun.get(step, 0) + 1
        self.case.effects_begun[step] = number
        return self.key(f"{step}-{number}")

    def commit(self, kind: CommitmentKind, key: EffectKey, what: str) -> None:
        """Note what is about to be begun, so that it can be undone whatever happens next."""
        self.case.commitments.append(Commitment(kind=kind, key=key, what=what))

    def settle(self, *kinds: CommitmentKind) -> None:
        """What was begun has come to its end, or was undone: there is nothing to undo any more."""
        self.case.commitments = [begun for begun in self.case.commitments if begun.kind not in kinds]

    def go_to(self, stage: Stage) -> None:
        """The next stage; what it does first is still to be done."""
        self.case.stage = stage
        self.case.stage_has_begun = False

    def is_at(self, stage: Stage) -> bool:
        """Whether the case is still at that stage, and how it ends is open."""
        return self.case.stage is stage and not self.case.is_ending

    def begins(self) -> bool:
        """Whether the stage has just been reached: True once, also when the execution continues as new."""
        has_begun, self.case.stage_has_begun = self.case.stage_has_begun, True
        return not has_begun

    def enter(self, party: Party, owner: str, next_action: str) -> None:
        """Show the stage: who has the ball since what led there happened, who owns the case, what they do next."""
        self.hand_over(party, owner, next_action, self.case.since)
        self.inbox.drop_out_of_date()
        self.note(f"stage {self.case.stage}: {next_action}", kind="stage")

    def hand_over(self, party: Party, owner: str, next_action: str, at: datetime | None = None) -> None:
        """The ball goes to somebody else within the stage, at the instant when it happened."""
        self.case.wait_for(party, min(at or workflow.now(), workflow.now()))
        self.case.owner = self.case.assigned_to or owner
        self.case.next_action = next_action
        self.case.version += 1

    def note(self, text: str, *, kind: str = "note", at: datetime | None = None) -> None:
        """Journal what the case itself did."""
        self.case.write(workflow.now(), "system:case", kind, Disposition.NOTED, text, at=at)

    def begin_round(self, reason: str, at: datetime) -> Round:
        """A new round from that instant on, which drops what the old one kept (SPEC §5); the old one is returned."""
        case, old = self.case, self.case.round
        self.inbox.drop_round(f"not used: round {old.number} is over")
        old.ended_at = at
        case.rounds = [
            *case.rounds,
            Round(
                number=old.number + 1,
                reason=reason,
                began_at=at,
                left_on_site=old.left_on_site,
                left_from_stock=old.left_from_stock,
            ),
        ][-ROUNDS_SHOWN:]
        case.level = 2
        case.since = at
        case.slots = [slot for slot in case.slots if slot.subject == "loan"]
        case.visit = VisitPlan()
        self.note(f"round {case.round.number}: {reason}", kind="round")
        return old

    def back_to_level_2(self, reason: str, at: datetime) -> None:
        """A new round that begins with a diagnosis."""
        self.begin_round(reason, at)
        self.go_to(Stage.REMOTE_DIAGNOSIS)

    def end(self, outcome: Outcome, reason: str) -> None:
        """Say how the case ended; the last stage closes it."""
        self.case.outcome = outcome
        self.case.outcome_reason = reason

    async def after(self, amount: timedelta, summary: str) -> datetime:
        """The instant so much of the provider's business time from now on."""
        now = workflow.now()
        question = DeadlineQuestion(now=now, coverage=self.coverage, later={"then": (now, amount)})
        return (await self.effects.ask_deadlines(question, summary)).later["then"]

    @property
    def about(self) -> About:
        """What a notice says of the case."""
        case, card = self.case, self.case.equipment
        tz = case.coverage.provider.tz if case.coverage else UNTIL_THE_PROVIDER_IS_KNOWN
        if card is None:
            return About(case.reference, case.serial_number, "", tz)
        return About(case.reference, f"{card.type} {case.serial_number}", card.site_name, tz)

    def about_visit(self, subject: Subject) -> About:
        """The same, for a notice on a visit: by the clocks of the site, and two may be under way.

        One of them installs the loan unit.
        """
        about = replace(self.about, tz=self.coverage.site.tz)
        unit = self.case.loan.unit if self.case.loan and subject == "loan" else None
        return replace(about, equipment=f"{unit.type} {unit.serial_number} (prêt / loan)") if unit else about

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
                thread=self._thread if to == "customer" else None,
                invitation=invitation,
            )
        )
        self.note(f"{to} told: {words.title}", kind="notice")
        return key

    def _customer_address(self) -> str:
        report = self.case.report
        caller = report.reported_by.email if report else None
        contact = self.case.equipment.contact_email if self.case.equipment else None
        return customer_address(caller, contact) or caller or ""

    @property
    def _thread(self) -> OutsideMail | None:
        """The mail with which the case began, when it began with one."""
        return self.case.report.mail if self.case.report else None

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
        self,
        *kinds: str,
        about: Subject = "replacement",
        until: datetime | None = None,
        summary: str = "",
        unless: Callable[[], bool] = lambda: False,
    ) -> Message | None:
        """The next message of these kinds that can be used; None once `unless` holds, or that instant has come.

        Raises Interrupted, to the procedure and not to the loan beside it, when something is answered first; but
        what was said before it, and can be used now, is: what is on its way is no longer called back as if it were not.
        """
        while True:
            word = self.inbox.take_interruption(*kinds) if about == "replacement" else None
            if word is not None:
                raise Interrupted(word)
            message = self.inbox.take(*kinds, about=about)
            if message is not None or unless() or (until is not None and workflow.now() >= until):
                return message
            await self.rest(
                lambda: (
                    self.inbox.has(*kinds, about=about)
                    or unless()
                    or (about == "replacement" and self.inbox.is_interrupted)
                ),
                until,
                summary,
            )
