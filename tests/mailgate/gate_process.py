"""`python -m mailgate` for a test to kill, and what it says in its log."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starter.dev_server import free_port
from tests.durability.waiting import until


@dataclass
class GateProcess:
    """One process after the other, on one port."""

    environment: Mapping[str, str]
    home: Path
    port: int = 0
    """Picked when the first begins, as late as can be: until then another process may come to listen there."""
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Until it says that it works."""
        await self.begin()
        await self.says("working")

    async def begin(self) -> None:
        """Until it says that it listens."""
        self.port = self.port or free_port()
        inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "CURATIVE_KEYS")}
        said = {"CURATIVE_MAILGATE_SMTP_PORT": str(self.port), "CURATIVE_MAILGATE_LMTP_PORT": "0"}
        with self.log_file.open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "mailgate"),
                cwd=Path(__file__).parents[2],
                env={**inherited, **self.environment, **said},
                stdout=log,
                stderr=log,
            )
        await self.says("listening")

    @property
    def log_file(self) -> Path:
        """What the last process said."""
        return self.home / "mailgate.log"

    async def says(self, event: str) -> None:
        """Wait for a log line with this event. Raises AssertionError with the log when the process ends without it."""

        async def said() -> bool:
            log = self.log_file.read_text()
            assert self.process is not None
            if f'"event": "{event}"' in log:
                return True
            assert self.process.returncode is None, f"the mail gate ended before it said {event!r}:\n{log}"
            return False

        await until(said, f"the mail gate says {event!r}")

    async def kill(self) -> None:
        """`kill -9`: no moment left."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM, as every process manager sends it; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return await self.process.wait()
