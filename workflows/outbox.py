"""Letters on their way: each is tried until it is handed over, beside the case, which goes on meanwhile."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.effects import Effects
from workflows.policies import LAST_NOTICE, NOTICE

with workflow.unsafe.imports_passed_through():
    from domain.clocked import Corresponding
    from domain.effects import EffectKey, Notice, NoticeBatch, NoticesSent, Recipient, ReplacementRequest, ReturnOrder
    from domain.journal import Disposition
    from domain.letters import Letter

MAIL_OUT = "mail-out"
"""The patch of cases that tell of every moment, and send together what became due together."""

MOST_TOGETHER = 10
"""How many notices go out with one activity."""


def tells_of_every_moment() -> bool:
    """Whether this case began under the code that does; what was open before goes on as it began (SPEC §7.4)."""
    return workflow.patched(MAIL_OUT)


class Outbox:
    """Sends the letters of a case side by side. A letter leaves the state once it was handed over, or given up.

    Notices that become due in the same moment go out together: what is asked of our own activities in it is waited for.
    """

    def __init__(self, case: Corresponding, effects: Effects) -> None:
        self._case = case
        self._effects = effects
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._gathered: list[Notice] = []
        self._gathering: asyncio.Task[None] | None = None
        self._batches: set[asyncio.Task[None]] = set()
        self._earlier: list[Notice] = []
        self._is_closing = False

    def post(self, letter: Letter) -> None:
        """Have a letter sent."""
        self._case.letters.append(letter)
        self._start(letter)

    def go_on(self) -> None:
        """Send what an execution before this one has left."""
        for letter in self._case.letters:
            self._start(letter)

    def _start(self, letter: Letter) -> None:
        if isinstance(letter, Notice) and tells_of_every_moment():
            self._gathered.append(letter)
            if len(self._gathered) == 1:
                self._gathering = asyncio.create_task(self._gather())
        else:
            self._under_way[letter.key.identifier] = asyncio.create_task(self._send(letter))

    def holds(self, key: EffectKey) -> bool:
        """Whether the letter under that key is still on its way."""
        return any(letter.key == key for letter in self._case.letters)

    def take_back(self, key: EffectKey) -> None:
        """Send a letter no more; it may have gone out all the same. What is still gathered is left out of what goes."""
        self._case.letters = [letter for letter in self._case.letters if letter.key != key]
        if key.identifier in self._under_way:
            self._under_way[key.identifier].cancel()

    def take_back_named(self, identifiers: Iterable[str]) -> None:
        """The same, by the identifiers of their keys."""
        named = set(identifiers)
        for letter in self._case.letters:
            if letter.key.identifier in named:
                self.take_back(letter.key)

    def take_back_all_to(self, recipient: Recipient) -> None:
        """Send somebody no more of what has not left the house yet: it has become untrue."""
        for letter in self._case.letters:
            if isinstance(letter, Notice) and letter.to == recipient:
                self.take_back(letter.key)

    def begins_to_close(self) -> None:
        """From now on a notice that no mail server takes within moments is left to a workflow of its own."""
        self._earlier = [letter for letter in self._case.letters if isinstance(letter, Notice)]
        self._is_closing = tells_of_every_moment()

    async def is_empty(self) -> None:
        """Wait until every letter has gone, was given up, or was left to others: a mail server keeps no case open."""
        earlier = [letter for letter in self._earlier if self.holds(letter.key)]
        if self._is_closing and earlier:
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: not any(self.holds(letter.key) for letter in earlier),
                    timeout=LAST_NOTICE["schedule_to_close_timeout"],
                    timeout_summary="The last letters are on their way",
                )
            for task in {self._under_way[key] for key in map(_name, earlier) if key in self._under_way}:
                task.cancel()  # they are begun anew, as the last ones are
        await workflow.wait_condition(lambda: not self._case.letters)

    async def _send(self, letter: Letter) -> None:
        try:
            match letter:
                case ReplacementRequest():
                    self._tell_of_refusals(await self._effects.request_replacement(letter))
                case ReturnOrder():
                    await self._effects.start_return(letter)
                case Notice():
                    self._tell_of_refusals(await self._effects.send_notice(letter))
        except ActivityError as failure:
            if is_cancelled_exception(failure):
                return  # it was taken back
            self._give_up(letter)
        self._case.has_gone(letter, workflow.now())
        self._forget((letter,))

    async def _gather(self) -> None:
        """Wait until the case has come to rest, and send what was posted meanwhile."""
        await workflow.wait_condition(lambda: self._effects.under_way == 0)
        gathered, self._gathered = self._gathered, []
        self._send_together(gathered)

    def _send_together(self, notices: Sequence[Notice]) -> None:
        wanted = [notice for notice in notices if self.holds(notice.key)]
        for first in range(0, len(wanted), MOST_TOGETHER):
            self._batches.add(task := asyncio.create_task(self._send_batch(wanted[first : first + MOST_TOGETHER])))
            task.add_done_callback(self._batches.discard)

    async def _send_batch(self, notices: Sequence[Notice]) -> None:
        """Send them; when one is taken back meanwhile, the others are sent anew under their keys."""
        batch = [notice for notice in notices if self.holds(notice.key)]
        task = asyncio.current_task()
        assert task is not None
        self._under_way |= {notice.key.identifier: task for notice in batch}
        try:
            if batch:
                options = LAST_NOTICE if self._is_closing else NOTICE
                sent = await self._effects.send_notices(NoticeBatch(notices=tuple(batch)), options)
                self._tell_of_refusals(sent)
        except (ActivityError, asyncio.CancelledError) as failure:
            if is_cancelled_exception(failure):  # the latter when it had not even begun
                self._send_together(batch)
                return
            await self._leave(batch)
        self._forget(batch)

    async def _leave(self, batch: Sequence[Notice]) -> None:
        """Nobody took them: at the end of the case others go on trying; before it, that was long enough."""
        if not self._is_closing:
            for notice in batch:
                self._give_up(notice)
            return
        await self._effects.leave_letters(NoticeBatch(notices=tuple(batch)))
        titles = ", ".join(f"{notice.to}: {notice.words.title}" for notice in batch)
        self._write(f"the mail server is away; what is left is sent when it is back ({titles})")

    def _forget(self, letters: Sequence[Letter]) -> None:
        keys = [letter.key for letter in letters]
        self._case.letters = [kept for kept in self._case.letters if kept.key not in keys]
        for key in keys:
            self._under_way.pop(key.identifier, None)

    def _tell_of_refusals(self, sent: NoticesSent | None) -> None:
        for refused in sent.refused if sent else ():
            self._write(f"a letter is refused for good: {refused.summary}")

    def _give_up(self, letter: Letter) -> None:
        """Only a notice is ever given up, after so long that it would help nobody any more."""
        told = f"{letter.to}: {letter.words.title}" if isinstance(letter, Notice) else letter.key.identifier
        self._write(f"a letter could not be handed over and is given up ({told})")

    def _write(self, text: str) -> None:
        self._case.write(workflow.now(), "system:case", "letter", Disposition.NOTED, text)


def _name(letter: Letter) -> str:
    return letter.key.identifier
