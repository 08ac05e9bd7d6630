"""Lists of entries, as variables and files hold them: apart by commas or white space, with # comments."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.settings import SettingsError


def entries(text: str) -> Iterator[str]:
    """The entries of `text`, in order."""
    for line in text.splitlines():
        yield from re.findall(r"[^\s,]+", line.partition("#")[0])


def read_entries_file(path: Path, what: str) -> str:
    """The text of the file. Raises SettingsError, which names `what` it is and why it cannot be read."""
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{what} {path} cannot be read ({type(error).__name__}).") from error


def ensure_private_file(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all, readable by its owner only; what is there stays as it is."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(unfinished, path)  # never in place of another
    unfinished.unlink()
