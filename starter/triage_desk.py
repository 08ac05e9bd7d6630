"""Triage at the desk: what a person must read, who sees to it, and what came of it (R12)."""

from collections.abc import Sequence
from datetime import datetime

from database.triage import Triage, TriageMail, TriageState
from starter.answers import Refused, WrongInput


class TriageNotFound(LookupError):
    """No mail of that number is in triage."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no mail is in triage as {name[:40]!r}; `curative triage list` shows their numbers")


class TriageDesk:
    """Takes numbers as people write them: `17`, `#17` or `T17`."""

    def __init__(self, triage: Triage) -> None:
        self._triage = triage

    async def list(self, state: TriageState | None, *, everything: bool, limit: int) -> Sequence[TriageMail]:
        """Up to `limit` mails, the oldest first; those that are done only when they are asked for."""
        return await self._triage.list(state, everything=everything, limit=limit)

    async def show(self, name: str) -> TriageMail:
        """One mail. Raises TriageNotFound, WrongInput."""
        found = await self._triage.find(_number(name))
        if found is None:
            raise TriageNotFound(name)
        return found

    async def raw(self, name: str) -> bytes:
        """The mail as it came, its beginning. Raises TriageNotFound when it is not kept, WrongInput."""
        raw = await self._triage.raw((await self.show(name)).number)
        if raw is None:
            raise TriageNotFound(name)
        return raw

    async def take(self, name: str, owner: str, at: datetime, *, by_force: bool) -> TriageMail:
        """Somebody sees to it. Raises TriageNotFound, WrongInput; Refused when it is done, or somebody else's."""
        mail = await self.show(name)
        if not await self._triage.take(mail.number, _said(owner, "--owner"), at, by_force=by_force):
            mail = await self.show(name)
            why = f"{mail.owner} sees to it; --force takes it over" if mail.state is TriageState.TAKEN else "it is done"
            raise Refused("number", f"{mail.number} was not taken: {why}")
        return await self.show(name)

    async def done(self, name: str, owner: str | None, resolution: str, at: datetime) -> TriageMail:
        """It is done, and what was done. Raises TriageNotFound, WrongInput; Refused when it was done before."""
        mail = await self.show(name)
        by = _said(owner, "--owner") if owner is not None else None
        if not await self._triage.done(mail.number, by, _said(resolution, "the resolution"), at):
            raise Refused("number", f"{mail.number} was done before: {mail.resolution}")
        return await self.show(name)


def _number(name: str) -> int:
    bare = name.strip().lstrip("#Tt")
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 15):
        raise WrongInput(f"{name[:40]!r} is no number of a mail in triage: write it as 17.")
    return int(bare)


def _said(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise WrongInput(f"{what} says nothing: say it in a few words.")
    return said[:500]
