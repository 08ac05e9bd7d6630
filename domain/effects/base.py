"""What every effect has: a key under which it happens once (SPEC §7.3)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Effect(BaseModel):
    """What a case asks for, or is answered: plain data that does not change."""

    model_config = ConfigDict(frozen=True)


class EffectKey(Effect):
    """What an effect is known by, in PostgreSQL and towards the outside."""

    case: str
    round: int
    step: str

    @property
    def identifier(self) -> str:
        """The same in every repetition: `CM-7K3Q-9XTB.1.vendor-request`."""
        return f"{self.case}.{self.round}.{self.step}"


class CallOff(Effect):
    """Undo what was done under `of`: a request, an order, a reservation, a loan that has not left the house.

    Nothing happens when it was never done, or was undone before.
    """

    of: EffectKey
    now: datetime
