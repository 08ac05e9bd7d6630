"""The clocks of a request: a pair for each contract, started, stopped and ended by how its items stand (R13)."""

import asyncio
from datetime import datetime

from temporalio import workflow

from workflows.effects import Effects
from workflows.promises import PromiseClock

with workflow.unsafe.imports_passed_through():
    from domain.promises import Pause, PromiseName, PromiseState
    from domain.software_items import DROPPED, Item
    from domain.software_promises import (
        PROMISES,
        ContractLedger,
        budget_of,
        is_over,
        kept_at,
        paused_since,
        runs_again_since,
    )
    from domain.software_update import SoftwareUpdate

REQUESTER = "customer"
UNCLEAR = "a clarification is awaited"


class ContractClocks:
    """Keeps the promises of each contract as its items stand, and has each pair watched by one timer."""

    def __init__(self, update: SoftwareUpdate, effects: Effects) -> None:
        self._update = update
        self._effects = effects
        self._clocks: dict[str, PromiseClock] = {}
        self.watches: list[asyncio.Task[None]] = []
        """What runs beside the procedure; none ever ends by itself."""

    def go_on(self) -> None:
        """Watch what an execution before this one has begun."""
        for contract in self._update.contracts:
            self._clock(contract)

    async def keep(self) -> None:
        """Let every clock run, stand still or end, as the items of its contract stand now."""
        for contract in list(self._update.contracts):
            await self._keep(contract)

    def due_at(self, item: Item) -> datetime:
        """When the item is owed to the customer; what nobody owes is due when it was asked for."""
        clock = self._update.contracts.get(item.contract or "")
        promises = clock.promises if clock else []
        due = [promise.due_at for promise in promises if promise.name is PromiseName.SOFTWARE_DELIVERY]
        return (due[-1] if due else None) or self._update.received_at

    async def _keep(self, contract: str) -> None:
        clock = self._clock(contract)
        if not self._update.of_contract(contract):
            return
        if is_over(self._update, contract):
            await self._end(contract, clock)
            return
        await self._start(contract, clock)
        await self._stop_or_go_on(contract, clock)

    async def _start(self, contract: str, clock: PromiseClock) -> None:
        """Begin what is owed from reception on, unless it runs; what waited for the requester from then on stood still.

        A contract whose items were all answered is owed anew by one that is found to be its own later.
        """
        ledger = self._ledger(contract)
        for name in PROMISES:
            if ledger.owed(name) is None:
                promise = await clock.start(
                    name, budget_of(name, self._update.contracts[contract].coverage), self._update.received_at
                )
                waited = self._waited_before(contract)
                if waited is not None:
                    promise.pauses.append(waited)
                    await clock.project(promise)

    def _waited_before(self, contract: str) -> Pause | None:
        """The time that every open item of the contract spent waiting for the requester before it was known as its."""
        opened = [item for item in self._update.of_contract(contract) if not item.is_answered]
        if any(item.asked_at is None or item.clarified_at is None for item in opened):
            return None
        asked = max(item.asked_at for item in opened if item.asked_at)
        cleared = min(item.clarified_at for item in opened if item.clarified_at)
        return Pause(started_at=asked, ended_at=cleared, actor=REQUESTER, reason=UNCLEAR) if asked < cleared else None

    async def _stop_or_go_on(self, contract: str, clock: PromiseClock) -> None:
        since, ledger = paused_since(self._update, contract), self._ledger(contract)
        for name in PROMISES:
            promise = ledger.owed(name)
            if promise is None:
                continue
            if since is not None and promise.state is PromiseState.RUNNING:
                clock.pause(name, since, REQUESTER, UNCLEAR)
            elif since is None and promise.state is PromiseState.PAUSED:
                again = runs_again_since(self._update, contract) or workflow.now()
                await clock.resume(name, max(again, promise.pauses[-1].started_at))

    async def _end(self, contract: str, clock: PromiseClock) -> None:
        """Kept by the last answer of ours; owed no more when the requester dropped all of it."""
        at, ledger = kept_at(self._update, contract), self._ledger(contract)
        items = self._update.of_contract(contract)
        for name in PROMISES:
            if ledger.latest(name) is None:
                promise_is_new = any(item.state not in DROPPED for item in items)
                if promise_is_new:
                    await clock.start(
                        name, budget_of(name, self._update.contracts[contract].coverage), self._update.received_at
                    )
            if at is not None:
                clock.fulfil(name, at)
            else:
                clock.cancel(name, workflow.now())

    def _clock(self, contract: str) -> PromiseClock:
        if contract not in self._clocks:
            clock = PromiseClock(self._ledger(contract), self._effects)
            self._clocks[contract] = clock
            self.watches.append(asyncio.create_task(clock.run()))
        return self._clocks[contract]

    def _ledger(self, contract: str) -> ContractLedger:
        return ContractLedger(self._update, self._update.contracts[contract])
