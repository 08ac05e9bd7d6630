"""Letters on their way: each is tried until it is handed over, beside the case, which goes on meanwhile."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.effects import Effects

with workflow.unsafe.imports_passed_through():
    from domain.clocked import Corresponding
    from domain.effects import EffectKey, Notice, Recipient, ReplacementRequest, ReturnOrder
    from domain.journal import Disposition
    from domain.letters import Letter


class Outbox:
    """Sends the letters of a case side by side. A letter leaves the state once it was handed over, or given up."""

    def __init__(self, case: Corresponding, effects: Effects) -> None:
        self._case = case
        self._effects = effects
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def post(self, letter: Letter) -> None:
        """Have a letter sent."""
        self._case.letters.append(letter)
        self._start(letter)

    def go_on(self) -> None:
        """Send what an execution before this one has left."""
        for letter in self._case.letters:
            self._start(letter)

    def _start(self, letter: Letter) -> None:
        self._under_way[letter.key.identifier] = asyncio.create_task(self._send(letter))

    def holds(self, key: EffectKey) -> bool:
        """Whether the letter under that key is still on its way."""
        return any(letter.key == key for letter in self._case.letters)

    def take_back(self, key: EffectKey) -> None:
        """Send a letter no more; it may have gone out all the same."""
        self._case.letters = [letter for letter in self._case.letters if letter.key != key]
        if key.identifier in self._under_way:
            self._under_way[key.identifier].cancel()

    def take_back_all_to(self, recipient: Recipient) -> None:
        """Send somebody no more of what has not left the house yet: it has become untrue."""
        for letter in self._case.letters:
            if isinstance(letter, Notice) and letter.to == recipient:
                self.take_back(letter.key)

    async def is_empty(self) -> None:
        """Wait until every letter has gone, or was given up."""
        await workflow.wait_condition(lambda: not self._case.letters)

    async def _send(self, letter: Letter) -> None:
        try:
            match letter:
                case ReplacementRequest():
                    await self._effects.request_replacement(letter)
                case ReturnOrder():
                    await self._effects.start_return(letter)
                case Notice():
                    await self._effects.send_notice(letter)
        except ActivityError as failure:
            if is_cancelled_exception(failure):
                return  # it was taken back
            self._give_up(letter)
        self._case.has_gone(letter, workflow.now())
        self._case.letters = [kept for kept in self._case.letters if kept.key != letter.key]
        self._under_way.pop(letter.key.identifier, None)

    def _give_up(self, letter: Letter) -> None:
        """Only a notice is ever given up, after so long that it would help nobody any more."""
        told = f"{letter.to}: {letter.words.title}" if isinstance(letter, Notice) else letter.key.identifier
        text = f"a letter could not be handed over and is given up ({told})"
        self._case.write(workflow.now(), "system:case", "letter", Disposition.NOTED, text)
