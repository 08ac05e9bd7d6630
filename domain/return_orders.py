"""The one argument with which a return starts: `{"return": {…}}`, an order of a case."""

from pydantic import ValidationError

from domain.effects import ReturnOrder
from domain.instants import EARLIEST, LATEST
from domain.messages import MessageRefused
from domain.payloads import Undecodable
from domain.refusals import first_mistake
from domain.returns import EquipmentReturn, return_workflow_id

RETURN, SO_FAR = "return", "so_far"
"""What an execution begins with: the order; or the state of the one before it, when it continues as new."""


def parse_return_order(payloads: tuple[object, ...], workflow_id: str) -> ReturnOrder:
    """Return the order. Raises MessageRefused, in one sentence that names the field, otherwise."""
    opening = payloads[0] if payloads else None
    if (
        len(payloads) != 1
        or not isinstance(opening, dict)
        or isinstance(opening, Undecodable)
        or set(opening) != {RETURN}
    ):
        raise MessageRefused(RETURN, 'a return starts with one argument, {"return": {…}}')
    try:
        order = ReturnOrder.model_validate(opening[RETURN])
    except ValidationError as error:
        field, reason = first_mistake(error, ReturnOrder.model_fields)
        raise MessageRefused(f"{RETURN}.{field}", reason) from None
    if order.now.tzinfo is None or not EARLIEST <= order.now < LATEST:
        raise MessageRefused(f"{RETURN}.now", "it is an instant of the years 2000 to 2099, with its offset")
    expected = return_workflow_id(order.key)
    if workflow_id != expected:
        raise MessageRefused(f"{RETURN}.key", f"the return {order.key.identifier} has the workflow id {expected}")
    return order


def parse_continued(payloads: tuple[object, ...]) -> EquipmentReturn | None:
    """The state that the execution before this one handed over, or None when it did not."""
    opening = payloads[0] if payloads else None
    if not isinstance(opening, dict) or SO_FAR not in opening:
        return None
    return EquipmentReturn.model_validate(opening[SO_FAR])
