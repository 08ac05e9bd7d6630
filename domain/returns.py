"""The way back of a faulty part, an unused part or a loan unit: what one return must know to go on (R8)."""

from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from pydantic import BaseModel, ConfigDict

from domain.case import Party
from domain.deadlines import DeadlineQuestion, Deadlines
from domain.effects import EffectKey, Notice, ReturnOrder
from domain.hearing import Verdict
from domain.inbox import HeardMessage
from domain.journal import Journaled
from domain.messages import Message, MessageRefused
from domain.return_messages import Condition, ReturnNews

PREFIX = "return-"


class ReturnState(StrEnum):
    """How far a return has come."""

    EXPECTED = "expected"
    DISPATCHED = "dispatched"
    OVERDUE = "overdue"
    RECEIVED = "received"
    LOST = "lost"
    REJECTED = "rejected"
    """It was started with something that is no order: nothing is followed."""


OPEN_STATES = frozenset({ReturnState.EXPECTED, ReturnState.DISPATCHED, ReturnState.OVERDUE})


class Timetable(BaseModel):
    """When what happens by itself, in the provider's business time (terms `reminders`, `return_due`, `return_lost`)."""

    model_config = ConfigDict(frozen=True)

    due_at: datetime
    lost_at: datetime
    reminders: tuple[datetime, ...]


class EquipmentReturn(Journaled, BaseModel):
    """The state of one return. Plain and serialisable: carried over when the execution continues as new."""

    workflow_id: str
    run_id: str
    opened_at: datetime
    order: ReturnOrder | None = None
    state: ReturnState = ReturnState.EXPECTED
    timetable: Timetable | None = None
    reminded_at: list[datetime] = []
    """When the customer was reminded."""
    dispatched_at: datetime | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    closed_at: datetime | None = None
    closed_because: str | None = None
    condition: Condition | None = None
    """How it was when it was received."""

    letters: list[Notice] = []
    """What is on its way to people, and not handed over yet."""
    letters_written: int = 0
    heard: dict[str, HeardMessage] = {}
    step: int = 0
    """Grows with every change that lists show: that is when the read model is written."""

    @property
    def return_id(self) -> str:
        """What people call it: the key of its order, as `CM-7K3Q-9XTB.1.return-loan-unit-1`."""
        return self.workflow_id.removeprefix(PREFIX)

    @property
    def is_open(self) -> bool:
        """It is neither back nor given up."""
        return self.state in OPEN_STATES

    @property
    def waiting_for(self) -> Party:
        """Who has the ball: whoever has the thing."""
        if not self.is_open:
            return Party.NOBODY
        return Party.CARRIER if self.dispatched_at else Party.CUSTOMER

    @property
    def reference(self) -> str:
        """The case that has ordered it: what a message that names a case must name."""
        return self.order.key.case if self.order else ""

    @property
    def begins_at(self) -> datetime:
        """When it was asked for: nothing that is said of it can have happened before."""
        return min(self.opened_at, self.order.now) if self.order else self.opened_at

    def receive(self, message: Message, now: datetime) -> Verdict:
        """Whatever is said of an open return is taken. Raises MessageRefused when it has ended."""
        if self.order is None or not self.is_open:
            raise MessageRefused("kind", f"{message.kind} is out of date: the return is {self.state}")
        return Verdict()

    def next_instant(self) -> datetime | None:
        """When the next thing happens by itself; None while the timetable is not known, and at the end."""
        table = self.timetable
        if table is None or not self.is_open:
            return None
        upcoming = [table.lost_at if self.state is ReturnState.OVERDUE else table.due_at]
        if self.waiting_for is Party.CUSTOMER:
            upcoming += [at for at in table.reminders if not self.reminded_at or at > self.reminded_at[-1]][:1]
        return min(upcoming)

    def what_is_next(self) -> str:
        """What happens at the next instant, for people."""
        if self.timetable is None or self.next_instant() not in (self.timetable.due_at, self.timetable.lost_at):
            return "reminder"
        return "declared lost" if self.state is ReturnState.OVERDUE else "overdue"

    @property
    def fault(self) -> str | None:
        """What is wrong with it, as far as anybody knows: it cannot be used again. None for what came back good."""
        known = self.order.fault if self.order else None
        if self.condition is None:
            return known
        return (self.closed_because or known or "it came back damaged") if self.condition == "damaged" else None

    def run_late(self) -> None:
        """It should be back, and is not."""
        self.state = ReturnState.OVERDUE
        self.step += 1

    def learn(self, message: Message, verdict: Verdict) -> None:
        """Take what somebody says of it; a remark changes nothing."""
        if isinstance(message, ReturnNews):
            self._learn(message)

    def _learn(self, news: ReturnNews) -> None:
        """Overdue it stays until it is back, on its way or not."""
        self.carrier = news.carrier or self.carrier
        self.tracking_number = news.tracking_number or self.tracking_number
        self.step += 1
        match news.status:
            case "dispatched":
                self.dispatched_at = news.instant
                self.state = ReturnState.DISPATCHED if self.state is ReturnState.EXPECTED else self.state
            case "received":
                self.condition = news.condition or ("damaged" if self.order and self.order.fault else "good")
                self.close(ReturnState.RECEIVED, news.instant, news.reason)
            case "lost":
                self.close(ReturnState.LOST, news.instant, news.reason)

    def close(self, state: ReturnState, at: datetime, because: str | None) -> None:
        """It ends so."""
        self.state = state
        self.closed_at = at
        self.closed_because = because
        self.version += 1
        self.step += 1


def return_workflow_id(order: EffectKey) -> str:
    """The id of the return that was ordered under that key: each is followed once."""
    return f"{PREFIX}{order.identifier}"


def timetable_question(order: ReturnOrder) -> DeadlineQuestion:
    """Ask when the return is due, when it counts as lost, and when the customer is reminded."""
    terms = order.coverage.terms
    amounts = {"due": terms.return_due, "lost": max(terms.return_lost, terms.return_due)}
    amounts |= {_reminder(number): after for number, after in enumerate(accumulate(terms.reminders), start=1)}
    later = {name: (order.now, amount) for name, amount in amounts.items()}
    return DeadlineQuestion(now=order.now, coverage=order.coverage, later=later)


def timetable_of(order: ReturnOrder, answer: Deadlines) -> Timetable:
    """The timetable that business time answered; a reminder that would come when it is lost is left out."""
    numbers = range(1, len(order.coverage.terms.reminders) + 1)
    reminders = [answer.later[_reminder(number)] for number in numbers]
    lost_at = answer.later["lost"]
    return Timetable(
        due_at=answer.later["due"], lost_at=lost_at, reminders=tuple(at for at in reminders if at < lost_at)
    )


def _reminder(number: int) -> str:
    return f"reminder {number}"
