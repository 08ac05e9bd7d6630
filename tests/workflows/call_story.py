"""A call for phone assistance as a story: the words that people send, on a clock that the test moves."""

from dataclasses import dataclass
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from tests.story import Story
from tests.workflows.case_story import CaseStory

WORKFLOW = "PhoneAssistanceWorkflow"
CALLER = {"name": "Camille Petit", "phone": "+33 1 70 48 03 68", "email": "camille@brunel.example"}


def call(**fields: Any) -> dict[str, Any]:
    """A call by telephone; a field that is None is left out."""
    said = {"caller": CALLER, "symptom": "no sound from the far end", **fields}
    return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class CallStory(Story):
    """One call."""

    async def say(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a message as the update; the view that is answered."""
        view: dict[str, Any] = (await self.submit({"kind": kind, **fields}))["call"]
        return view

    async def refused(self, kind: str, **fields: Any) -> str:
        """Send a message that must be refused; the reason."""
        with pytest.raises(WorkflowUpdateFailedError) as failure:
            await self.submit({"kind": kind, **fields})
        assert isinstance(failure.value.cause, ApplicationError)
        return failure.value.cause.message

    async def diagnosed(self, level: int, outcome: str, **fields: Any) -> dict[str, Any]:
        """Level 1 or level 2 has a word to say."""
        said = {"technician": "Noor", "findings": "the power supply", **fields}
        return await self.say("remote_diagnosis", level=level, outcome=outcome, **said)

    async def hardware_has_failed(self) -> dict[str, Any]:
        """Through both levels; the view of the closed call."""
        await self.diagnosed(1, "escalate", findings="nothing helps")
        await self.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
        view: dict[str, Any] = await self.result()
        return view

    async def reaches(self, stage: str, **fields: Any) -> dict[str, Any]:
        """The view once the call is at that stage, and its other fields are as given."""
        expected = {"stage": stage, **fields}
        view: dict[str, Any] = await self.until(
            lambda view: all(view[name] == value for name, value in expected.items()), f"the call shows {expected}"
        )
        return view

    async def promise(self, name: str) -> dict[str, Any]:
        """The latest promise of that name."""
        return next(p for p in reversed((await self.view())["promises"]) if p["name"] == name)

    async def journal(self) -> list[str]:
        """The journal's texts, in order."""
        return [line["text"] for line in (await self.view())["journal"]]

    def case(self, serial_number: str) -> CaseStory:
        """The curative case of that equipment, on whatever engine it is."""
        handle = self.environment.client.get_workflow_handle(f"curative-{serial_number}")
        return CaseStory(self.environment, handle)
