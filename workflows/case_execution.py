"""One case under way: what every stage is handed. Its state, its inbox, its promises, its publication."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

from workflows.effects import Effects
from workflows.inbox import Inbox
from workflows.promises import PromiseClock
from workflows.publication import Publication

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseState, Outcome, Party, Stage
    from domain.coverage import Coverage, EquipmentCard
    from domain.effects import EffectKey
    from domain.journal import Disposition
    from domain.messages import Message


class CaseExecution:
    """The state of a case and what moves it on. Stages read and write it; nothing else does."""

    def __init__(self, case: CaseState) -> None:
        self.case = case
        self.inbox = Inbox(case, workflow.now)
        self.effects = Effects()
        self.promises = PromiseClock(case, self.effects)
        self.publication = Publication(case, self.effects)

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
        return EffectKey(case=self.case.reference, round=self.case.round, step=step)

    def enter(self, stage: Stage, party: Party, owner: str, next_action: str) -> None:
        """Go on to a stage: who has the ball since what led there happened, who owns the case, what they do next."""
        self.case.stage = stage
        self.hand_over(party, owner, next_action, self.case.since)
        self.inbox.drop_out_of_date(stage)
        self.note(f"stage {stage}: {next_action}", kind="stage")

    def hand_over(self, party: Party, owner: str, next_action: str, at: datetime | None = None) -> None:
        """The ball goes to somebody else within the stage, at the instant when it happened."""
        self.case.wait_for(party, min(at or workflow.now(), workflow.now()))
        self.case.owner = self.case.assigned_to or owner
        self.case.next_action = next_action
        self.case.version += 1

    def note(self, text: str, *, kind: str = "note", at: datetime | None = None) -> None:
        """Journal what the case itself did."""
        self.case.write(workflow.now(), "system:case", kind, Disposition.NOTED, text, at=at)

    def begin_round(self, reason: str, at: datetime) -> None:
        """Back to level 2, from that instant on: a new round, which drops what the old one kept (SPEC §5)."""
        self.inbox.drop_all(f"not used: round {self.case.round} is over")
        self.case.round += 1
        self.case.level = 2
        self.case.since = at
        self.case.slots = []
        self.note(f"round {self.case.round}: {reason}", kind="round")

    def end(self, outcome: Outcome, reason: str) -> None:
        """Say how the case ended; the last stage closes it."""
        self.case.outcome = outcome
        self.case.outcome_reason = reason

    async def next_message(self, *kinds: str, unless: Callable[[], bool] = lambda: False) -> Message | None:
        """The next message of these kinds that this stage can use, or None as soon as `unless` holds instead."""
        while True:
            message = self.inbox.take(*kinds)
            if message is not None or unless():
                return message
            await workflow.wait_condition(lambda: self.inbox.has(*kinds) or unless())

    async def next_message_until(self, deadline: datetime, summary: str, *kinds: str) -> Message | None:
        """The next message of these kinds, or None when the deadline has passed without one."""
        while True:
            message = self.inbox.take(*kinds)
            left = deadline - workflow.now()
            if message is not None or left.total_seconds() <= 0:
                return message
            try:
                await workflow.wait_condition(lambda: self.inbox.has(*kinds), timeout=left, timeout_summary=summary)
            except TimeoutError:
                continue
