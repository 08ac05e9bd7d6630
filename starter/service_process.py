"""A server process that the one-machine stack runs, and the one that an earlier stack may have left behind.

Each process inherits a lock on a file of its own and so holds it for as long as it lives, whatever becomes
of the stack that started it. A lock that is held therefore means that the process id written in that file
is alive and is that process: no guess by name, and no confusion when the system gives its number to
another.
"""

import asyncio
import fcntl
import logging
import os
import pwd
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

POLL_SECONDS = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LASTING_SECONDS = 60.0

log = logging.getLogger(__name__)


class LockHeldError(RuntimeError):
    """Another process holds the lock; `holder` is the process id it wrote there, or None."""

    def __init__(self, path: Path, holder: int | None) -> None:
        super().__init__(f"{path} is held by process {holder or 'unknown'}")
        self.holder = holder


def hold_lock(path: Path) -> int:
    """Take the lock at `path` and answer its file descriptor; it is free again once every copy of it is
    closed.

    Raises LockHeldError at once when somebody else has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).strip()
        os.close(descriptor)
        raise LockHeldError(path, int(holder) if holder.isdigit() else None) from None
    return descriptor


def lock_holder(path: Path) -> int | None:
    """The id of the process that holds the lock at `path`, None when it is free.

    Raises LockHeldError when it is held by somebody who did not sign it.
    """
    try:
        os.close(hold_lock(path))
    except LockHeldError as held:
        if held.holder is None:
            raise
        return held.holder
    return None


def sign_lock(descriptor: int, pid: int) -> None:
    """Write into a held lock who holds it."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{pid}\n".encode(), 0)


@dataclass(frozen=True)
class Command:
    """What to run, and how it wants to be told to stop. `user`: the system user to run it as (root only).

    `sockets` are file descriptors of ours that it inherits under the same numbers.
    """

    name: str
    arguments: Sequence[str | Path]
    log_file: Path
    lock_file: Path
    environment: Mapping[str, str] | None = None
    directory: Path | None = None
    user: pwd.struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 30.0
    sockets: tuple[int, ...] = ()


class Service:
    """A process that is started again when it dies. It has a session of its own: a Ctrl-C reaches only us."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.deaths = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id; None before the first start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Run the command, its output appended to its log file. Raises LockHeldError while it runs already."""
        command = self.command
        lock = hold_lock(command.lock_file)
        try:
            with command.log_file.open("ab") as log_file:
                self._process = await asyncio.create_subprocess_exec(
                    *command.arguments,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log_file,
                    stderr=log_file,
                    env=command.environment,
                    cwd=command.directory,
                    start_new_session=True,
                    pass_fds=(lock, *command.sockets),
                    user=command.user.pw_uid if command.user else None,
                    group=command.user.pw_gid if command.user else None,
                    extra_groups=[] if command.user else None,
                )
            sign_lock(lock, self._process.pid)
        finally:
            os.close(lock)

    async def keep_running(self) -> NoReturn:
        """Start the process again whenever it ends, after a pause that grows while it does not last."""
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            started = loop.time()
            code = await self._process.wait() if self._process else None
            self.deaths += 1
            pause = FIRST_PAUSE if loop.time() - started > LASTING_SECONDS else min(2 * pause, LONGEST_PAUSE)
            log.warning("%s ended with code %s; starting it again in %g s", self.command.name, code, pause)
            await asyncio.sleep(pause)
            await end_leftover(self.command)
            await self.start()

    async def stop(self) -> None:
        """End the process in its own way; after `stop_seconds`, end it the hard way."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(self.command.stop_signal)
        try:
            await asyncio.wait_for(self._process.wait(), self.command.stop_seconds)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self, lines: int = 5) -> str:
        """The end of its log, for an error message."""
        text = self.command.log_file.read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


@asynccontextmanager
async def running_service(command: Command) -> AsyncIterator[Service]:
    """The process of `command`, kept running until the end and then stopped in order.

    One that an earlier stack left behind is stopped first. Raises LockHeldError when that fails.
    """
    await end_leftover(command)
    service = Service(command)
    await service.start()
    keeper = asyncio.create_task(service.keep_running(), name=f"keep {command.name} running")
    try:
        yield service
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])
        await service.stop()


async def end_leftover(command: Command) -> int | None:
    """End the process of this command that an earlier stack left behind; answers its id, None if there is
    none.

    Raises LockHeldError when it cannot be ended within twice its `stop_seconds`.
    """
    leftover = lock_holder(command.lock_file)
    if leftover is None:
        return None
    for how in (command.stop_signal, signal.SIGKILL):
        with suppress(ProcessLookupError):  # gone, but children of its own may still hold the lock
            os.kill(leftover, how)
        if await _released(command):
            return leftover
    raise LockHeldError(command.lock_file, leftover)


async def _released(command: Command) -> bool:
    for _ in range(max(1, round(command.stop_seconds / POLL_SECONDS))):
        if lock_holder(command.lock_file) is None:
            return True
        await asyncio.sleep(POLL_SECONDS)
    return False
