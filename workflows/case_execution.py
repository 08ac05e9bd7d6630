"""One case under way: what every stage is handed. Its state, its inbox, its promises, its publication."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from temporalio import workflow

from workflows.effects import Effects
from workflows.execution import Execution, Interrupted
from workflows.inbox import Inbox
from workflows.publication import CasePublication

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseState, Outcome, Stage
    from domain.effects import EffectKey
    from domain.messages import Message
    from domain.outside_mail import OutsideMail
    from domain.rounds import ROUNDS_SHOWN, Commitment, CommitmentKind, Round
    from domain.slots import Subject
    from domain.visit_plan import VisitPlan
    from domain.words import About


UNTIL_THE_PROVIDER_IS_KNOWN = "Europe/Paris"
"""By whose clocks people are told of a case that the registry said nothing of."""


class CaseExecution(Execution[CaseState]):
    """The state of a case and what moves it on. Stages read and write it; nothing else does."""

    AT_REST = 3
    """The procedure, the loan and the watch over the contact."""

    def __init__(self, case: CaseState) -> None:
        super().__init__(case, Effects())
        self.inbox = Inbox(case, workflow.now)
        self.publication = CasePublication(case, self.effects)

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
        if case.software is not None:
            case.software.is_over = not case.software.is_awaited
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

    def stage_is_entered(self) -> None:
        """What waits for a stage that is past is used no more."""
        self.inbox.drop_out_of_date()

    @property
    def about(self) -> About:
        """What a notice says of the case."""
        case, card = self.case, self.case.equipment
        tz = case.coverage.provider.tz if case.coverage else UNTIL_THE_PROVIDER_IS_KNOWN
        if card is None:
            return About(case.reference, case.serial_number, "", tz)
        return About(case.reference, f"{card.type} {case.serial_number}", card.site_name, tz)

    @property
    def caller_email(self) -> str | None:
        """The mail address of whoever reported."""
        return self.case.report.reported_by.email if self.case.report else None

    @property
    def began_with(self) -> OutsideMail | None:
        """The mail with which the case began, when it began with one."""
        return self.case.report.mail if self.case.report else None

    def about_visit(self, subject: Subject) -> About:
        """The same, for a notice on a visit: by the clocks of the site, and two may be under way.

        One of them installs the loan unit.
        """
        about = replace(self.about, tz=self.coverage.site.tz)
        unit = self.case.loan.unit if self.case.loan and subject == "loan" else None
        return replace(about, equipment=f"{unit.type} {unit.serial_number} (prêt / loan)") if unit else about

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
