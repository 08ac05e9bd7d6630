"""Activation keys are never shown whole: not in logs, views, details or journals (SPEC §7.5, R11)."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import ConfigDict, RootModel

ELLIPSIS: Final = "…"
MOST_SHOWN: Final = 4
"""Characters shown at either end, at most; and never more than a third of a key together."""

SHORTEST_SECRET: Final = 4
"""Shorter texts are no keys, and would be found inside other words."""

SECRET_KINDS: Final = frozenset({"activation_keys"})
"""Messages that carry keys: of those that do not fit, nothing is shown that could be one."""

SECRET_FIELDS: Final = frozenset({"key", "keys", "activation_key", "activation_keys"})
PLAIN_FIELDS: Final = frozenset(
    {"kind", "serial_number", "type", "case", "request", "message_id", "at", "actor", "release", "version"}
)
"""What stands beside the keys in a message, and is no secret."""

_KNOWN_FIELDS = SECRET_FIELDS | PLAIN_FIELDS


def mask(key: str) -> str:
    """Enough of a key to tell it from others, too little to use it: `ABCD-EFGH-1234` is `AB…34`."""
    letters = sum(character.isalnum() for character in key)
    shown = min(MOST_SHOWN, letters // 6)
    return key[:shown] + ELLIPSIS + key[len(key) - shown :]


class Secret(RootModel[str]):
    """A text that travels whole in a payload, which is encrypted, and shows itself masked everywhere else."""

    model_config = ConfigDict(frozen=True)

    def reveal(self) -> str:
        """The text itself."""
        return self.root

    def __str__(self) -> str:
        """Masked: what is formatted or logged shows no secret."""
        return mask(self.root)

    def __repr__(self) -> str:
        """Masked as well."""
        return f"Secret({mask(self.root)!r})"


def without_secrets(kind: str, payload: object) -> object:
    """A message's payload as it may be shown in a journal: keys masked, also in one of the wrong form.

    What stands beside the keys is shown, unless it is one of them, put into the wrong field.
    """
    secrets: list[str] = []
    masked = _masked(payload, kind in SECRET_KINDS, secrets)
    return _without(masked, [secret for secret in secrets if len(secret) >= SHORTEST_SECRET])


def said_without_secrets(text: str, kind: str, payload: object) -> str:
    """What is said of a message, as a refusal that quotes it, with the keys of its payload masked."""
    secrets: list[str] = []
    _masked(payload, kind in SECRET_KINDS, secrets)
    return _without_these(text, [secret for secret in secrets if len(secret) >= SHORTEST_SECRET])


def _masked(value: object, secret: bool, secrets: list[str]) -> object:
    """The value with what is secret in it masked; what that was is added to `secrets`."""
    if isinstance(value, Mapping):
        return {
            _masked(name, secret and name not in _KNOWN_FIELDS, secrets): _masked(
                item, (secret or name in SECRET_FIELDS) and name not in PLAIN_FIELDS, secrets
            )
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_masked(item, secret, secrets) for item in value]
    if not secret or value is None:
        return value
    secrets.append(str(value))
    return mask(str(value))


def _without(value: object, secrets: Sequence[str]) -> object:
    """The value, with these secrets masked in every text of it."""
    if isinstance(value, Mapping):
        return {_without(name, secrets): _without(item, secrets) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    return _without_these(value, secrets) if isinstance(value, str) else value


def _without_these(text: str, secrets: Sequence[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, mask(secret))
    return text
