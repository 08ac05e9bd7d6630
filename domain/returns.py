"""The way back of a faulty part, an unused part or a loan unit: what one return must know to go on (R8)."""

from domain.effects import EffectKey


def return_workflow_id(order: EffectKey) -> str:
    """The id of the return that was ordered under that key: each is followed once."""
    return f"return-{order.identifier}"
