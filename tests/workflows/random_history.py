"""One random history: cases that are told sense and nonsense while the clock jumps, until each is at its end."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from tests.workflows.case_story import paris
from tests.workflows.random_messages import fitting, nonsense, towards_the_end, untimely
from tests.workflows.random_words import Payload, Surroundings, View, not_reached, of_a_return

STEPS = 21
CALLER = "customer:once more"
"""Who reports equipment in the midst of a history."""
LONGEST_WAY_OUT = 80


class Told(Protocol):
    """A workflow to wait for."""

    @property
    def id(self) -> str:
        """What it is known by."""

    async def result(self) -> Any:
        """What it ends with."""


class Listener(Protocol):
    """A case that can be told things, on a clock that can be moved: on the real server, or in this process."""

    @property
    def handle(self) -> Told:
        """The workflow."""

    async def now(self) -> datetime:
        """The case's own instant."""

    async def after(self, duration: timedelta) -> object:
        """Let `duration` pass."""

    async def view(self) -> Any:
        """The case as it stands."""

    async def say(self, kind: str, **fields: Any) -> Any:
        """Send a message as the update; its answer."""

    async def signal(self, name: str, *payloads: Any) -> None:
        """Send a message as a signal."""


class Neighbourhood(Protocol):
    """What goes on beside the first case, on the same clock."""

    def cases(self) -> Sequence[Listener]:
        """All cases that were opened so far, in order, also those that have ended."""

    def returns(self) -> Sequence[Listener]:
        """All returns so far, also those that have ended."""

    async def report(self, serial_number: str) -> None:
        """Somebody reports that piece of equipment: its open case is joined, or another one begins."""


@dataclass(frozen=True)
class Alone:
    """Nothing else can be told anything."""

    case: Listener

    def cases(self) -> Sequence[Listener]:
        """The one."""
        return [self.case]

    def returns(self) -> Sequence[Listener]:
        """None that could be reached."""
        return []

    async def report(self, serial_number: str) -> None:
        """Nobody calls."""


def random_report(random: Random) -> tuple[datetime, dict[str, str]]:
    """When a report comes in, at any hour of any day in May 2027, and what else it says."""
    at = paris("sat 1 00:00") + timedelta(minutes=random.randrange(28 * 24 * 60))
    reported_at = at - timedelta(minutes=random.choice([0, 0, 15]))
    return at, {"impact": random.choice(["blocking", "degraded"]), "reported_at": reported_at.isoformat()}


@dataclass
class Sent:
    """A message that was sent. `mark` is the actor that no other message has, `disposition` what an update heard."""

    to: Listener
    mark: str
    kind: str
    payload: Payload
    as_signal: bool
    arrived: bool = True
    disposition: str | None = None


