"""A software request: everything that one execution must know to go on, as plain data (R11 to R13)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from domain.calendars import CalendarSpec, Reading
from domain.coverage import Coverage
from domain.effects import Delivery, EffectKey
from domain.inbox import HeardMessage
from domain.journal import Journaled
from domain.letters import Letter
from domain.promises import Promise, PromiseName
from domain.service_hours import ServiceHours
from domain.software_items import Item, ItemState
from domain.software_messages import ActivationKeys, SoftwareRequest
from domain.software_releases import Release
from domain.terms import Terms
from domain.waits import Party, Wait

ROUND = 1
"""A request has one round: what went wrong is asked for in another request."""


class SoftwareStage(StrEnum):
    """Where a request stands: what it waits for first, of all that is open."""

    REGISTERED = "registered"
    DELIVERY = "delivery"
    ACTIVATION_KEYS = "activation_keys"
    CLARIFICATION = "clarification"
    CLOSED = "closed"


class SoftwareOutcome(StrEnum):
    """How a request ended."""

    ANSWERED = "answered"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class ContractClock(BaseModel):
    """What is owed under one contract of the items: its terms and calendars, and the promises that run (R13, R14)."""

    contract: str
    coverage: Coverage
    promises: list[Promise] = []
    promises_begun: dict[PromiseName, int] = {}
    service_hours: ServiceHours = ServiceHours()
    escalations: int = 0
    """How often the coordinator and the supervisor were told, after the breach, that it is still owed."""
    escalate_at: datetime | None = None


class Teller(BaseModel):
    """A curative case that waits for one piece of equipment, and the answer that it was told."""

    workflow_id: str
    serial_number: str
    told: str | None = None


class SoftwareUpdate(Journaled, BaseModel):
    """The state of one request. Plain and serialisable: carried over when the execution continues as new."""

    reference: str
    workflow_id: str
    run_id: str
    opened_at: datetime
    received_at: datetime
    request: SoftwareRequest | None = None
    items: list[Item] = []
    releases: dict[str, Release] = {}
    contracts: dict[str, ContractClock] = {}
    provider: CalendarSpec | None = None
    """Our own calendar, as the registry had it."""
    check_pending: bool = False
    """The registry cannot be asked now."""
    is_acknowledged: bool = False

    outcome: SoftwareOutcome | None = None
    outcome_reason: str | None = None
    closed_at: datetime | None = None
    cancelled_because: str | None = None
    cancelled_at: datetime | None = None
    assigned_to: str | None = None
    next_action_said: str | None = None
    waits: list[Wait] = []

    issued: list[ActivationKeys] = []
    """Keys that the vendor has issued and that are not in the store yet."""
    has_grants: bool = False
    """The stock said that it has something for this request."""
    polled: int = 0
    poll_at: datetime | None = None
    """When the stock is asked once more, though it said nothing: a word of its own may have been lost."""
    reminders: int = 0
    remind_at: datetime | None = None
    """When the requester is reminded of what is unclear; after the last reminder, when it is given up."""
    questions_asked: dict[int, datetime] = {}
    """By item: when what the requester was last written to about was asked."""
    is_wanted: bool = True
    """Somebody besides the cases of `tellers` wants the answer: a request that only a case asked for ends with it."""
    tellers: list[Teller] = []
    escalated: list[str] = []
    """What was told to the coordinator and the supervisor already: promise and point."""

    letters: list[Letter] = []
    """What is on its way to people, and not handed over yet."""
    deliveries: list[Delivery] = []
    """The same, of the letters that deliver software."""
    effects_begun: dict[str, int] = {}
    """How often each kind of effect was begun: their keys are numbered."""
    heard: dict[str, HeardMessage] = {}
    recorded_version: int = 0
    recorded_lines: int = 0

    @property
    def is_open(self) -> bool:
        """It has not reached its end."""
        return self.closed_at is None

    @property
    def is_recorded(self) -> bool:
        """Whether the read model has the newest version."""
        return self.recorded_version == self.version

    @property
    def open_items(self) -> Sequence[Item]:
        """What is not answered yet."""
        return [item for item in self.items if not item.is_answered]

    def in_state(self, *states: ItemState) -> Sequence[Item]:
        """The items that stand so."""
        return [item for item in self.items if item.state in states]

    @property
    def stage(self) -> SoftwareStage:
        """What it waits for first: us, then keys, then the requester."""
        states = {item.state for item in self.open_items}
        if not self.is_open:
            return SoftwareStage.CLOSED
        if not self.items or ItemState.CHECKING in states:
            return SoftwareStage.REGISTERED
        if ItemState.READY in states or not states:
            return SoftwareStage.DELIVERY
        keys_are_awaited = ItemState.AWAITING_KEY in states
        return SoftwareStage.ACTIVATION_KEYS if keys_are_awaited else SoftwareStage.CLARIFICATION

    @property
    def ball(self) -> Party:
        """Who has to act next."""
        return {
            SoftwareStage.ACTIVATION_KEYS: Party.VENDOR,
            SoftwareStage.CLARIFICATION: Party.CUSTOMER,
            SoftwareStage.CLOSED: Party.NOBODY,
        }.get(self.stage, Party.SUPPORT)

    @property
    def owner(self) -> str:
        """Who sees to it: whoever was assigned, else the coordinator once somebody else is waited for."""
        waits_for_us = self.stage in (SoftwareStage.REGISTERED, SoftwareStage.DELIVERY)
        return self.assigned_to or ("level 2" if waits_for_us else "coordinator")

    @property
    def next_action(self) -> str:
        """What they do next."""
        return self.next_action_said or _NEXT[self.stage]

    @property
    def promises(self) -> list[Promise]:
        """Of all contracts."""
        return [promise for contract in self.contracts.values() for promise in contract.promises]

    @property
    def our_own(self) -> Coverage:
        """The usual terms on our own calendar: for reminders, which no contract decides on."""
        assert self.provider is not None
        terms = Terms(software_reading=Reading.SERVICE_HOURS, transit_days={})
        return Coverage(terms=terms, provider=self.provider, site=self.provider, basis="contract")

    def key(self, step: str) -> EffectKey:
        """The key under which an effect of this request happens once."""
        return EffectKey(case=self.reference, round=ROUND, step=step)

    def next_key(self, step: str) -> EffectKey:
        """The key of an effect that may have to be done more than once, each time under another number."""
        number = self.effects_begun.get(step, 0) + 1
        self.effects_begun[step] = number
        return self.key(f"{step}-{number}")

    def has_gone(self, letter: Letter, at: datetime) -> None:
        """A letter was handed over, or given up."""

    def item_key(self, item: Item) -> EffectKey:
        """The key under which an item is given an activation key."""
        return self.key(f"item-{item.number}")

    def of_contract(self, contract: str) -> Sequence[Item]:
        """The items that this contract covers."""
        return [item for item in self.items if item.contract == contract]

    def wait_for_the_ball(self, at: datetime) -> None:
        """Note who has the ball, and since when; no time is spent waiting for two."""
        if self.waits and self.waits[-1].party is self.ball:
            return
        if self.waits:
            at = max(at, self.waits[-1].since)
            self.waits[-1].until = at
        if self.ball is not Party.NOBODY:
            self.waits.append(Wait(party=self.ball, since=at))
            self.next_action_said = None

    def tells_no_more(self, workflow_id: str, serial_number: str) -> None:
        """That case waits no more for that piece of equipment."""
        gone = (workflow_id, serial_number)
        self.tellers = [each for each in self.tellers if (each.workflow_id, each.serial_number) != gone]

    def will_tell(self, workflow_id: str, serial_numbers: Iterable[str]) -> None:
        """A curative case waits for the answer on these."""
        known = {(teller.workflow_id, teller.serial_number) for teller in self.tellers}
        self.tellers += [
            Teller(workflow_id=workflow_id, serial_number=serial_number)
            for serial_number in serial_numbers
            if (workflow_id, serial_number) not in known
        ]


_NEXT = {
    SoftwareStage.REGISTERED: "Look the equipment up in the registry",
    SoftwareStage.DELIVERY: "Deliver by e-mail",
    SoftwareStage.ACTIVATION_KEYS: "Chase the vendor for the activation keys, or import them",
    SoftwareStage.CLARIFICATION: "Call the requester for what is unclear",
    SoftwareStage.CLOSED: "",
}
