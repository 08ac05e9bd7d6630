"""Returns at the desk: shown, and told the news."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, JsonValue
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from database.pool import UNREACHABLE
from database.returns import ReturnStore
from domain.return_view import ReturnAnswer, ReturnView
from domain.returns import PREFIX
from starter.answers import NotAnswered, Refused, Source
from starter.engine import SUBMIT, answer_within, is_missing, refused_field

QUERY_ANSWER = timedelta(seconds=3)
UPDATE_ANSWER = timedelta(seconds=10)


class ReturnNotFound(LookupError):
    """No return is known under that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no return is known as {name[:80]!r}; `curative return list` shows their ids")


class ShownReturn(BaseModel):
    """A return as it stands, or as it was last recorded."""

    model_config = ConfigDict(frozen=True)

    view: ReturnView
    source: Source


class ReturnDesk:
    """A client of the engine and, when it can be had, the read model. Raises EngineUnreachable without an engine."""

    def __init__(self, client: Client, returns: ReturnStore | None) -> None:
        self._client = client
        self._returns = returns

    async def show(self, name: str) -> ShownReturn:
        """The return of that id as it stands, else as it was last recorded. Raises ReturnNotFound."""
        return_id = normalise_return_id(name)
        handle = self._client.get_workflow_handle(PREFIX + return_id)
        try:
            asking = handle.query("return", result_type=ReturnView)
            return ShownReturn(view=await answer_within(QUERY_ANSWER, asking), source=Source.WORKFLOW)
        except (TimeoutError, WorkflowQueryFailedError, RPCError):
            recorded = await recorded_return(self._returns, return_id)
        if recorded is None:
            raise ReturnNotFound(name)
        return recorded

    async def send(self, name: str, kind: str, payload: Mapping[str, JsonValue]) -> ReturnAnswer:
        """Tell an open return something. Raises Refused with the field and the reason, ReturnNotFound, NotAnswered."""
        handle = self._client.get_workflow_handle(PREFIX + normalise_return_id(name))
        update = handle.execute_update(SUBMIT, {**payload, "kind": kind}, result_type=ReturnAnswer)
        try:
            return await answer_within(UPDATE_ANSWER, update)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        except RPCError as error:
            if not is_missing(error):
                raise
            shown = await self.show(name)
            raise Refused("kind", f"{shown.view.return_id} is {shown.view.state} and takes no messages") from None
        except TimeoutError:
            raise NotAnswered(
                f"No worker answered within {UPDATE_ANSWER.seconds} seconds; look at it before you send it again."
            ) from None


async def recorded_return(returns: ReturnStore | None, return_id: str) -> ShownReturn | None:
    """The return as the read model has it; None when it has none, or cannot be asked."""
    if returns is None:
        return None
    try:
        stored = await returns.find(return_id)
    except UNREACHABLE:
        return None
    return ShownReturn(view=ReturnView.model_validate(stored), source=Source.READ_MODEL) if stored else None


def normalise_return_id(name: str) -> str:
    """The id of a return from what people give: the id, or the workflow id."""
    return name.strip().removeprefix(PREFIX)


def _refusal(failure: WorkflowUpdateFailedError) -> Refused:
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or not cause.details:
        return Refused("kind", f"the message was not taken: {cause}")
    field = refused_field(cause) or "message"
    return Refused(field, cause.message.removeprefix(f"{field}: "))
