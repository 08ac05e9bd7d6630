"""Our own stock: parts are reserved for a case, used, given back, or returned unused (R6, R7)."""

from temporalio import activity

from database.stock import Stock
from domain.effects import CallOff, Restock, StockAnswer, StockRequest


class StockActivities:
    """Reserves parts for cases, nearest to the site first."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock

    @activity.defn
    async def reserve_stock(self, request: StockRequest) -> StockAnswer:
        """Reserve all of the articles, or say which are missing and reserve none."""
        return await self._stock.reserve(request)

    @activity.defn
    async def give_stock_back(self, call_off: CallOff) -> None:
        """The case needs the parts no more: what is still reserved is free again."""
        await self._stock.give_back(call_off)

    @activity.defn
    async def use_stock(self, call_off: CallOff) -> None:
        """The parts reserved under that key have left the house."""
        await self._stock.use(call_off)

    @activity.defn
    async def restock(self, restock: Restock) -> None:
        """Parts that had left the house came back unused: they are free again."""
        await self._stock.restock(restock)
