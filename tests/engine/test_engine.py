"""The engine in this process does what the real server does, as far as a workflow can see."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from config.temporal import CurativePlugin
from tests.engine.conditions import Attempt, Conditions, Failure, RoughConditions
from tests.engine.engine import Engine
from tests.engine.failures import ActivityKeepsFailing, NondeterminismFound, NothingHappens, WorkflowTaskFailed
from tests.engine.toy_workflows import Buyer, Drifter, Relay, Shop, Stumbler, Witness
from tests.engine.workflow_code import WorkflowCode

CODE = WorkflowCode([Buyer, Drifter, Relay, Stumbler, Witness], CurativePlugin())
MONDAY = datetime(2027, 5, 3, 8, tzinfo=UTC)

OpenEngine = Callable[..., Engine]
Activity = Callable[[str], Coroutine[Any, Any, str]]


@dataclass
class Chosen(Conditions):
    """Conditions that a test chose: how attempts go, one after the other, and which tasks are lost."""

    attempts: list[Attempt] = field(default_factory=list)
    lost_tasks: list[bool] = field(default_factory=list)

    def attempt(self, activity_type: str, number: int, *, is_local: bool) -> Attempt:
        return self.attempts.pop(0) if self.attempts else Attempt()

    def task_is_lost(self) -> bool:
        return self.lost_tasks.pop(0) if self.lost_tasks else False


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def open_engine(shop: Shop) -> AsyncIterator[OpenEngine]:
    """An engine with the shop's activities, under fair conditions unless the test gives others."""
    engines: list[Engine] = []

    def open_one(conditions: Conditions | None = None, *, work: Activity = shop.work, seed: int = 0) -> Engine:
        engines.append(Engine(CODE, [work, shop.refuse], now=MONDAY, conditions=conditions, seed=seed))
        return engines[-1]

    yield open_one
    for engine in engines:
        await engine.close()


async def test_timers_fire_in_order_at_their_instants(open_engine: OpenEngine) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "sleep", id="witness")
    await engine.advance(timedelta(seconds=20))
    assert await witness.query("report") == ["10: slept 10", "20: slept 20"]
    await engine.advance(timedelta(hours=1))
    assert await witness.query("report") == ["10: slept 10", "20: slept 20", "30: slept 30"]
    assert engine.now == MONDAY + timedelta(hours=1, seconds=20)


async def test_what_is_said_at_one_instant_is_heard_in_its_order(open_engine: OpenEngine) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "wait", id="witness")
    await asyncio.gather(*(witness.signal("say", str(number)) for number in range(20)))
    assert await witness.query("report") == [f"0: heard {number}" for number in range(20)]


async def test_a_rejected_update_is_answered_and_leaves_no_trace(open_engine: OpenEngine) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "wait", id="witness")
    await engine.run_until_idle()
    length = witness.approximate_history_length
    with pytest.raises(WorkflowUpdateFailedError) as refusal:
        await witness.update("submit", "nonsense")
    assert isinstance(refusal.value.cause, ApplicationError)
    assert refusal.value.cause.message == "nonsense is refused"
    assert witness.approximate_history_length == length
    await witness.restart_worker()


async def test_an_update_that_fails_while_it_is_handled_is_part_of_the_history(open_engine: OpenEngine) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "wait", id="witness")
    with pytest.raises(WorkflowUpdateFailedError):
        await witness.update("submit", "fails")
    await witness.restart_worker()
    assert await witness.query("report") == ["0: submitted fails"]


async def test_what_is_told_to_an_execution_that_has_ended_is_not_found(open_engine: OpenEngine) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "wait", id="witness")
    await witness.signal("end")
    assert await witness.result() == []
    with pytest.raises(RPCError, match="already completed"):
        await witness.signal("say", "too late")
    with pytest.raises(RPCError, match="already completed"):
        await witness.update("submit", "too late")


async def test_failures_of_activities_are_seen_as_on_the_real_server(
    open_engine: OpenEngine, shop: Shop, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "fail", id="witness")
    await engine.advance(timedelta(seconds=5))
    assert shop.done == ["a local task tried at attempt 1", *(f"a task tried at attempt {n}" for n in (1, 2, 3))]
    await witness.signal("end")
    seen = await witness.result()
    real = Shop()
    async with Worker(temporal.client, task_queue=task_queue, workflows=[Witness], activities=[real.work, real.refuse]):
        handle = await temporal.client.start_workflow("Witness", "fail", id=task_queue, task_queue=task_queue)
        while len(real.done) < 4:
            await temporal.fast_forward(handle, timedelta(seconds=1))
        await handle.signal("end")
        # without the seconds: the activities of the real server also take time of the wall clock
        assert words(seen) == words(await handle.result())


def words(seen: Sequence[str]) -> list[str]:
    """What a witness saw, without when."""
    return [line.partition(": ")[2] for line in seen]


async def test_a_replay_that_leads_elsewhere_is_found(open_engine: OpenEngine) -> None:
    engine = open_engine()
    drifter = engine.start("Drifter", id="drifter")
    await engine.run_until_idle()
    with pytest.raises(NondeterminismFound, match="start_to_fire_timeout"):
        await drifter.restart_worker()


