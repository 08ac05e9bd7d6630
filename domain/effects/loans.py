"""Loan units: asked of the pool, moved on, granted to who waits in line (R8)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from domain.effects.base import Effect, EffectKey
from domain.effects.words import CaseWord, CaseWords


class LoanRequest(Effect):
    """A loan unit with at least the features of that type, as near to the site as can be (R8).

    `promised_for` is the due instant of the loan's promise: when no unit is free, the oldest promise is served first.
    """

    key: EffectKey
    now: datetime
    equipment_type: str
    site: str
    promised_for: datetime


class LoanUnit(Effect):
    """A unit of the pool, reserved for one case."""

    serial_number: str
    type: str
    location: str


class LoanAnswer(Effect):
    """The unit that is reserved, or None: the case waits in line, at that place (1 is the next to be served)."""

    unit: LoanUnit | None
    place_in_line: int | None = None


class LoanStep(StrEnum):
    """How far a loan has come, as PostgreSQL knows it."""

    WAITING = "waiting"
    RESERVED = "reserved"
    DISPATCHED = "dispatched"
    IN_SERVICE = "in_service"
    RETURNING = "returning"
    RETURNED = "returned"
    CALLED_OFF = "called_off"
    LOST = "lost"


class LoanMove(Effect):
    """The loan that was asked for under `loan` has come to that step.

    `fault` says why a unit that was returned is out of order; None when it can be lent again.
    """

    loan: EffectKey
    now: datetime
    step: LoanStep
    fault: str | None = None


class LoanGranted(Effect):
    """A unit came free, and is now reserved for a case that waited in line: it is to be told."""

    workflow_id: str
    loan: EffectKey
    unit: LoanUnit


def words_for(granted: Sequence[LoanGranted], key: EffectKey, now: datetime) -> CaseWords:
    """What those cases are to be told, under that key."""
    words = tuple(
        CaseWord(workflow_id=each.workflow_id, name="loan_assigned", payload={"unit": each.unit.serial_number})
        for each in granted
    )
    return CaseWords(key=key, now=now, words=words)
