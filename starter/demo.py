"""The demo: stories told on a real stack whose clock is moved forward, so that every timer really fires."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from config.settings import Settings
from config.temporal import connect_to
from database.cases import CaseStore
from database.registry import Registry
from database.software_requests import SoftwareRequestStore
from domain.business_time import BusinessCalendar, business_calendar
from domain.messages import VendorValidation
from domain.promise_explanations import PromiseExplanation, explain_promise
from domain.promises import PromiseName
from domain.serial_numbers import curative_workflow_id
from domain.slots import Slot, SlotState
from domain.view import CaseView
from starter.answers import NotAnswered
from starter.case_opening import WORKFLOW
from starter.connections import open_database
from starter.demo_stories import Beginning, DemoStory, Expectation, StoryMessage, demo_stories
from starter.desk import Desk
from starter.mail_story import MailStory, ToldRequest
from starter.maildir import MailLine, SentMail
from starter.reports import parsed_report
from starter.software_desk import SoftwareDesk
from starter.stack import running_stack

PATIENCE = timedelta(seconds=120)
"""How long a story may take on the clock on the wall."""

A_MOMENT = timedelta(seconds=1)
BEFORE_THE_BEGINNING = timedelta(seconds=0.3)
"""A move that ends while the first task of a workflow runs overshoots to its first timer: so the rest is waited for."""

LOOKS_AT_REST, A_LOOK = 3, 0.05
"""So many looks, so many seconds apart, must find nothing under way."""

SKIPS = 10_000


class ToldStory(BaseModel):
    """A story as it went: the case at its end, why its delivery was due then, and whether all this was expected."""

    model_config = ConfigDict(frozen=True)

    title: str
    as_expected: bool
    time_zone: str
    view: CaseView
    delivery: PromiseExplanation | None = None
    sent: tuple[MailLine, ...] = ()
    """The mails that went out."""


class ToldDemo(BaseModel):
    """All stories, in the order in which they are told; the request that came by mail is the last."""

    model_config = ConfigDict(frozen=True)

    stories: tuple[ToldStory, ...]
    request: ToldRequest

    @property
    def as_expected(self) -> bool:
        """All ended as they should."""
        return all(story.as_expected for story in self.stories) and self.request.as_expected


class StoryTeller:
    """Plays stories against a Temporal with virtual clocks. `provider` is the calendar that their days are of."""

    def __init__(self, client: Client, desk: Desk, provider: BusinessCalendar, task_queue: str, sent: SentMail) -> None:
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS))
        self._client = client
        self._desk = desk
        self._provider = provider
        self._task_queue = task_queue
        self._sent = sent

    async def tell(self, story: DemoStory) -> ToldStory:
        """Play a story to its end. Raises NotAnswered when it does not get on, Refused when a message is."""
        serial_number = parsed_report(story.report).serial_number
        workflow_id = curative_workflow_id(serial_number)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                if story.begins is None:
                    await self._desk.report_incident(story.report)
                else:
                    await self._play(story, story.begins, workflow_id)
                handle = self._client.get_workflow_handle(workflow_id, result_type=CaseView)
                view: CaseView = await handle.result()
        except TimeoutError:
            raise NotAnswered(f"{story.title!r} has not come to its end within {PATIENCE.seconds} seconds.") from None
        return ToldStory(
            title=story.title,
            as_expected=_is_expected(view, story.expected),
            time_zone=self._provider.spec.tz,
            view=view,
            delivery=await self._explained_delivery(workflow_id),
            sent=tuple(self._sent.list(case=view.reference)),
        )

    async def _play(self, story: DemoStory, beginning: Beginning, workflow_id: str) -> None:
        """Open the case at its own instant, say every message at its own, and let time pass until the end.

        Update-with-start takes no delay: the case is started as the desk starts it, and begins later.
        """
        now = datetime.now(UTC)
        begin = beginning.instant(self._provider, now)
        handle = await self._skipper.client.start_workflow(
            WORKFLOW,
            {"report": {**story.report, "reported_at": begin.isoformat()}},
            id=workflow_id,
            task_queue=self._task_queue,
            start_delay=begin - now,
        )
        await self._pass_time(handle, begin - BEFORE_THE_BEGINNING)
        await asyncio.sleep(BEFORE_THE_BEGINNING.total_seconds())
        for message in story.messages:
            await self._say(handle, begin, message)
        await self._skipper.fast_forward(handle, None)

    async def _say(self, handle: WorkflowHandle[Any, Any], begin: datetime, message: StoryMessage) -> None:
        chosen = await self._slots(handle, SlotState.CHOSEN) if message.on.end_of_visit else []
        instant = message.on.instant(self._provider, begin, chosen[-1].end if chosen else None)
        await self._pass_time(handle, instant)
        field = "decided_at" if message.kind == VendorValidation.kind else "at"
        payload: dict[str, JsonValue] = {**message.payload, field: instant.isoformat()}
        if message.offered_slot is not None:
            offered = await self._slots(handle, SlotState.OFFERED)
            payload["slot_id"] = offered[message.offered_slot - 1].slot_id
        await self._desk.send(handle.id, message.kind, payload)

    async def _slots(self, handle: WorkflowHandle[Any, Any], state: SlotState) -> list[Slot]:
        """The slots in that state once the case has come to rest: its clock moves only then."""
        await self._skipper.fast_forward(handle, A_MOMENT)
        slots = (await self._desk.show(handle.id)).view.slots
        return [slot for slot in slots if slot.state is state]

    async def _pass_time(self, handle: WorkflowHandle[Any, Any], until: datetime) -> None:
        """Move the case's clock; what it was doing is finished first, and every timer on the way fires."""
        await _at_rest(handle)
        ahead = until - await self._skipper.get_current_time(handle)
        if ahead > timedelta(0):
            await self._skipper.fast_forward(handle, ahead)

    async def _explained_delivery(self, workflow_id: str) -> PromiseExplanation | None:
        found = await self._desk.resolve(workflow_id)
        coverage = await self._desk.coverage(found)
        for promise in await self._desk.promises(found) or ():
            if promise.name is PromiseName.REPLACEMENT_DELIVERY and coverage is not None:
                return explain_promise(promise, coverage.provider, coverage.site)
        return None