@dataclass
class RandomHistory:
    """The story, the source of all chance in it, and everything that was said."""

    around: Neighbourhood
    random: Random
    surroundings: Surroundings = field(default_factory=Surroundings)
    sent: list[Sent] = field(default_factory=list)
    nonsense_sent: list[Listener] = field(default_factory=list)
    """Who heard nonsense, once each time."""
    ended: list[Listener] = field(default_factory=list)
    """Who can be told nothing any more."""

    async def tell(self) -> list[dict[str, Any]]:
        """Tell the whole story; the closed cases, in the order in which they were opened."""
        for _ in range(STEPS):
            still_open = await self._open()
            if not still_open:
                break
            newest, first = still_open[-1], still_open[0]
            await self._step(*(newest if self.random.random() < 0.8 else first))
        await self._bring_to_their_ends()
        return [await case.handle.result() for case in self.around.cases()]

    async def _open(self) -> list[tuple[Listener, View]]:
        """The cases that have not ended, each as it stands."""
        views = [(case, await case.view()) for case in self.around.cases() if case not in self.ended]
        self.ended += [case for case, view in views if view["stage"] == "closed"]
        return [(case, view) for case, view in views if view["stage"] != "closed"]

    async def _step(self, case: Listener, view: View) -> None:
        now = await case.now()
        chance = self.random.random()
        if chance < 0.55:
            await self._say(case, *self._fitting(view, now))
        elif chance < 0.63:
            await self._say(case, *untimely(now, self.random))
        elif chance < 0.68:
            await self._repeat_something()
        elif chance < 0.72:
            await self._shout_nonsense(case)
        elif chance < 0.80:
            crowd = [self._fitting(view, now) for _ in range(3)] + [untimely(now, self.random) for _ in range(2)]
            await asyncio.gather(*(self._say(case, *said) for said in crowd))
        elif chance < 0.84:
            await self._speak_of_a_return()
        elif chance < 0.86:
            await self.around.report(self.random.choice(self.surroundings.pieces))
        elif chance < 0.88:
            await self._call_in_vain(case)
        else:
            await case.after(self._jump())

    def _fitting(self, view: View, now: datetime) -> tuple[str, Payload]:
        return fitting(view, now, self.random, self.surroundings)

    def _jump(self) -> timedelta:
        short = [timedelta(minutes=20), timedelta(hours=3), timedelta(hours=15), timedelta(days=4)]
        return self.random.choice([*short * 5, timedelta(days=40), timedelta(days=100)])

    async def _call_in_vain(self, case: Listener) -> None:
        """Over some business days: then the clocks stand still."""
        for _ in range(4):
            await self._say(case, *not_reached(self.random))
            await case.after(timedelta(hours=self.random.choice([5, 20])))

    async def _speak_of_a_return(self) -> None:
        """News of something that must come back; such a workflow journals for itself."""
        followed = self.around.returns()
        if followed:
            kind, payload = of_a_return(self.random)
            await self._reached(self.random.choice(followed).signal(kind, payload))

    def _say(self, case: Listener, kind: str, payload: Payload) -> Coroutine[Any, Any, None]:
        """Send a message under a mark of its own, some of them under an id; all chance is taken at once."""
        role = "supervisor" if self.random.random() < 0.2 else "support"
        identity = {"message_id": f"id-{self.random.randrange(30)}"} if self.random.random() < 0.3 else {}
        if kind == "correction" and "serial_number" in payload:
            payload = {**payload, "serial_number": self.random.choice(self.surroundings.pieces)}
        mark = f"{role}:number {len(self.sent)}"
        message = Sent(case, mark, kind, {"actor": mark, **payload, **identity}, self.random.random() < 0.5)
        self.sent.append(message)
        return self._send(message)

    async def _repeat_something(self) -> None:
        """Send again what had an id; without one it would be another message."""
        known = [message for message in self.sent if "message_id" in message.payload]
        if known:
            first = self.random.choice(known)
            again = Sent(first.to, first.mark, first.kind, first.payload, self.random.random() < 0.5)
            self.sent.append(again)
            await self._send(again)

    async def _shout_nonsense(self, case: Listener) -> None:
        name, payloads = nonsense(self.random)
        if await self._reached(case.signal(name, *payloads)):
            self.nonsense_sent.append(case)

    async def _send(self, message: Sent) -> None:
        if message.as_signal:
            message.arrived = await self._reached(message.to.signal(message.kind, message.payload))
        else:
            message.arrived = await self._reached(self._submit(message))

    async def _submit(self, message: Sent) -> None:
        try:
            answer = await message.to.say(message.kind, **message.payload)
        except WorkflowUpdateFailedError:
            message.disposition = "refused"
        else:
            message.disposition = answer["disposition"]

    async def _reached(self, sending: Coroutine[Any, Any, None]) -> bool:
        """Whether the case was still there to hear it."""
        try:
            await sending
            return True
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise

    async def _bring_to_their_ends(self) -> None:
        """First the cases, then what they want back: mostly it comes, some of it is lost, of some nobody hears."""
        while still_open := await self._open():
            await self._bring_to_its_end(still_open[-1][0])
        for followed in self.around.returns():
            chance = self.random.random()
            if chance < 0.9:
                status = "received" if chance < 0.75 else "lost"
                how = {"condition": "damaged"} if status == "received" and chance < 0.1 else {}
                await self._reached(followed.signal("return_news", {"status": status, **how}))
            await followed.handle.result()

    async def _bring_to_its_end(self, case: Listener) -> None:
        """Say at each stage what leads on, and let time pass while others must act first."""
        stage_before = None
        for _ in range(LONGEST_WAY_OUT):
            view = await case.view()
            if view["stage"] == "closed":
                return
            word = towards_the_end(view, await case.now())
            if word is None or view["stage"] == stage_before:
                await case.after(timedelta(minutes=1))
            if word is not None:
                await self._say(case, *word)
            stage_before = view["stage"]
        raise AssertionError(f"the case does not end: {view}")
