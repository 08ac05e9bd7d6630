"""The clocks of a software request: one pair a contract, stopped while all that is open waits for the requester (R13).

Items under several contracts have several clocks, each in its contract's own reading. A contract's clock covers all its
items: it ends when the last of them is answered. It stands still while every item that is still open waits for the
requester, counted from when the last of these was asked: what waits for us is never excused by what does not.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from domain.calendars import Reading
from domain.coverage import Coverage
from domain.journal import Disposition
from domain.promises import Budget, Promise, PromiseName, SoftwareReading, StrictestReading
from domain.service_hours import ServiceHours
from domain.software_items import DROPPED, ItemState
from domain.software_update import ROUND, ContractClock, SoftwareUpdate
from domain.waits import Wait

PROMISES = (PromiseName.SOFTWARE_DELIVERY, PromiseName.SOFTWARE_DELIVERY_TARGET)

At: TypeAlias = datetime | None


def budget_of(name: PromiseName, coverage: Coverage) -> Budget:
    """What is counted: the contract's reading for the customer, the strictest for ourselves (R13)."""
    if name is PromiseName.SOFTWARE_DELIVERY:
        return SoftwareReading(reading=coverage.terms.software_reading, hours=coverage.terms.software_hours)
    return StrictestReading(hours=coverage.terms.software_hours)


def reading_of(coverage: Coverage) -> Reading:
    """The reading that the contract names."""
    return coverage.terms.software_reading


def paused_since(update: SoftwareUpdate, contract: str) -> At:
    """From when on the contract's clock stands still: everything open waits for the requester; None when it runs."""
    unanswered = [item for item in update.of_contract(contract) if not item.is_answered]
    if not unanswered or any(item.state is not ItemState.CLARIFICATION for item in unanswered):
        return None
    return max(item.asked_at for item in unanswered if item.asked_at)


def runs_again_since(update: SoftwareUpdate, contract: str) -> At:
    """When the first of what is open was cleared up; None when nothing was."""
    unanswered = [item for item in update.of_contract(contract) if not item.is_answered]
    return min((item.clarified_at for item in unanswered if item.clarified_at), default=None)


def kept_at(update: SoftwareUpdate, contract: str) -> At:
    """When the last item of the contract was answered by us; None while one is open, or when all were dropped."""
    items = update.of_contract(contract)
    if any(not item.is_answered for item in items):
        return None
    return max((item.answered_at for item in items if item.answered_at and item.state not in DROPPED), default=None)


def is_over(update: SoftwareUpdate, contract: str) -> bool:
    """Nothing of the contract is open."""
    return all(item.is_answered for item in update.of_contract(contract))


class ContractLedger:
    """One contract's promises, as a promise clock wants them; what it writes goes into the request's journal."""

    def __init__(self, update: SoftwareUpdate, contract: ContractClock) -> None:
        self._update = update
        self._contract = contract

    @property
    def coverage(self) -> Coverage | None:
        """The terms and calendars of the contract."""
        return self._contract.coverage

    @property
    def promises(self) -> list[Promise]:
        """The contract's promises."""
        return self._contract.promises

    @property
    def promises_begun(self) -> dict[PromiseName, int]:
        """How often each was begun."""
        return self._contract.promises_begun

    @property
    def promise_round(self) -> int:
        """A request has one round."""
        return ROUND

    @property
    def service_hours(self) -> ServiceHours:
        """The provider's open hours around now."""
        return self._contract.service_hours

    @service_hours.setter
    def service_hours(self, hours: ServiceHours) -> None:
        self._contract.service_hours = hours

    @property
    def version(self) -> int:
        """Grows with every change that people may see."""
        return self._update.version

    @version.setter
    def version(self, version: int) -> None:
        self._update.version = version

    @property
    def waits_to_measure(self) -> Sequence[Wait]:
        """None: a request measures its own at its end."""
        return ()

    def add_up(self, waits: Sequence[Wait], business: Sequence[timedelta]) -> None:
        """There are none."""

    def latest(self, name: PromiseName) -> Promise | None:
        """The latest promise of that name, however it stands."""
        return next((promise for promise in reversed(self.promises) if promise.name is name), None)

    def owed(self, name: PromiseName) -> Promise | None:
        """The latest promise of that name, if it still has to be kept."""
        promise = self.latest(name)
        return promise if promise is not None and promise.is_owed else None

    def write(
        self,
        entered_at: datetime,
        actor: str,
        kind: str,
        disposition: Disposition,
        text: str,
        at: datetime | None = None,
    ) -> None:
        """A line of the request's journal, which names the contract."""
        self._update.write(entered_at, actor, kind, disposition, f"{self._contract.contract}: {text}", at=at)