async def _at_rest(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until nothing of the case is under way: a move that ends in the midst of work overshoots."""
    quiet = 0
    while quiet < LOOKS_AT_REST:
        described = (await handle.describe()).raw_description
        is_busy = bool(described.pending_activities) or described.HasField("pending_workflow_task")
        quiet = 0 if is_busy else quiet + 1
        await asyncio.sleep(A_LOOK)


def _is_expected(view: CaseView, expected: Expectation) -> bool:
    states = {promise.name: promise.state.value for promise in view.promises}
    return view.outcome == expected.outcome and expected.promises.items() <= states.items()


async def tell_stories() -> ToldDemo:
    """Tell every story on a stack of its own, which is gone afterwards.

    Raises what `running_stack` raises, NotAnswered, Refused.
    """
    with tempfile.TemporaryDirectory(prefix="curative-demo-") as directory:
        home = Path(directory)
        home.chmod(0o711)  # PostgreSQL's own system user passes through when we are root
        async with running_stack(home, virtual_clock=True, ui=False, mailgate=True, usual_ports=False) as stack:
            settings = Settings(data_dir=home, database_url=stack.addresses.database_url)
            client = await connect_to(stack.addresses.temporal_address, stack.addresses.temporal_namespace, settings)
            async with open_database(settings) as pool:
                stories, sent = demo_stories(), SentMail(home)
                provider = await _provider(Registry(pool), stories[0])
                desk = Desk(client, CaseStore(pool), task_queue=settings.task_queue)
                teller = StoryTeller(client, desk, provider, settings.task_queue, sent)
                told = [await teller.tell(story) for story in stories]
                software = SoftwareDesk(client, settings.task_queue, SoftwareRequestStore(pool))
                assert stack.addresses.mailgate_address is not None, "the stack of the demo takes mail in"
                by_mail = MailStory(client, software, stack.addresses.mailgate_address, sent)
                return ToldDemo(stories=tuple(told), request=await by_mail.tell())


async def _provider(registry: Registry, story: DemoStory) -> BusinessCalendar:
    record = await registry.find(parsed_report(story.report).serial_number, datetime.now(UTC).date())
    assert record is not None, "the sample registry knows the equipment of the stories"
    return business_calendar(record.provider_calendar)
