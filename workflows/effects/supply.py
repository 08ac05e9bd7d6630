"""Parts: asked of the vendor, ordered, reserved in our stock, called off, re-routed (R6, R7)."""

import asyncio
from contextlib import suppress

from temporalio import workflow

from workflows.effects.asking import A_MOMENT, Asking
from workflows.policies import OUTSIDE

with workflow.unsafe.imports_passed_through():
    from activities.orders import OrderActivities
    from activities.relocation import RelocationActivities
    from activities.stock import StockActivities
    from activities.vendor import VendorActivities
    from domain.effects import (
        CallOff,
        NoticesSent,
        ReplacementOrder,
        ReplacementRequest,
        Rerouting,
        Restock,
        StockAnswer,
        StockRequest,
    )


class SupplyEffects(Asking):
    """What is done for parts."""

    async def request_replacement(self, request: ReplacementRequest) -> NoticesSent | None:
        """Ask the vendor to approve a replacement (R6).

        It usually takes a moment, for which the case is not at rest; what takes longer is shown as under way.
        """
        summary = f"Ask {request.vendor_name} for an RMA: {request.key.identifier}"
        sending = workflow.start_activity_method(
            VendorActivities.request_replacement, request, summary=summary, **OUTSIDE
        )
        self.under_way += 1
        try:
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    sending.done, timeout=A_MOMENT, timeout_summary="The vendor is being asked"
                )
        except asyncio.CancelledError:
            sending.cancel()
        finally:
            self.under_way -= 1
        return await sending

    async def call_off_request(self, call_off: CallOff) -> None:
        """Note that a request to the vendor is withdrawn."""
        await self._own(OrderActivities.call_off_request, call_off, f"Withdraw {call_off.of.identifier}")

    async def place_order(self, order: ReplacementOrder) -> None:
        """Note the order of the approved replacement (R7)."""
        await self._own(OrderActivities.place_order, order, f"Order the replacement: {order.key.identifier}")

    async def call_off_order(self, call_off: CallOff) -> None:
        """Note that an order is called off."""
        await self._own(OrderActivities.call_off_order, call_off, f"Call off {call_off.of.identifier}")

    async def reroute(self, rerouting: Rerouting) -> None:
        """Note where an order goes instead."""
        await self._own(RelocationActivities.reroute, rerouting, f"Re-route {rerouting.order.identifier}")

    async def reserve_stock(self, request: StockRequest) -> StockAnswer:
        """Reserve articles of our own (R6, R7)."""
        return await self._own(
            StockActivities.reserve_stock, request, f"Reserve our own parts: {request.key.identifier}"
        )

    async def give_stock_back(self, call_off: CallOff) -> None:
        """What was reserved is not needed."""
        await self._own(StockActivities.give_stock_back, call_off, f"Give back what {call_off.of.identifier} reserved")

    async def use_stock(self, call_off: CallOff) -> None:
        """What was reserved has left our stock."""
        await self._own(StockActivities.use_stock, call_off, f"What {call_off.of.identifier} reserved has left")

    async def restock(self, restock: Restock) -> None:
        """Unused parts of our own are back."""
        await self._own(StockActivities.restock, restock, f"Restock what {restock.key.identifier} brought back")
