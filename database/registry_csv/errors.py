"""What is wrong with a registry's files: everything at once, each with its file and line."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic_core import ErrorDetails


@dataclass(frozen=True, order=True)
class LineError:
    """One mistake. `line` counts from 1, the header's line; 0 stands for the file as a whole."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class RegistryErrors(Exception):
    """The registry was refused, and nothing of it loaded; `errors` says why, by file and line."""

    def __init__(self, errors: Iterable[LineError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass
class Findings:
    """The mistakes found so far."""

    errors: list[LineError] = field(default_factory=list)

    def add(self, file: str, line: int, reason: str) -> None:
        """Note one more; reading and checking go on."""
        self.errors.append(LineError(file, line, reason))

    def raise_if_any(self) -> None:
        """Raise RegistryErrors unless nothing was found."""
        if self.errors:
            raise RegistryErrors(self.errors)


def reason_of(error: ErrorDetails) -> str:
    """The sentence of a validator of ours, or pydantic's own words."""
    cause = error.get("ctx", {}).get("error")
    return str(cause) if cause is not None else error["msg"]
