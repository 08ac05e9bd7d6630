"""A curative case orders software for its equipment: the same as a request, said in its words (R3)."""

from pydantic import JsonValue

from domain.effects import SoftwareOrder, SoftwareWithdrawal


def request_of(order: SoftwareOrder) -> dict[str, JsonValue]:
    """The request that the order stands for, under a message id of its own, so that a repeat changes nothing.

    Its instant was accepted where the order comes from: that case vouches for it as a supervisor does (SPEC §4).
    """
    told: dict[str, JsonValue] = {"tell": order.tell} if order.tell is not None else {}
    return {
        "requested_by": order.requested_by,
        "channel": "phone",
        "received_at": order.received_at.isoformat(),
        "items": [{"serial_number": order.serial_number}],
        "actor": f"supervisor:{order.key.case}",
        "message_id": order.key.identifier,
        **told,
    }


def withdrawal_of(withdrawal: SoftwareWithdrawal) -> dict[str, JsonValue]:
    """What the request is told by a case that waits no more."""
    return {
        "tell": withdrawal.tell,
        "serial_number": withdrawal.serial_number,
        "reason": withdrawal.reason,
        "message_id": withdrawal.key.identifier,
    }
