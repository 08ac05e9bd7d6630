"""A process of the stack is started once, started again when it dies, and found when it was left behind."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from starter.service_process import (
    Command,
    LockHeldError,
    Service,
    end_leftover,
    hold_lock,
    lock_holder,
    running_service,
    sign_lock,
)

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def command(home: Path, code: str = "import time; time.sleep(600)", stop_seconds: float = 10) -> Command:
    return Command(
        name="sleeper",
        arguments=[sys.executable, "-c", code],
        log_file=home / "sleeper.log",
        lock_file=home / "sleeper.lock",
        stop_seconds=stop_seconds,
    )


async def until_logged(home: Path, words: str) -> None:
    while words not in (home / "sleeper.log").read_text():
        await asyncio.sleep(0.01)


async def test_a_running_process_holds_its_lock_and_is_known_by_it(tmp_path: Path) -> None:
    async with running_service(command(tmp_path)) as service:
        assert lock_holder(tmp_path / "sleeper.lock") == service.pid
    assert lock_holder(tmp_path / "sleeper.lock") is None


async def test_a_process_that_was_left_behind_is_ended(tmp_path: Path) -> None:
    left = Service(command(tmp_path))
    await left.start()
    assert await end_leftover(command(tmp_path)) == left.pid
    assert lock_holder(tmp_path / "sleeper.lock") is None


async def test_a_process_that_was_left_behind_and_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    deaf = command(tmp_path, DEAF, stop_seconds=0.3)
    left = Service(deaf)
    await left.start()
    await until_logged(tmp_path, "up")
    assert await end_leftover(deaf) == left.pid


async def test_where_nothing_was_left_behind_nothing_is_ended(tmp_path: Path) -> None:
    assert await end_leftover(command(tmp_path)) is None


async def test_a_number_that_the_system_gave_to_another_process_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "sleeper.lock").write_text(f"{os.getpid()}\n")
    assert await end_leftover(command(tmp_path)) is None


async def test_the_next_start_ends_the_one_that_was_left_behind(tmp_path: Path) -> None:
    left = Service(command(tmp_path))
    await left.start()
    async with running_service(command(tmp_path)) as service:
        assert service.pid != left.pid


async def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    async with running_service(command(tmp_path)) as service:
        first = service.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while service.pid == first:
            await asyncio.sleep(0.05)
        assert service.deaths == 1
        assert lock_holder(tmp_path / "sleeper.lock") == service.pid


async def test_a_process_that_does_not_stop_is_stopped_the_hard_way(tmp_path: Path) -> None:
    async with running_service(command(tmp_path, DEAF, stop_seconds=0.3)):
        await until_logged(tmp_path, "up")
    assert lock_holder(tmp_path / "sleeper.lock") is None


async def test_the_same_process_is_not_started_twice(tmp_path: Path) -> None:
    async with running_service(command(tmp_path)):
        with pytest.raises(LockHeldError, match="sleeper.lock is held by process"):
            await Service(command(tmp_path)).start()


def test_a_lock_names_its_holder(tmp_path: Path) -> None:
    lock = hold_lock(tmp_path / "some.lock")
    sign_lock(lock, 4321)
    with pytest.raises(LockHeldError, match="held by process 4321"):
        hold_lock(tmp_path / "some.lock")
    os.close(lock)
    os.close(hold_lock(tmp_path / "some.lock"))


async def test_what_a_process_said_last_is_kept(tmp_path: Path) -> None:
    async with running_service(command(tmp_path, "print('out of memory', flush=True); import time; time.sleep(600)")):
        await until_logged(tmp_path, "out of memory")
        service = Service(command(tmp_path))
        assert service.last_words() == "out of memory"
