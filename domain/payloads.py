"""What a workflow is handed in place of a payload that nobody can read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Undecodable:
    """A payload that came in but could not be decoded, kept as a fact for the journal instead of its bytes.

    `encoding` is what the payload said of itself (`json/plain` for broken JSON, `<unknown>` when it said
    nothing), `size` is its length in bytes. A handler refuses it like any other message of the wrong form
    (SPEC §5).
    """

    encoding: str
    size: int


def unreadable(payload: object) -> str:
    """What a refusal adds about a payload that could not be read at all; nothing for any other one."""
    return f"; {payload.encoding[:80]} cannot be read" if isinstance(payload, Undecodable) else ""
