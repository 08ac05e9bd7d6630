"""Software: equipment looked up, keys asked for and issued, software delivered, and ordered by a case (R11 to R13)."""

from datetime import datetime

from domain.calendars import CalendarSpec
from domain.coverage import Coverage
from domain.effects.base import Effect, EffectKey
from domain.effects.words import Notice, RefusedNotice
from domain.masking import Secret
from domain.messages import CoverageException
from domain.software_items import ItemCard, ItemState
from domain.software_releases import Release


class AskedItem(Effect):
    """A piece of equipment to be looked up: at least one of serial number and type is known."""

    number: int
    serial_number: str | None
    type: str | None


class SoftwareQuestion(Effect):
    """What can be supplied for these? Asked for at `received_at`; `requester_email` may be a registered contact's."""

    now: datetime
    received_at: datetime
    requester_email: str | None
    exception: CoverageException | None = None
    items: tuple[AskedItem, ...]


class KeyDemand(Effect):
    """An item needs a key of that release; the oldest due instant is served first."""

    key: EffectKey
    item: int
    serial_number: str
    release: str
    due_at: datetime


class KeyDemands(Effect):
    """The items of one request that need keys; `workflow_id` is told when one is there."""

    workflow_id: str
    now: datetime
    demands: tuple[KeyDemand, ...]


class KeyGrant(Effect):
    """What one item was given: its keys, masked; none while it waits in line, at that place."""

    item: int
    keys: tuple[str, ...] = ()
    place_in_line: int | None = None


class KeyGrants(Effect):
    """The answer to demands, item by item; `others` are the requests in line before it that were served as well."""

    grants: tuple[KeyGrant, ...]
    others: tuple[str, ...] = ()
    """Their workflow ids: they are to be told."""


class KeysIssued(Effect):
    """The vendor has issued keys for the item that asked under `demand`."""

    demand: KeyDemand
    workflow_id: str
    now: datetime
    keys: tuple[Secret, ...]


class IssueAnswer(Effect):
    """What became of the keys, masked: granted to the item, or refused since somebody else has them already."""

    granted: tuple[str, ...]
    refused: tuple[str, ...]


class KeyCallOff(Effect):
    """The items need no keys any more."""

    now: datetime
    demands: tuple[KeyDemand, ...]
    workflow_id: str


class KeysCalledOff(Effect):
    """The items that had been given keys already: they are delivered all the same."""

    granted: tuple[KeyGrant, ...]


class AssessedItem(Effect):
    """What can be supplied for one item, and why; the card is what the registry says of the equipment."""

    number: int
    state: ItemState
    reason: str
    serial_number: str | None
    card: ItemCard | None = None
    release: str | None = None
    is_step: bool = False


class SoftwareAssessment(Effect):
    """The answer to a SoftwareQuestion: item by item, with the releases and the coverages that they name."""

    items: tuple[AssessedItem, ...]
    provider: CalendarSpec
    """Our own calendar, also when no contract covers anything."""
    releases: dict[str, Release]
    coverages: dict[str, Coverage]
    """By contract."""


class Delivery(Effect):
    """A letter that delivers software; the keys of these items are put into its facts where it is sent, not before."""

    notice: Notice
    items: tuple[int, ...]
    keys_of: tuple[KeyDemand, ...] = ()


class Deliveries(Effect):
    """Letters to be sent together."""

    now: datetime
    deliveries: tuple[Delivery, ...]


class HandedOver(Effect):
    """The letters that were handed over, by their identifiers; the others are to be tried again.

    Those that a mail server refused for good were handed to the coordinator, or to nobody.
    """

    identifiers: tuple[str, ...]
    refused: tuple[RefusedNotice, ...] = ()
