"""What an execution hands on to the next is limited by the engine: a case keeps within it, whatever people write."""

from domain.messages import RemoteDiagnosis
from domain.rounds import ROUNDS_SHOWN, Round
from tests.domain.sample_cases import NOON, case
from workflows.continuation import lighten

LIMIT = 2_000_000
LONG, NAME = "é" * 4_000, "é" * 200


def test_fifty_rounds_of_the_longest_findings_fit_into_what_is_handed_on_and_the_present_one_is_whole() -> None:
    finding = RemoteDiagnosis(
        level=2, outcome="onsite_without_parts", technician=NAME, findings=LONG, defective_articles=(NAME,) * 100
    )
    rounds = [
        Round(number=number, reason=LONG, began_at=NOON, finding=finding) for number in range(1, ROUNDS_SHOWN + 1)
    ]
    state = case(rounds=list(rounds))
    assert len(state.model_dump_json().encode()) > LIMIT
    lighten(state)
    assert len(state.model_dump_json().encode()) < LIMIT / 4
    assert state.rounds == rounds[-len(state.rounds) :]
    assert len(state.rounds) > 1
