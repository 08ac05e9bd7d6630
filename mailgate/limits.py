"""How much one sender or one peer may send: counted in a sliding window, in bounded memory."""

from collections import OrderedDict, deque
from collections.abc import Callable
from hashlib import sha256
from typing import Final

MOST_NAMES: Final = 10_000
"""How many senders are remembered at once; the one that was silent longest is forgotten first."""


class RateLimit:
    """At most `most` in `seconds`, for each name. `clock` is a monotonic one; names are kept as digests only."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Whether one more is within the limit; if it is, it counts."""
        now = self._clock()
        key = sha256(name.lower().encode("utf-8", "surrogateescape")).digest()[:16]
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(self._times) > MOST_NAMES:
            self._times.popitem(last=False)
        if len(times) >= self._most:
            return False
        times.append(now)
        return True
