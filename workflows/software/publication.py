"""What the world sees of a software request: Web UI details, search attributes, read model (SPEC §6)."""

from temporalio import workflow

from workflows.publication import Attributes, Publication
from workflows.software.effects import SoftwareEffects

with workflow.unsafe.imports_passed_through():
    from config import search_attributes as keys
    from database.software_requests import SoftwareWrite
    from domain.journal import JournalLine
    from domain.software_page import software_page
    from domain.software_update import SoftwareUpdate
    from domain.software_view import view_of_software
    from domain.view import next_due, promise_state


class SoftwarePublication(Publication[SoftwareUpdate]):
    """What the world sees of one request."""

    def __init__(self, update: SoftwareUpdate, effects: SoftwareEffects) -> None:
        super().__init__(update, effects)
        self._recorder = effects

    def page(self) -> str:
        """The briefing of the request."""
        return software_page(self._case, workflow.now())

    def attributes(self) -> Attributes:
        """So that one list filter answers "what is late?"; a customer or site only when there is just one."""
        update = self._case
        view_customers = {item.card.customer for item in update.items if item.card}
        sites = {item.card.site for item in update.items if item.card}
        return {
            keys.CASE_REFERENCE: update.reference,
            keys.CASE_STAGE: update.stage.value,
            keys.WAITING_FOR: update.ball.value,
            keys.SERIAL_NUMBER: update.items[0].serial_number if len(update.items) == 1 else None,
            keys.CUSTOMER: next(iter(view_customers)) if len(view_customers) == 1 else None,
            keys.SITE: next(iter(sites)) if len(sites) == 1 else None,
            keys.PROMISE_STATE: promise_state(update.promises),
            keys.NEXT_DUE: next_due(update.promises) if update.is_open else None,
        }

    async def write(self, version: int, lines: tuple[JournalLine, ...]) -> None:
        """The request, its items and its new journal lines."""
        view = view_of_software(self._case).model_copy(update={"journal": ()})
        await self._recorder.record_software(SoftwareWrite(version=version, view=view, journal=lines))
