"""One software request under way: what every step is handed. Its state, its clocks, its letters, its publication."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from temporalio import workflow

from workflows.direct_inbox import DirectInbox
from workflows.outbox import Outbox
from workflows.software.beginning import admitted
from workflows.software.clocks import ContractClocks
from workflows.software.effects import SoftwareEffects
from workflows.software.publication import SoftwarePublication

with workflow.unsafe.imports_passed_through():
    from domain.deadlines import DeadlineQuestion
    from domain.effects import EffectKey, Notice, Recipient
    from domain.journal import Disposition
    from domain.messages import MessageRefused
    from domain.software_hearing import SoftwareHearing
    from domain.software_messages import SOFTWARE_MESSAGES, SoftwareRequest
    from domain.software_update import SoftwareOutcome, SoftwareUpdate
    from domain.words import Words


class SoftwareExecution:
    """The state of a request and what moves it on. Steps read and write it; nothing else does."""

    def __init__(self, update: SoftwareUpdate) -> None:
        self.update = update
        self.effects = SoftwareEffects()
        self.inbox = DirectInbox(SoftwareHearing(update), SOFTWARE_MESSAGES, "a software request", workflow.now)
        self.outbox = Outbox(update, self.effects)
        self.clocks = ContractClocks(update, self.effects)
        self.publication = SoftwarePublication(update, self.effects)
        self.is_resting = False
        """The procedure waits for the world, with nothing of its own under way."""
        self.deliveries_under_way: set[str] = set()
        """The letters that are being sent now, by their identifiers."""

    def reject(self, payloads: tuple[object, ...]) -> None:
        """It was started with something that is no request: nothing is asked for, and the journal says why."""
        try:
            admitted(payloads)
        except MessageRefused as refusal:
            self.inbox.refuse(SoftwareRequest.kind, payloads, refusal)
            self.update.outcome, self.update.outcome_reason = SoftwareOutcome.REJECTED, str(refusal)

    def note(self, text: str, *, kind: str = "note", at: datetime | None = None) -> None:
        """Journal what the request itself did."""
        self.update.write(workflow.now(), "system:software", kind, Disposition.NOTED, text, at=at)

    async def after(self, amount: timedelta, summary: str) -> datetime:
        """The instant so much of our own business time from now on."""
        now = workflow.now()
        question = DeadlineQuestion(now=now, coverage=self.update.our_own, later={"then": (now, amount)})
        return (await self.effects.ask_deadlines(question, summary)).later["then"]

    def notice(self, key: EffectKey, to: Recipient, address: str, words: Words) -> Notice:
        """A letter. One to the requester answers the mail with which they asked, if they did it by mail."""
        request = self.update.request
        return Notice(
            key=key,
            now=workflow.now(),
            to=to,
            address=address,
            template=words.template,
            facts=dict(words.facts),
            thread=request.mail if request and to == "customer" else None,
            answers=to == "customer",
        )

    def tell(self, to: Recipient, words: Words, address: str = "") -> None:
        """Have a letter sent. The addresses of our own people are the sender's to know."""
        self.outbox.post(self.notice(self.update.next_key(f"notice-{to}"), to, address, words))
        self.note(f"{to} told: {words.title}", kind="notice")

    def tell_the_requester(self, words: Words) -> None:
        """Write to whoever asked; without an address, to the registered contact of what is asked for."""
        self.tell("customer", words, self.requester_address)

    @property
    def requester_address(self) -> str:
        """Where to write to the requester; empty when nobody knows: then the coordinator passes it on."""
        request = self.update.request
        stated = (request.requested_by.email or "").strip() if request else ""
        registered = (item.card.deliver_to for item in self.update.items if item.card and item.card.deliver_to)
        return stated or next(registered, "")

    async def rest(self, condition: Callable[[], bool], until: datetime | None, summary: str) -> None:
        """Wait for the world: until the condition holds, or that instant has come."""
        left = max(until - workflow.now(), timedelta(milliseconds=1)) if until else None
        self.is_resting = True
        try:
            with suppress(TimeoutError):
                await workflow.wait_condition(condition, timeout=left, timeout_summary=summary if left else None)
        finally:
            self.is_resting = False
