"""A return as a story: an order of a case, and what people say of it, on a clock that the test moves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.calendars import CalendarSpec, Reading
from domain.coverage import Coverage
from domain.effects import EffectKey, ReturnKind, ReturnOrder
from domain.returns import return_workflow_id
from domain.terms import Terms
from tests.story import Story

WORKFLOW = "EquipmentReturnWorkflow"
PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
COVERAGE = Coverage(
    terms=Terms(software_reading=Reading.SERVICE_HOURS, transit_days={}), provider=PARIS, site=PARIS, basis="contract"
)
CASE = "CM-7K3Q-9XTB"
LOAN = EffectKey(case=CASE, round=1, step="loan-1")


def order(at: datetime, kind: ReturnKind = "faulty_part", **fields: Any) -> ReturnOrder:
    """Something of the sample customer is to come back from that instant on."""
    defaults: dict[str, Any] = {
        "key": EffectKey(case=CASE, round=1, step=f"return-{kind.replace('_', '-')}-1"),
        "item": "PSU-24, Room Kit",
        "customer": "BRUNEL",
        "site": "BRU-PAR",
        "site_name": "Brunel – siège",
        "contact_email": "it@brunel.example",
        "destination": "the vendor, Lyon",
        "loan": LOAN if kind == "loan_unit" else None,
        "coverage": COVERAGE,
    }
    return ReturnOrder(now=at, kind=kind, **{**defaults, **fields})


@dataclass(frozen=True)
class ReturnStory(Story):
    """One return."""

    @classmethod
    async def follow(cls, environment: WorkflowEnvironment, task_queue: str, ordered: ReturnOrder) -> Self:
        """A return is ordered; answers once it is known when it is due."""
        story = await cls.begin(
            environment,
            WORKFLOW,
            {"return": ordered.model_dump(mode="json")},
            id=return_workflow_id(ordered.key),
            at=ordered.now,
            task_queue=task_queue,
            query="return",
        )
        await story.until(lambda view: view["due_at"], "it is known when it is due")
        return story

    async def news(self, status: str, **fields: Any) -> dict[str, Any]:
        """Somebody says what became of it; the view that is answered."""
        answer = await self.submit({"kind": "return_news", "status": status, **fields})
        view: dict[str, Any] = answer["view"]
        return view

    async def refused(self, message: Any) -> str:
        """Say what must be refused; the reason."""
        with pytest.raises(WorkflowUpdateFailedError) as failure:
            await self.submit(message)
        assert isinstance(failure.value.cause, ApplicationError)
        return failure.value.cause.message
