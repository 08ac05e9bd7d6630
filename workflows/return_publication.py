"""What the world sees of a return: Web UI details, search attributes, read model (SPEC §6)."""

from datetime import datetime
from typing import TypeAlias

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from workflows.effects import Effects

with workflow.unsafe.imports_passed_through():
    from activities.returns import ReturnRecordActivities
    from config import search_attributes as keys
    from database.returns import ReturnWrite
    from domain.effects import ReturnOrder
    from domain.markdown import columns_apart
    from domain.return_view import return_page, view_of_return
    from domain.returns import EquipmentReturn, ReturnState

Updates: TypeAlias = list[SearchAttributeUpdate[str] | SearchAttributeUpdate[datetime]]


class ReturnEffects(Effects):
    """The activities of one return."""

    async def record_return(self, write: ReturnWrite) -> None:
        """Write the return into the read model.

        Locally first: a workflow task that the engine discards and has done anew writes the same version anew.
        """
        await self._own(ReturnRecordActivities.record_return, write, f"Record in the read model: {write.view.state}")


class ReturnPublication:
    """Shows every version of a return, and records every step that lists show."""

    def __init__(self, tracked: EquipmentReturn, effects: ReturnEffects) -> None:
        self._tracked = tracked
        self._effects = effects
        self._shown = -1
        self._recorded = 0
        self._attributes: Updates = []

    async def keep_showing(self) -> None:
        """Show the return whenever it has come to rest."""
        tracked = self._tracked
        while True:
            await workflow.wait_condition(lambda: self._shown < tracked.version and self._effects.under_way == 0)
            tracked.trim_journal(tracked.journal_length)
            workflow.set_current_details(columns_apart(return_page(tracked)))
            if tracked.order is not None:
                self._upsert(_attributes(tracked, tracked.order))
            self._shown = tracked.version

    async def keep_recording(self) -> None:
        """Record each step; steps that come while one is written go out with the next."""
        while True:
            await workflow.wait_condition(lambda: self._recorded < self._tracked.step)
            await self._record()

    async def is_done(self) -> None:
        """Wait until everything is out."""
        tracked = self._tracked
        await workflow.wait_condition(lambda: self._recorded >= tracked.step and self._shown >= tracked.version)

    @property
    def is_up_to_date(self) -> bool:
        """Every step is recorded."""
        return self._recorded >= self._tracked.step

    async def _record(self) -> None:
        tracked, step = self._tracked, self._tracked.step
        assert tracked.order is not None
        write = ReturnWrite(version=tracked.version, view=view_of_return(tracked), loan=tracked.order.loan)
        await self._effects.record_return(write)
        self._recorded = step

    def _upsert(self, attributes: Updates) -> None:
        if attributes != self._attributes:
            workflow.upsert_search_attributes(attributes)
            self._attributes = attributes


def _attributes(tracked: EquipmentReturn, order: ReturnOrder) -> Updates:
    due_at = tracked.timetable.due_at if tracked.timetable and tracked.is_open else None
    is_late = tracked.state in (ReturnState.OVERDUE, ReturnState.LOST)
    return [
        keys.CASE_REFERENCE.value_set(order.key.case),
        keys.CASE_STAGE.value_set(tracked.state.value),
        keys.WAITING_FOR.value_set(tracked.waiting_for.value),
        keys.CUSTOMER.value_set(order.customer),
        keys.SITE.value_set(order.site),
        keys.PROMISE_STATE.value_set("breached" if is_late else "on_track"),
        keys.NEXT_DUE.value_set(due_at) if due_at else keys.NEXT_DUE.value_unset(),
    ]
