"""A case is plain data: who has the ball, what was said, what is owed."""

from datetime import timedelta

from domain.case import CaseState, Outcome, Party, Stage
from domain.inbox import HeardMessage, PendingMessage
from domain.journal import JOURNAL_TAIL, Disposition
from domain.promises import Promise, PromiseName, PromiseState
from domain.slots import Slot
from tests.domain.sample_cases import NOON, OPENED, case, message, promise

HOUR = timedelta(hours=1)


def talkative(lines: int) -> CaseState:
    spoken = case()
    for _ in range(lines):
        spoken.write(NOON, "support:Noor", "note", Disposition.TAKEN, "remark")
    return spoken


def test_a_case_comes_back_from_storage_as_it_was() -> None:
    full = talkative(3)
    full.report = None
    full.promises = [promise()]
    full.slots = [Slot(slot_id="1", start=NOON, end=NOON)]
    full.pending = [PendingMessage.of(message("shipment"), NOON)]
    full.heard = {"1": HeardMessage(digest="d", disposition="kept", text="kept")}
    full.wait_for(Party.CUSTOMER, NOON)
    assert CaseState.model_validate_json(full.model_dump_json()) == full


def test_two_cases_share_nothing() -> None:
    one, other = case(), case()
    one.wait_for(Party.VENDOR, NOON)
    one.write(NOON, "a:b", "note", Disposition.TAKEN, "x")
    assert (other.waits, other.journal, other.promises) == ([], [], [])


def test_every_instant_is_spent_waiting_for_one_party() -> None:
    handed = case()
    handed.wait_for(Party.SUPPORT, OPENED)
    handed.wait_for(Party.VENDOR, OPENED + 2 * HOUR)
    handed.wait_for(Party.CARRIER, OPENED + HOUR)  # typed in late: it happened before the vendor had the ball
    handed.wait_for(Party.CUSTOMER, OPENED + 3 * HOUR)
    spans = [(wait.party, wait.since, wait.until) for wait in handed.waits]
    assert spans == [
        (Party.SUPPORT, OPENED, OPENED + 2 * HOUR),
        (Party.VENDOR, OPENED + 2 * HOUR, OPENED + 2 * HOUR),
        (Party.CARRIER, OPENED + 2 * HOUR, OPENED + 3 * HOUR),
        (Party.CUSTOMER, OPENED + 3 * HOUR, None),
    ]


def test_the_ball_stays_where_it_is_when_it_is_handed_to_who_has_it() -> None:
    handed = case()
    handed.wait_for(Party.VENDOR, OPENED)
    handed.wait_for(Party.VENDOR, NOON)
    assert (handed.waiting_for, handed.waiting_since, len(handed.waits)) == (Party.VENDOR, OPENED, 1)


def test_nobody_has_the_ball_of_a_closed_case() -> None:
    handed = case()
    assert (handed.waiting_for, handed.waiting_since) == (Party.NOBODY, OPENED)
    handed.wait_for(Party.VENDOR, NOON)
    handed.stage = Stage.CLOSED
    assert handed.waiting_for is Party.NOBODY
    assert not handed.is_open


def test_a_case_can_be_answered_once_a_due_instant_is_known_or_it_has_an_outcome() -> None:
    assert case(promises=[promise()]).can_be_answered
    assert not case(promises=[promise(due_at=None)]).can_be_answered
    assert not case().can_be_answered
    assert case(coverage=None, outcome=Outcome.REJECTED).can_be_answered


def test_the_promise_that_is_owed_is_the_latest_of_its_name_that_has_not_ended() -> None:
    def of(number: int, state: PromiseState, ended: bool = False) -> Promise:
        return promise(id=f"p.{number}", state=state, ended_at=NOON if ended else None)

    owed = case(promises=[of(1, PromiseState.BREACHED), of(2, PromiseState.MET, ended=True)])
    assert owed.owed(PromiseName.LEVEL_2_DIAGNOSIS) is owed.promises[0]
    owed.promises.append(of(3, PromiseState.PAUSED))
    assert owed.owed(PromiseName.LEVEL_2_DIAGNOSIS) is owed.promises[2]
    assert owed.owed(PromiseName.VENDOR_VALIDATION) is None


def test_a_line_of_the_journal_happened_when_it_was_entered_unless_it_says_so() -> None:
    spoken = case()
    spoken.write(NOON, "a:b", "note", Disposition.TAKEN, "now")
    spoken.write(NOON, "a:b", "note", Disposition.TAKEN, "then", at=OPENED)
    assert [(line.sequence, line.at, line.entered_at) for line in spoken.journal] == [
        (1, NOON, NOON),
        (2, OPENED, NOON),
    ]
    assert spoken.version == 2


def test_lines_that_are_in_the_database_are_forgotten_beyond_the_newest_hundred() -> None:
    spoken = talkative(JOURNAL_TAIL + 50)
    spoken.trim_journal(recorded=JOURNAL_TAIL + 50)
    assert [line.sequence for line in spoken.journal] == list(range(51, 151))


def test_no_line_is_forgotten_before_it_is_in_the_database() -> None:
    spoken = talkative(JOURNAL_TAIL + 50)
    spoken.trim_journal(recorded=20)
    assert spoken.journal[0].sequence == 21
    spoken.trim_journal(recorded=0)
    assert spoken.journal[0].sequence == 21
    spoken.write(NOON, "a:b", "note", Disposition.TAKEN, "on it goes")
    assert spoken.journal[-1].sequence == 151


def test_a_short_journal_is_kept_whole() -> None:
    spoken = talkative(JOURNAL_TAIL)
    spoken.trim_journal(recorded=JOURNAL_TAIL)
    assert len(spoken.journal) == JOURNAL_TAIL
