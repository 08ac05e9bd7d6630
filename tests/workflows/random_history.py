"""One random history: a case that is told sense and nonsense while its clock jumps, until it is brought to its end."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from tests.workflows.case_story import paris
from tests.workflows.random_messages import Payload, fitting, nonsense, towards_the_end, untimely

STEPS = 16
LONGEST_WAY_OUT = 60


class Told(Protocol):
    """A workflow to wait for."""

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


def random_report(random: Random) -> tuple[datetime, dict[str, str]]:
    """When a report comes in, at any hour of any day in May 2027, and what else it says."""
    at = paris("sat 1 00:00") + timedelta(minutes=random.randrange(28 * 24 * 60))
    reported_at = at - timedelta(minutes=random.choice([0, 0, 15]))
    return at, {"impact": random.choice(["blocking", "degraded"]), "reported_at": reported_at.isoformat()}


@dataclass
class Sent:
    """A message that was sent. `mark` is the actor that no other message has, `disposition` what an update heard."""

    mark: str
    kind: str
    payload: Payload
    as_signal: bool
    arrived: bool = True
    disposition: str | None = None


@dataclass
class RandomHistory:
    """The story, the source of all chance in it, and everything that was said."""

    case: Listener
    random: Random
    right_one: str | None = None
    """The serial number that corrections give; without it, that of the examples."""
    sent: list[Sent] = field(default_factory=list)
    nonsense_sent: int = 0

    async def tell(self) -> dict[str, Any]:
        """Tell the whole story; the closed case."""
        for _ in range(STEPS):
            view = await self.case.view()
            if view["stage"] == "closed":
                break
            await self._step(view)
        await self._bring_to_its_end()
        closed: dict[str, Any] = await self.case.handle.result()
        return closed

    async def _step(self, view: Payload) -> None:
        now = await self.case.now()
        chance = self.random.random()
        if chance < 0.45:
            await self._say(*fitting(view, now, self.random))
        elif chance < 0.60:
            await self._say(*untimely(now, self.random))
        elif chance < 0.68:
            await self._repeat_something()
        elif chance < 0.75:
            await self._shout_nonsense()
        elif chance < 0.85:
            crowd = [fitting(view, now, self.random) for _ in range(2)] + [untimely(now, self.random) for _ in range(3)]
            await asyncio.gather(*(self._say(*said) for said in crowd))
        else:
            jumps = [timedelta(minutes=20), timedelta(hours=3), timedelta(hours=15), timedelta(days=4)]
            await self.case.after(self.random.choice(jumps))

    def _say(self, kind: str, payload: Payload) -> Coroutine[Any, Any, None]:
        """Send a message under a mark of its own, some of them under an id; all chance is taken at once."""
        role = "supervisor" if self.random.random() < 0.2 else "support"
        identity = {"message_id": f"id-{self.random.randrange(30)}"} if self.random.random() < 0.3 else {}
        if kind == "correction" and "serial_number" in payload and self.right_one:
            payload = {**payload, "serial_number": self.right_one}
        mark = f"{role}:number {len(self.sent)}"
        message = Sent(mark, kind, {"actor": mark, **payload, **identity}, self.random.random() < 0.5)
        self.sent.append(message)
        return self._send(message)

    async def _repeat_something(self) -> None:
        """Send again what had an id; without one it would be another message."""
        known = [message for message in self.sent if "message_id" in message.payload]
        if known:
            message = self.random.choice(known)
            again = Sent(message.mark, message.kind, message.payload, self.random.random() < 0.5)
            self.sent.append(again)
            await self._send(again)

    async def _shout_nonsense(self) -> None:
        name, payloads = nonsense(self.random)
        if await self._reached(self.case.signal(name, *payloads)):
            self.nonsense_sent += 1

    async def _send(self, message: Sent) -> None:
        if message.as_signal:
            message.arrived = await self._reached(self.case.signal(message.kind, message.payload))
        else:
            message.arrived = await self._reached(self._submit(message))

    async def _submit(self, message: Sent) -> None:
        try:
            answer = await self.case.say(message.kind, **message.payload)
        except WorkflowUpdateFailedError:
            message.disposition = "refused"
        else:
            message.disposition = answer["disposition"]

    async def _reached(self, sending: Coroutine[Any, Any, None]) -> bool:
        """Whether the case was still there to hear it."""
        try:
            await sending
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _bring_to_its_end(self) -> None:
        """Say at each stage what leads on, and let time pass while others must act first."""
        stage_before = None
        for _ in range(LONGEST_WAY_OUT):
            view = await self.case.view()
            if view["stage"] == "closed":
                return
            word = towards_the_end(view, await self.case.now())
            if word is None or view["stage"] == stage_before:
                await self.case.after(timedelta(minutes=1))
            if word is not None:
                await self._say(*word)
            stage_before = view["stage"]
        raise AssertionError(f"the case does not end: {view}")
