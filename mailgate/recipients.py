"""Which recipients are ours: addresses, or whole domains as `@support.example`; `name+anything@` is `name@`."""

from collections.abc import Iterable
from typing import Self

from mailgate.reading.headers import addresses_in


class Recipients:
    """Knows our own addresses. Every domain of ours has a postmaster (RFC 5321)."""

    def __init__(self, names: Iterable[str]) -> None:
        lowered = {name.strip().lower() for name in names if name.strip()}
        self._domains = {name[1:] for name in lowered if name.startswith("@")}
        self._addresses = {name for name in lowered if not name.startswith("@")}
        hosts = self._domains | {name.rpartition("@")[2] for name in self._addresses}
        self._addresses |= {f"postmaster@{host}" for host in hosts}

    @classmethod
    def of(cls, configured: str, *senders: str | None) -> Self:
        """From the setting, addresses and domains apart by commas; without one, the addresses that we write from."""
        if configured.strip():
            return cls(configured.split(","))
        return cls(address.address for sender in senders if sender for address in addresses_in(sender))

    @property
    def addresses(self) -> frozenset[str]:
        """Those that are known one by one."""
        return frozenset(self._addresses)

    def include(self, address: str) -> bool:
        """Whether a mail to that address is for us."""
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        if domain in self._domains:
            return True
        return f"{local}@{domain}" in self._addresses or f"{local.partition('+')[0]}@{domain}" in self._addresses
