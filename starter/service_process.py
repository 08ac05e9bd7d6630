"""A server process that the one-machine stack runs, and the one that an earlier stack may have left behind.

Each process inherits a lock on a file of its own and so holds it for as long as it lives, whatever becomes
of the stack that started it. A lock that is held therefore means that the process id written in that file
is alive and is that process: no guess by name, and no confusion when the system gives its number to
another.
"""

import asyncio
import fcntl
import os
import pwd
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

POLL_SECONDS = 0.05


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
    """What to run, and how it wants to be told to stop. `user`: the system user to run it as (root only)."""

    name: str
    arguments: Sequence[str | Path]
    log_file: Path
    lock_file: Path
    environment: Mapping[str, str] | None = None
    directory: Path | None = None
    user: pwd.struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 30.0


@dataclass
class ServiceProcess:
    """A process that was started from `command`, in a session of its own: a Ctrl-C reaches only the stack."""

    command: Command
    process: asyncio.subprocess.Process = field(repr=False)

    @classmethod
    async def start(cls, command: Command) -> Self:
        """Run `command`, its output appended to its log file. Raises LockHeldError while it runs already."""
        lock = hold_lock(command.lock_file)
        try:
            with command.log_file.open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *command.arguments,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=command.environment,
                    cwd=command.directory,
                    start_new_session=True,
                    pass_fds=(lock,),
                    user=command.user.pw_uid if command.user else None,
                    group=command.user.pw_gid if command.user else None,
                    extra_groups=[] if command.user else None,
                )
            sign_lock(lock, process.pid)
        finally:
            os.close(lock)
        return cls(command, process)

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the process has not ended yet."""
        return self.process.returncode is None

    async def stop(self) -> None:
        """End the process in its own way; after `stop_seconds`, end it the hard way."""
        if self.running:
            self.process.send_signal(self.command.stop_signal)
        try:
            await asyncio.wait_for(self.process.wait(), self.command.stop_seconds)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    def last_words(self, lines: int = 5) -> str:
        """The end of its log, for an error message."""
        try:
            text = self.command.log_file.read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


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
