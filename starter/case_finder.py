"""From what people call a case (reference, workflow id, serial number) to the execution that it is."""

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from config.search_attributes import CASE_REFERENCE
from database.cases import CaseStore
from domain.references import normalise_reference
from domain.serial_numbers import SerialNumberError, curative_workflow_id, normalise_serial_number
from domain.view import CaseView
from starter.answers import CaseNotFound, FoundCase
from starter.case_opening import WORKFLOW
from starter.engine import engine_answer, is_missing
from starter.telling import recorded, visible


class CaseFinder:
    """Finds open and closed cases: in the read model by reference, else in the engine."""

    def __init__(self, client: Client, cases: CaseStore | None) -> None:
        self._client = client
        self._cases = cases

    async def find(self, name: str) -> FoundCase:
        """The execution of a case, of several with one workflow id the newest.

        Raises CaseNotFound, EngineUnreachable.
        """
        name = name.strip()
        found = await self._by_reference(name) or await self._by_workflow_id(name)
        if found is None:
            raise CaseNotFound(name)
        return found

    async def _by_reference(self, name: str) -> FoundCase | None:
        reference = normalise_reference(name)
        if reference is None:
            return None
        found = await self._recorded(reference) or await self._visible(reference)
        return found.model_copy(update={"named_by_reference": True}) if found else None

    async def _by_workflow_id(self, name: str) -> FoundCase | None:
        for workflow_id in _workflow_ids(name):
            found = await self._described(workflow_id) or await self._recorded(workflow_id)
            if found is not None:
                return found
        return await self._recorded(name)

    async def _recorded(self, name: str) -> FoundCase | None:
        view = await recorded(self._cases, name, CaseView)
        if view is None:
            return None
        return FoundCase(
            workflow_id=view.workflow_id,
            run_id=view.run_id,
            is_open=view.closed_at is None,
            reference=view.reference,
        )

    async def _visible(self, reference: str) -> FoundCase | None:
        execution = await visible(self._client, WORKFLOW, reference)
        if execution is None:
            return None
        return FoundCase(
            workflow_id=execution.id,
            run_id=execution.run_id,
            is_open=execution.status is WorkflowExecutionStatus.RUNNING,
            reference=reference,
        )

    async def _described(self, workflow_id: str) -> FoundCase | None:
        try:
            execution = await engine_answer(self._client.get_workflow_handle(workflow_id).describe())
        except RPCError as error:
            if is_missing(error):
                return None
            raise
        return FoundCase(
            workflow_id=workflow_id,
            run_id=execution.run_id,
            is_open=execution.status is WorkflowExecutionStatus.RUNNING,
            reference=execution.typed_search_attributes.get(CASE_REFERENCE),
        )


def _workflow_ids(name: str) -> list[str]:
    """What `name` can mean: a workflow id as it stands, or the id of the case of that serial number."""
    try:
        ids = [curative_workflow_id(normalise_serial_number(name))]
    except SerialNumberError:
        ids = []
    prefix = curative_workflow_id("")
    return [prefix + name[len(prefix) :].upper(), *ids] if name.lower().startswith(prefix) else ids
