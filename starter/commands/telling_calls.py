"""What the commands of calls ask the assistance desk, and how they print its answers."""

from collections.abc import Mapping

from pydantic import JsonValue

from config.settings import Settings
from config.temporal import EngineUnreachable
from database.calls import CallFilter, CallStore
from domain.call_view import CallAnswer
from starter.answers import DatabaseUnreachable, NotAnswered
from starter.assistance_desk import recorded_call
from starter.call_answers import CallList, CallNotFound, OpenedCall, ShownCall
from starter.connections import database_errors, open_assistance_desk, open_database
from starter.console import print_json, stdout


def given(fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What was said, without what was left out."""
    return {field: value for field, value in fields.items() if value is not None}


async def take_call(settings: Settings, said: Mapping[str, JsonValue], message_id: str | None) -> OpenedCall:
    """Open a call."""
    async with open_assistance_desk(settings, read_model=False) as desk:
        return await desk.open(said, message_id)


async def tell(
    settings: Settings, name: str, kind: str, said: Mapping[str, JsonValue], *, as_signal: bool = False
) -> CallAnswer | None:
    """Tell a call something; the answer shows where it led. None for a signal."""
    async with open_assistance_desk(settings) as desk:
        answer = await desk.send(name, kind, said, as_signal=as_signal)
        if answer is None:
            return None
        try:
            return answer.model_copy(update={"call": (await desk.show(answer.call.workflow_id)).view})
        except (NotAnswered, CallNotFound):
            return answer


async def resolve_at_its_level(settings: Settings, name: str, said: Mapping[str, JsonValue]) -> CallAnswer | None:
    """Whoever has the call now has resolved it."""
    level = (await look_at_call(settings, name)).view.level
    return await tell(settings, name, "remote_diagnosis", {**said, "level": level})


async def look_at_call(settings: Settings, name: str) -> ShownCall:
    """The call as it stands; as it was last recorded when the engine is away. Raises CallNotFound."""
    try:
        async with open_assistance_desk(settings) as desk:
            return await desk.show(name)
    except EngineUnreachable as away:
        try:
            async with open_database(settings) as pool:
                return await recorded_call(CallStore(pool), name)
        except DatabaseUnreachable:
            raise away from None


async def find_calls(settings: Settings, wanted: CallFilter, limit: int) -> CallList:
    """Calls as the read model has them; it takes no engine."""
    async with open_database(settings) as pool:
        with database_errors():
            return CallList(calls=await CallStore(pool).list(wanted, limit))


def print_answer(answer: CallAnswer | None, *, as_json: bool) -> None:
    """What became of a message, and where the call stands."""
    if answer is None:
        return
    if as_json:
        print_json(answer)
        return
    view = answer.call
    because = "" if answer.text == answer.disposition else f": {answer.text}"
    stdout().print(f"{view.reference}  {answer.disposition}{because}", markup=False, soft_wrap=True)
    if view.closed_at is None:
        where = f"level {view.level}, waiting for {view.waiting_for}; {view.owner}: {view.next_action}"
    else:
        led = f" {view.led_to}" if view.led_to else ""
        where = f"closed: {str(view.outcome).replace('_', ' ')}{led}"
    stdout().print(where, markup=False, soft_wrap=True)
