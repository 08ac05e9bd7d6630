"""What a software request takes of what is said of it, and learns from it: at once, nothing is kept (SPEC §5)."""

from datetime import datetime

from domain.hearing import Verdict
from domain.inbox import HeardMessage
from domain.instants import EARLIEST
from domain.journal import Disposition
from domain.messages import Assignment, Cancellation, Message, MessageRefused
from domain.service_hours import ServiceHours
from domain.software_items import Item, ItemState
from domain.software_messages import ActivationKeys, Clarification, KeysGranted, SoftwareRequest, StatedItem, Withdrawal
from domain.software_update import SoftwareUpdate


class SoftwareHearing:
    """The request, as its inbox speaks to it."""

    def __init__(self, update: SoftwareUpdate) -> None:
        self._update = update

    @property
    def opened_at(self) -> datetime:
        """When the execution began."""
        return self._update.opened_at

    @opened_at.setter
    def opened_at(self, at: datetime) -> None:
        self._update.opened_at = at

    @property
    def heard(self) -> dict[str, HeardMessage]:
        """The ids of the messages heard."""
        return self._update.heard

    @heard.setter
    def heard(self, heard: dict[str, HeardMessage]) -> None:
        self._update.heard = heard

    @property
    def reference(self) -> str:
        """What a message that names a case must name."""
        return self._update.reference

    @property
    def begins_at(self) -> datetime:
        """A repeat of the request may have come in before what opened it; everything else is judged in `receive`."""
        return EARLIEST

    def write(
        self,
        entered_at: datetime,
        actor: str,
        kind: str,
        disposition: Disposition,
        text: str,
        at: datetime | None = None,
    ) -> None:
        """Append a line to the journal."""
        self._update.write(entered_at, actor, kind, disposition, text, at=at)

    def receive(self, message: Message, now: datetime) -> Verdict:
        """Decide on a message, and change nothing. Raises MessageRefused with the field and the reason."""
        update = self._update
        if not update.is_open or update.outcome is not None:
            ended = update.outcome.value if update.outcome else "closed"
            raise MessageRefused("kind", f"{message.kind} is out of date: {update.reference} is {ended}")
        if not isinstance(message, SoftwareRequest) and message.instant < update.received_at:
            asked = update.received_at.isoformat(timespec="seconds")
            raise MessageRefused("at", f"{message.instant.isoformat()} lies before the request ({asked})")
        self._check_it_is_entered_in_time(message, now)
        match message:
            case SoftwareRequest():
                self._check_it_is_the_same(message)
                return Verdict(text=f"joined {update.reference}")
            case Clarification():
                self._check_the_clarification(message)
            case ActivationKeys():
                self._item_awaiting_a_key(message.serial_number)
        return Verdict()

    def learn(self, message: Message, verdict: Verdict) -> None:
        """Take in what was decided on."""
        update = self._update
        match message:
            case SoftwareRequest():
                if message.tell is None:
                    update.is_wanted = True
                else:
                    update.will_tell(message.tell, _serial_numbers(message))
            case Withdrawal():
                self._withdraw(message)
            case Clarification():
                item = self._item_to_clear_up(message)
                item.clear_up(message.serial_number, message.type, message.instant)
            case ActivationKeys():
                update.issued.append(message)
            case KeysGranted():
                update.has_grants = True
            case Cancellation():
                update.cancelled_because, update.cancelled_at = message.reason, message.instant
            case Assignment():
                update.assigned_to, update.next_action_said = message.owner, message.next_action

    def _check_it_is_entered_in_time(self, message: Message, now: datetime) -> None:
        """What happened more than one business day ago only a supervisor may enter (SPEC §4)."""
        clocks = self._update.contracts.values()
        hours = next((each.service_hours for each in clocks), ServiceHours())
        if hours.is_backdated(message.instant, now) and not (message.actor or "").startswith("supervisor:"):
            reason = "is more than one business day ago; only a supervisor may enter it (actor supervisor:…)"
            raise MessageRefused("at", f"{message.instant.isoformat()} {reason}")

    def _withdraw(self, word: Withdrawal) -> None:
        update = self._update
        update.tells_no_more(word.tell, word.serial_number)
        if not update.tellers and not update.is_wanted:
            update.cancelled_because, update.cancelled_at = word.reason, word.instant

    def _check_it_is_the_same(self, request: SoftwareRequest) -> None:
        """A request joins only what it asks for itself: other equipment is asked for in another request."""
        strangers = [item for item in request.items if not any(_is_about(known, item) for known in self._update.items)]
        if strangers:
            name = strangers[0].serial_number or strangers[0].type
            raise MessageRefused("items", f"{self._update.reference} is not about {name}: ask in a request of its own")

    def _check_the_clarification(self, word: Clarification) -> None:
        item = self._item_to_clear_up(word)
        others = [other for other in self._update.items if other.serial_number == word.serial_number]
        if others and item not in others:
            raise MessageRefused("serial_number", f"{word.serial_number} is item {others[0].number} of this request")

    def _item_to_clear_up(self, word: Clarification) -> Item:
        """The item that is meant: by its number, its serial number, its type, or the only one that is unclear."""
        unclear = self._update.in_state(ItemState.CLARIFICATION)
        names = ", ".join(f"{item.number} ({item.name})" for item in unclear[:10]) or "none"
        if word.item is not None:
            found = [item for item in unclear if item.number == word.item]
        else:
            found = [item for item in unclear if item.serial_number == word.serial_number]
            found = found or [item for item in unclear if _is_of_type(item, word)][:1]
            found = found or (list(unclear) if len(unclear) == 1 else [])
        if not found:
            field = "item" if word.item is not None else "serial_number"
            raise MessageRefused(field, f"nothing is unclear about it; what waits for a clarification: {names}")
        return found[0]

    def _item_awaiting_a_key(self, serial_number: str) -> Item:
        waiting = self._update.in_state(ItemState.AWAITING_KEY)
        found = [item for item in waiting if item.serial_number == serial_number]
        if not found:
            names = ", ".join(item.name for item in waiting[:10]) or "none"
            raise MessageRefused("serial_number", f"no key is awaited for {serial_number}; one is for: {names}")
        return found[0]


def _serial_numbers(request: SoftwareRequest) -> list[str]:
    return [item.serial_number for item in request.items if item.serial_number is not None]


def _is_about(known: Item, asked: StatedItem) -> bool:
    if asked.serial_number is not None:
        return asked.serial_number in (known.serial_number, known.stated.serial_number)
    return asked.type is not None and (known.stated.type or "").casefold() == asked.type.casefold()


def _is_of_type(item: Item, word: Clarification) -> bool:
    return item.serial_number is None and word.type is not None and (item.type or "").casefold() == word.type.casefold()
