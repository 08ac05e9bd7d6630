"""The pool of loan units at the desk: how each unit stands, and the way back into service (R8)."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError
from temporalio.service import RPCError

from config.temporal import EngineUnreachable
from database.loan_units import LoanUnits, PoolUnitRow, PutBack
from domain.effects import LoanGranted
from domain.messages import LoanAssigned
from domain.messages.base import Actor
from domain.serial_numbers import SerialNumberError, normalise_serial_number
from starter.answers import NotAnswered, NotRegistered, Refused, WrongInput
from starter.engine import engine_answer

Signal: TypeAlias = Callable[[str, str, Mapping[str, JsonValue]], Coroutine[None, None, bool]]
"""How a workflow is told something: its id, the signal, the payload."""

REASON_LENGTH = 500

_ACTOR: TypeAdapter[str] = TypeAdapter(Actor)


class UnitPutBack(BaseModel):
    """A unit that is lent again, and the cases in line that were served by what is free now, and told so."""

    model_config = ConfigDict(frozen=True)

    serial_number: str
    was: Literal["lost", "out_of_order"]
    state: str
    told: tuple[str, ...]


class LoanUnitDesk:
    """Puts units back into the pool, and tells who waited for one."""

    def __init__(self, signal: Signal, units: LoanUnits) -> None:
        self._signal = signal
        self._units = units

    async def put_back(self, serial_number: str, reason: str, actor: str, now: datetime) -> UnitPutBack:
        """Have a unit lent again that was lost, or out of order.

        Raises WrongInput, NotRegistered; Refused when it is in service; NotAnswered when whoever is served by it could
        not be told: the unit is in service then, and the same again tells them.
        """
        wanted = _put_back(serial_number, reason, actor, now)
        before = await self._unit(wanted.serial_number)
        is_done = await self._units.put_back(wanted)
        told = [await self._tell(granted) for granted in await self._units.served_by(wanted.serial_number)]
        after = await self._unit(wanted.serial_number)
        if not is_done:
            raise Refused(
                "serial_number", f"{after.serial_number} is neither lost nor out of order: {_standing(after)}"
            )
        was: Literal["lost", "out_of_order"] = "lost" if before.state == "lost" else "out_of_order"
        return UnitPutBack(serial_number=after.serial_number, was=was, state=after.state, told=tuple(told))

    async def _unit(self, serial_number: str) -> PoolUnitRow:
        found: Sequence[PoolUnitRow] = await self._units.list(serial_number)
        if not found:
            raise NotRegistered(f"{serial_number} is no unit of the loan pool: see `curative loan list`.")
        return found[0]

    async def _tell(self, granted: LoanGranted) -> str:
        """Tell a case which unit it has; told twice, it hears it once. One that has ended needs to know no more."""
        unit, case = granted.unit.serial_number, granted.loan.case
        word: dict[str, JsonValue] = {"unit": unit, "message_id": f"{granted.loan.identifier}.{unit}"}
        try:
            await engine_answer(self._signal(granted.workflow_id, LoanAssigned.kind, word))
        except (RPCError, EngineUnreachable) as error:
            raise NotAnswered(
                f"{unit} is in service, and {case} could not be told that it has it: "
                "type the same again when Temporal answers."
            ) from error
        return case


def _put_back(serial_number: str, reason: str, actor: str, now: datetime) -> PutBack:
    said = " ".join(reason.split())[:REASON_LENGTH]
    if not said:
        raise WrongInput("The reason says nothing: say in a few words why it can be lent again.")
    try:
        number = normalise_serial_number(serial_number)
        return PutBack(serial_number=number, now=now, reason=said, actor=_ACTOR.validate_python(actor))
    except SerialNumberError as error:
        raise WrongInput(f"{error}.") from None
    except ValidationError as error:
        raise WrongInput(f"--actor: {error.errors()[0]['ctx']['error']}.") from None


def _standing(unit: PoolUnitRow) -> str:
    state = unit.state.replace("_", " ")
    return f"it is {state}" + (f" for {unit.case_reference}" if unit.case_reference else "")
