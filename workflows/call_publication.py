"""What the world sees of a call: Web UI details, search attributes, read model (SPEC §6)."""

from temporalio import workflow

from workflows.call_effects import CallEffects
from workflows.publication import Attributes, Publication

with workflow.unsafe.imports_passed_through():
    from config import search_attributes as keys
    from database.calls import CallWrite
    from domain.assistance import AssistanceCall
    from domain.call_briefing import call_briefing
    from domain.call_view import view_of_call
    from domain.journal import JournalLine
    from domain.view import next_due, promise_state


class CallPublication(Publication[AssistanceCall]):
    """What the world sees of a call."""

    def __init__(self, call: AssistanceCall, effects: CallEffects) -> None:
        super().__init__(call, effects)
        self._call_effects = effects

    def page(self) -> str:
        """The briefing of the call."""
        return call_briefing(self._case, workflow.now())

    def attributes(self) -> Attributes:
        """The same as of a case, so that one list filter answers "what is late?"."""
        call, card = self._case, self._case.equipment
        return {
            keys.CASE_REFERENCE: call.reference,
            keys.CASE_STAGE: call.stage.value,
            keys.WAITING_FOR: call.waiting_for.value,
            keys.SERIAL_NUMBER: call.serial_number,
            keys.CUSTOMER: card.customer if card else None,
            keys.SITE: card.site if card else None,
            keys.PROMISE_STATE: promise_state(call.promises),
            keys.NEXT_DUE: next_due(call.promises) if call.is_open else None,
        }

    async def write(self, version: int, lines: tuple[JournalLine, ...]) -> None:
        """The call and its new journal lines."""
        view = view_of_call(self._case).model_copy(update={"journal": ()})
        await self._call_effects.record_call(CallWrite(version=version, view=view, journal=lines))
