"""The processes behind the gate, written down instead of run: what they were told, and what they answer."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from mailgate.ports import Declined, Missing


class WrittenDown:
    """Keeps everything by its message id, as the processes do. `away` is raised for as long as it is set."""

    def __init__(self) -> None:
        self.requests: dict[str, Mapping[str, JsonValue]] = {}
        self.calls: dict[str, Mapping[str, JsonValue]] = {}
        self.said: dict[str, tuple[str, str, Mapping[str, JsonValue]]] = {}
        self.open: set[str] = set()
        self.unclear: dict[str, Sequence[Missing]] = {}
        self.away: Exception | None = None
        self.declines = ""

    async def ask_for_software(self, request: Mapping[str, JsonValue], message_id: str) -> str | None:
        self._answer()
        assert self.requests.setdefault(message_id, request) == request
        reference = f"SW-0000-{len(self.requests):04}"
        self.open.add(reference)
        return reference

    async def report_breakdown(self, call: Mapping[str, JsonValue], message_id: str) -> str | None:
        self._answer()
        assert self.calls.setdefault(message_id, call) == call
        reference = f"CA-0000-{len(self.calls):04}"
        self.open.add(reference)
        return reference

    async def missing(self, reference: str) -> Sequence[Missing]:
        self._answer()
        return self.unclear.get(reference, ())

    async def say(self, reference: str, kind: str, payload: Mapping[str, JsonValue]) -> bool:
        self._answer()
        if reference not in self.open:
            return False
        self.said[str(payload["message_id"])] = reference, kind, payload
        return True

    def _answer(self) -> None:
        if self.away is not None:
            raise self.away
        if self.declines:
            raise Declined(self.declines)

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What was said as remarks: to whom, and the text."""
        return [(reference, str(said["text"])) for reference, kind, said in self.said.values() if kind == "note"]
