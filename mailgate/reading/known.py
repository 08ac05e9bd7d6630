"""What the registry says of the candidates of one mail, in one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Known:
    """The equipment that candidates may mean, the types of equipment there are, and who the sender is.

    `serial_numbers` maps what was asked for (`serial_candidates.sameness`) to serial numbers and their types.
    """

    serial_numbers: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    types: Sequence[str] = ()
    vendors: Sequence[str] = ()
    sender_is_known: bool = False
    sender_is_vendor: bool = False
