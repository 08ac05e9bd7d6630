"""Lists of cases: from the read model, and from the engine's search attributes while that is away."""

from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey

from config.search_attributes import (
    CASE_REFERENCE,
    CASE_STAGE,
    CUSTOMER,
    NEXT_DUE,
    PROMISE_STATE,
    SERIAL_NUMBER,
    SITE,
    WAITING_FOR,
)
from database.cases import CaseFilter, CaseStore
from starter.answers import CaseLine, CaseList, DatabaseUnreachable, Source
from starter.case_opening import WORKFLOW


async def recorded_cases(cases: CaseStore, case_filter: CaseFilter, limit: int) -> CaseList:
    """The cases as the read model has them. Raises one of UNREACHABLE."""
    rows = await cases.list(case_filter, limit)
    return CaseList(source=Source.READ_MODEL, cases=tuple(CaseLine(**row.model_dump()) for row in rows))


async def visible_cases(client: Client, case_filter: CaseFilter, limit: int) -> CaseList:
    """The cases as the engine can list them: no owner, next action or outcome, and the newest first.

    Raises DatabaseUnreachable for a filter that only the read model can answer.
    """
    if case_filter.owner is not None:
        raise DatabaseUnreachable("The database is away, and only it knows the owners: list without --owner.")
    lines = [_line(execution) async for execution in client.list_workflows(_query(case_filter), limit=limit)]
    return CaseList(source=Source.VISIBILITY, cases=tuple(lines))


def _query(case_filter: CaseFilter) -> str:
    wanted = {
        CASE_STAGE: case_filter.stage,
        WAITING_FOR: case_filter.waiting_for,
        PROMISE_STATE: case_filter.promise_state,
        CUSTOMER: case_filter.customer,
    }
    terms = [f"WorkflowType = '{WORKFLOW}'"]
    terms += [f"{key.name} = {_quoted(value)}" for key, value in wanted.items() if value is not None]
    terms += ["ExecutionStatus = 'Running'"] if case_filter.open_only else []
    return " AND ".join(terms)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _line(execution: WorkflowExecution) -> CaseLine:
    def attribute(key: SearchAttributeKey[str]) -> str | None:
        return execution.typed_search_attributes.get(key)

    return CaseLine(
        reference=attribute(CASE_REFERENCE),
        workflow_id=execution.id,
        serial_number=attribute(SERIAL_NUMBER),
        customer=attribute(CUSTOMER),
        site=attribute(SITE),
        stage=attribute(CASE_STAGE),
        waiting_for=attribute(WAITING_FOR),
        promise_state=attribute(PROMISE_STATE),
        next_due_at=execution.typed_search_attributes.get(NEXT_DUE),
        opened_at=execution.start_time,
        closed_at=execution.close_time,
    )
