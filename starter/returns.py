"""Returns at the desk: shown, and told the news."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, JsonValue
from temporalio.client import Client
from temporalio.service import RPCError

from database.returns import ReturnStore
from domain.return_view import ReturnAnswer, ReturnView
from domain.returns import PREFIX
from starter.answers import Refused, Source
from starter.engine import is_missing
from starter.telling import asked, recorded, told


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
        view = await asked(self._client.get_workflow_handle(PREFIX + return_id), "return", ReturnView)
        return ShownReturn(view=view, source=Source.WORKFLOW) if view else await recorded_return(self._returns, name)

    async def send(self, name: str, kind: str, payload: Mapping[str, JsonValue]) -> ReturnAnswer:
        """Tell an open return something. Raises Refused with the field and the reason, ReturnNotFound, NotAnswered."""
        handle = self._client.get_workflow_handle(PREFIX + normalise_return_id(name))
        try:
            return await told(handle, kind, payload, ReturnAnswer)
        except RPCError as error:
            if not is_missing(error):
                raise
        shown = await self.show(name)
        raise Refused("kind", f"{shown.view.return_id} is {shown.view.state} and takes no messages")


async def recorded_return(returns: ReturnStore | None, name: str) -> ShownReturn:
    """The return as the read model has it. Raises ReturnNotFound when it has none, or cannot be asked."""
    view = await recorded(returns, normalise_return_id(name), ReturnView)
    if view is None:
        raise ReturnNotFound(name)
    return ShownReturn(view=view, source=Source.READ_MODEL)


def normalise_return_id(name: str) -> str:
    """The id of a return from what people give: the id, or the workflow id."""
    return name.strip().removeprefix(PREFIX)
