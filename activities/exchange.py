"""Standard exchange: the installed serial number takes the removed one's place in the registry (R7)."""

from temporalio import activity

from database.exchange import SerialNumbers
from domain.effects import SerialExchangeAnswer, SerialExchanges


class ExchangeActivities:
    """Carries out in the registry what the technician did on site."""

    def __init__(self, serial_numbers: SerialNumbers) -> None:
        self._serial_numbers = serial_numbers

    @activity.defn
    async def exchange_serials(self, exchanges: SerialExchanges) -> SerialExchangeAnswer:
        """Carry out each exchange, and say what became of it."""
        return await self._serial_numbers.exchange(exchanges)
