"""Activation keys: sealed, each given out once, ever, to the oldest in line (R11)."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import asyncpg

from config.secrets import SecretBox, SecretUnreadable
from database.activation_key_statements import (
    ASK,
    CALL_OFF,
    GIVEN,
    GRANT,
    GRANTED,
    HOLDER,
    PLACES,
    QUEUE,
    SERVE,
    SPELL,
    STORE,
    UNSPELLED,
)
from database.known_keys import spelling_of
from domain.effects import (
    IssueAnswer,
    KeyCallOff,
    KeyDemand,
    KeyDemands,
    KeyGrant,
    KeyGrants,
    KeysCalledOff,
    KeysIssued,
)
from domain.masking import Secret, mask


class StockedKey(NamedTuple):
    """A key as an import names it."""

    release: str
    key: Secret
    serial_number: str | None = None


class StockAdded(NamedTuple):
    """What became of keys that were imported: `misplaced` are, masked, those that belong to another release."""

    added: int
    known: int
    misplaced: tuple[str, ...]


def context_of(release: str) -> str:
    """What a key is sealed for: it opens as a key of this release only."""
    return f"activation_keys/{release}"


class KeyStore:
    """The stock of keys in PostgreSQL. Keys are opened for whoever delivers them; everything else is masked."""

    def __init__(self, pool: asyncpg.Pool, secrets: SecretBox) -> None:
        self._pool = pool
        self._secrets = secrets

    async def demand(self, demands: KeyDemands) -> KeyGrants:
        """Give each item a key, or a place in line, the oldest due instant first; once for each demand.

        Asked again, it answers how each demand stands now.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(QUEUE)
            await self._ask(connection, demands.demands, demands.workflow_id, demands.now)
            served = await _serve(connection, {demand.release for demand in demands.demands}, demands.now)
            others = tuple(workflow_id for workflow_id in served if workflow_id != demands.workflow_id)
            return KeyGrants(grants=await self._stand(connection, demands.demands), others=others)

    async def call_off(self, call_off: KeyCallOff) -> KeysCalledOff:
        """The items leave the line; answers with those that had been given keys already, and keep them."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(QUEUE)
            await self._ask(connection, call_off.demands, call_off.workflow_id, call_off.now, state="called_off")
            for case, round_, steps in _together(call_off.demands):
                await connection.execute(CALL_OFF, case, round_, steps, call_off.now)
            stand = await self._stand(connection, call_off.demands)
        return KeysCalledOff(granted=tuple(grant for grant in stand if grant.keys))

    async def issue(self, issued: KeysIssued) -> IssueAnswer:
        """Store keys that the vendor issued for one item, and give them to it. A key that somebody has is refused."""
        granted: list[str] = []
        refused: list[str] = []
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(QUEUE)
            await self._ask(connection, (issued.demand,), issued.workflow_id, issued.now)
            for key in issued.keys:
                is_theirs = await self._give(connection, issued, key)
                (granted if is_theirs else refused).append(mask(key.reveal()))
            if granted:
                where = issued.demand.key
                await connection.execute(GRANTED, where.case, where.round, where.step, issued.now)
        return IssueAnswer(granted=tuple(granted), refused=tuple(refused))

    async def add(self, connection: asyncpg.Connection, keys: Iterable[StockedKey]) -> StockAdded:
        """Put keys into the stock, on a connection with a transaction; one that is there is left as it is."""
        added, known, misplaced = 0, 0, []
        for stocked in keys:
            fingerprint = self._fingerprint(stocked.key)
            if await self._store(connection, stocked):
                added += 1
            elif await connection.fetchval(
                "select release = $2 from activation_keys where fingerprint = $1", fingerprint, stocked.release
            ):
                known += 1
            else:
                misplaced.append(mask(stocked.key.reveal()))
        return StockAdded(added, known, tuple(misplaced))

    async def serve_the_line(self, releases: Iterable[str], now: datetime) -> Sequence[str]:
        """Give what the stock has to whoever waits; answers with the workflows to be told, each once."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(QUEUE)
            return await _serve(connection, releases, now)

    async def serve_everybody(self, now: datetime) -> Sequence[str]:
        """The same for every release that somebody waits for."""
        awaited = await self._pool.fetch("select distinct release from key_requests where state = 'waiting'")
        return await self.serve_the_line([row["release"] for row in awaited], now) if awaited else ()

    async def note_spellings(self) -> None:
        """See to it that the keys of earlier versions are known, too, when people write them back."""
        for row in await self._pool.fetch(UNSPELLED):
            with suppress(SecretUnreadable):  # its key is lost, and nobody can say what it was
                key = self._secrets.open(row["sealed"], context_of(row["release"]))
                await self._pool.execute(SPELL, row["fingerprint"], spelling_of(key, self._secrets))

    async def open_keys(self, demands: Iterable[KeyDemand]) -> Mapping[int, tuple[str, ...]]:
        """The keys themselves, item by item: for the letter that delivers them, and nothing else."""
        opened: dict[int, tuple[str, ...]] = {}
        wanted = {demand.key.step: demand.item for demand in demands}
        for case, round_, steps in _together(demands):
            for row in await self._pool.fetch(GIVEN, case, round_, steps):
                if row["sealed"] is not None:
                    key = self._secrets.open(row["sealed"], context_of(row["release"]))
                    opened[wanted[row["step"]]] = (*opened.get(wanted[row["step"]], ()), key)
        return opened

    async def _ask(
        self,
        connection: asyncpg.Connection,
        demands: Iterable[KeyDemand],
        workflow_id: str,
        now: datetime,
        state: str = "waiting",
    ) -> None:
        rows = [
            (
                *(demand.key.case, demand.key.round, demand.key.step, demand.item, workflow_id),
                *(demand.release, demand.serial_number, demand.due_at, now, state),
            )
            for demand in demands
        ]
        await connection.executemany(ASK, rows)

    async def _stand(self, connection: asyncpg.Connection, demands: Sequence[KeyDemand]) -> tuple[KeyGrant, ...]:
        """How each demand stands: its keys, masked, or its place in line."""
        keys: dict[str, tuple[str, ...]] = {}
        places: dict[str, int] = {}
        releases = sorted({demand.release for demand in demands})
        for case, round_, steps in _together(demands):
            for row in await connection.fetch(GIVEN, case, round_, steps):
                if row["sealed"] is not None:
                    masked = mask(self._secrets.open(row["sealed"], context_of(row["release"])))
                    keys[row["step"]] = (*keys.get(row["step"], ()), masked)
            places |= dict(await connection.fetch(PLACES, case, round_, steps, releases))
        return tuple(
            KeyGrant(item=demand.item, keys=keys.get(demand.key.step, ()), place_in_line=places.get(demand.key.step))
            for demand in demands
        )

    async def _give(self, connection: asyncpg.Connection, issued: KeysIssued, key: Secret) -> bool:
        """Give the item a key of the vendor's; False when it is somebody else's, or of another release."""
        demand, where = issued.demand, issued.demand.key
        await self._store(connection, StockedKey(demand.release, key, demand.serial_number))
        fingerprint = self._fingerprint(key)
        place = (where.case, where.round, where.step)
        await connection.execute(GRANT, fingerprint, *place, issued.now, demand.release, demand.serial_number)
        holder = await connection.fetchrow(HOLDER, fingerprint)
        return holder is not None and tuple(holder) == place

    async def _store(self, connection: asyncpg.Connection, stocked: StockedKey) -> bool:
        text = stocked.key.reveal()
        sealed = self._secrets.seal(text, context_of(stocked.release))
        marks = (self._fingerprint(stocked.key), spelling_of(text, self._secrets))
        what = (*marks, stocked.release, sealed, stocked.serial_number)
        return bool((await connection.execute(STORE, *what)).endswith(" 1"))

    def _fingerprint(self, key: Secret) -> bytes:
        return self._secrets.fingerprint(key.reveal())


async def _serve(connection: asyncpg.Connection, releases: Iterable[str], now: datetime) -> Sequence[str]:
    rows = await connection.fetch(SERVE, sorted(set(releases)), now)
    return sorted({row["workflow_id"] for row in rows})


def _together(demands: Iterable[KeyDemand]) -> Iterable[tuple[str, int, list[str]]]:
    """The steps of each request and round."""
    together: dict[tuple[str, int], list[str]] = {}
    for demand in demands:
        together.setdefault((demand.key.case, demand.key.round), []).append(demand.key.step)
    return ((case, round_, steps) for (case, round_), steps in together.items())