async def test_code_that_stumbles_fails_the_test_with_its_traceback(open_engine: OpenEngine) -> None:
    engine = open_engine()
    engine.start("Stumbler", id="stumbler")
    with pytest.raises(WorkflowTaskFailed, match="toy_workflows.py"):
        await engine.run_until_idle()


async def test_what_will_never_happen_is_not_waited_for(open_engine: OpenEngine) -> None:
    engine = open_engine()
    witness = engine.start("Witness", "wait", id="witness")
    with pytest.raises(NothingHappens, match="witness ends"):
        await witness.result()


async def test_a_message_that_comes_in_while_a_run_ends_is_heard_by_that_run(open_engine: OpenEngine) -> None:
    engine = open_engine(Chosen(attempts=[Attempt(timedelta(milliseconds=500))]))
    relay = engine.start("Relay", [], id="relay")
    await relay.signal("say", "one")
    await relay.signal("move_on")
    await engine.advance(timedelta(milliseconds=100))
    await relay.signal("say", "two, during the last task")
    await engine.run_until_idle()
    assert relay.runs == 2
    await relay.signal("say", "three, in the new run")
    assert await relay.result() == ["one", "two, during the last task", "three, in the new run"]


async def test_an_update_that_comes_in_while_a_run_ends_is_answered_by_the_next(open_engine: OpenEngine) -> None:
    engine = open_engine(Chosen(attempts=[Attempt(timedelta(milliseconds=500))]))
    relay = engine.start("Relay", ["one", "two"], id="relay")
    await relay.signal("move_on")
    await engine.advance(timedelta(milliseconds=100))
    assert await relay.update("add", "three, during the last task") == 3
    assert relay.runs == 2
    assert await relay.result() == ["one", "two", "three, during the last task"]


async def test_a_lost_task_is_done_anew_and_so_are_its_local_activities(open_engine: OpenEngine, shop: Shop) -> None:
    engine = open_engine(Chosen(lost_tasks=[True]))
    buyer = engine.start("Buyer", id="buyer")
    assert await buyer.result() == ["chosen", "buy done"]
    assert shop.done == ["choose", "choose", "buy"]


async def test_messages_come_in_while_an_activity_is_under_way(open_engine: OpenEngine) -> None:
    engine = open_engine(Chosen(attempts=[Attempt(), Attempt(timedelta(seconds=3))]))
    buyer = engine.start("Buyer", id="buyer")
    await engine.advance(timedelta(seconds=1))
    await buyer.signal("say", "hurry")
    assert await buyer.result() == ["chosen", "hurry", "buy done"]
    assert engine.now == MONDAY + timedelta(seconds=3)


async def test_the_answer_of_a_slow_attempt_is_lost_and_its_effect_may_come_late(
    open_engine: OpenEngine, shop: Shop
) -> None:
    engine = open_engine(Chosen(attempts=[Attempt(), Attempt(timedelta(seconds=15), works_at_its_end=True)]))
    buyer = engine.start("Buyer", id="buyer")
    assert await buyer.result() == ["chosen", "buy done"]
    assert engine.now == MONDAY + timedelta(seconds=11)  # the time-out of the first attempt, and a pause
    assert shop.done == ["choose", "buy"]
    await engine.run_until_idle()
    assert shop.done == ["choose", "buy", "buy"]


async def test_an_attempt_whose_answer_was_lost_is_made_again(open_engine: OpenEngine, shop: Shop) -> None:
    engine = open_engine(Chosen(attempts=[Attempt(), *[Attempt(failure=Failure.AFTER)] * 3]))
    buyer = engine.start("Buyer", id="buyer")
    await buyer.result()
    assert engine.now == MONDAY + timedelta(seconds=1 + 2 + 4)
    assert shop.done == ["choose", *["buy"] * 4]


async def test_an_activity_that_keeps_failing_fails_the_test(open_engine: OpenEngine) -> None:
    engine = open_engine()
    engine.start("Witness", "fail for ever", id="witness")
    with pytest.raises(ActivityKeepsFailing, match="refuse of witness"):
        await engine.advance(timedelta(hours=1))


async def test_an_activity_may_talk_to_another_execution(open_engine: OpenEngine) -> None:
    @activity.defn(name="work")
    async def ask_the_witness(what: str) -> str:
        return str(await engine.execution("witness").update("submit", what))

    engine = open_engine(work=ask_the_witness)
    engine.start("Witness", "wait", id="witness")
    buyer = engine.start("Buyer", id="buyer")
    assert await buyer.result() == ["chosen", "buy taken"]


async def test_the_same_seed_tells_the_same_story(open_engine: OpenEngine) -> None:
    async def story(seed: int) -> list[object]:
        engine = open_engine(RoughConditions(Random(seed)), seed=seed)
        witness = engine.start("Witness", "fail", id="witness")
        await asyncio.gather(*(witness.signal("say", f"word {number}") for number in range(10)))
        await engine.advance(timedelta(minutes=1))
        return [engine.now, witness.approximate_history_length, await witness.query("report")]

    assert await story(7) == await story(7)
    assert await story(7) != await story(8)
