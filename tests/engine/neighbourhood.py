"""What goes on beside the first case of a history, on its engine: other cases, and what they want back."""

from collections.abc import Sequence

from domain.case import CaseState
from domain.returns import PREFIX
from domain.serial_numbers import curative_workflow_id
from tests.engine.case_on_engine import CaseOnEngine, sent
from tests.workflows.case_story import WORKFLOW, report
from tests.workflows.random_history import CALLER


class NeighbourhoodOnEngine:
    """The executions of an engine, each of which can be told things as the first case can."""

    def __init__(self, case: CaseOnEngine) -> None:
        self._engine = case.engine
        self._known: list[CaseOnEngine] = [case]

    def cases(self) -> Sequence[CaseOnEngine]:
        """All cases so far, in order; an id that was used again stands for each of them."""
        return self._all_of(curative_workflow_id(""))

    def returns(self) -> Sequence[CaseOnEngine]:
        """All returns so far."""
        return self._all_of(PREFIX)

    def states(self) -> Sequence[CaseState]:
        """What each case knows itself."""
        return [case.handle._run.workflow.execution.case for case in self.cases()]

    def _all_of(self, prefix: str) -> Sequence[CaseOnEngine]:
        known = {each.handle for each in self._known}
        self._known += [CaseOnEngine(self._engine, new) for new in self._engine.started if new not in known]
        return [each for each in self._known if each.handle.id.startswith(prefix)]

    async def report(self, serial_number: str) -> None:
        """Somebody reports that piece of equipment: its open case is joined, or another one begins."""
        workflow_id, said = curative_workflow_id(serial_number), report(serial_number, actor=CALLER)
        newest = [case for case in self.cases() if case.handle.id == workflow_id][-1:]
        if newest and not newest[0].handle.is_closed:
            await newest[0].signal("report", said)
        else:
            self._engine.start(WORKFLOW, {"report": said}, id=workflow_id, headers=sent(self._engine.now))
            await self._engine.run_until_idle()
