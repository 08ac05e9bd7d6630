"""The last letters of a case that has closed, where no mail server takes them yet: the case does not wait for them."""

from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.effects import Effects

with workflow.unsafe.imports_passed_through():
    from domain.effects import NoticeBatch


@workflow.defn(name="LateLettersWorkflow")
class LateLettersWorkflow:
    """Started as `letters-<identifier of the first>` with `{"letters": {…}}`; its result says what became of them."""

    @workflow.run
    async def run(self, opening: Any = None, *extra: Any) -> str:
        """Try for a day, under the identifiers that the case gave them."""
        try:
            batch = NoticeBatch.model_validate(opening["letters"] if isinstance(opening, dict) else opening)
        except (ValidationError, KeyError):
            return 'nothing is sent: late letters start with one argument, {"letters": {"notices": […]}}'
        try:
            sent = await Effects().send_notices(batch)
        except ActivityError:
            return "given up: no mail server took them for a day"
        return "; ".join(refused.summary for refused in sent.refused) or "all were handed over"
