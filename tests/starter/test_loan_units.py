"""Whoever has a unit that was put back is told, if need be by the same command once more (R8)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from pydantic import JsonValue
from temporalio.service import RPCError, RPCStatusCode

from database.loan_units import LoanUnits
from database.loans import LoanPool
from domain.effects import EffectKey, LoanRequest
from starter.answers import NotAnswered, Refused
from starter.loan_units import LoanUnitDesk

UNIT = "FOC2811NH3P"
NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)


async def test_who_could_not_be_told_is_told_when_the_same_is_typed_again(pool: asyncpg.Pool) -> None:
    await pool.execute("delete from loan_units where serial_number <> $1", UNIT)
    await pool.execute("update loan_units set lost_at = $1", NOON)
    wish = LoanRequest(
        key=EffectKey(case="CM-0000-0001", round=1, step="loan-1"),
        now=NOON,
        equipment_type="Poly RealPresence Group 500",
        site="BRU-PAR",
        promised_for=NOON + timedelta(days=1),
    )
    assert (await LoanPool(pool).reserve(wish, "curative-X")).unit is None
    told: list[tuple[str, str, Mapping[str, JsonValue]]] = []
    is_away = True

    async def signal(workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        if is_away:
            raise RPCError("gone", RPCStatusCode.UNAVAILABLE, b"")
        told.append((workflow_id, name, payload))
        return True

    desk = LoanUnitDesk(signal, LoanUnits(pool))
    with pytest.raises(NotAnswered, match=f"{UNIT} is in service, and CM-0000-0001 could not be told"):
        await desk.put_back(UNIT, "found again", "coordinator:Noor", NOON + timedelta(hours=1))
    is_away = False
    with pytest.raises(Refused, match="it is reserved for CM-0000-0001"):
        await desk.put_back(UNIT, "found again", "coordinator:Noor", NOON + timedelta(hours=2))
    assert told == [
        ("curative-X", "loan_assigned", {"unit": UNIT, "message_id": f"CM-0000-0001.1.loan-1.{UNIT}"}),
    ]
