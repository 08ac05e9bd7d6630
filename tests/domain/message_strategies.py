"""Payloads of any content, from nonsense to nearly right, for the property tests of messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.messages import CASE_MESSAGES
from tests.domain.messages_page import EXAMPLES
from tests.domain.sample_cases import OPENED

kinds = st.sampled_from(sorted(CASE_MESSAGES))
texts = st.text(st.characters(exclude_categories=()), max_size=20)  # with lone surrogates and control characters
numbers = st.one_of(st.integers(), st.just(10**100), st.floats())
"""JSON has no NaN, and Python's reader takes it all the same."""

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=10,
)

instants = st.one_of(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants bounds naive
    st.timedeltas(timedelta(days=-30), timedelta(days=30)).map(lambda passed: OPENED.astimezone(UTC) + passed),
)
actors = st.sampled_from(["supervisor:R. Martin", "customer:Zoé", "support:", "nobody", "a:b\x00"])
plausible = st.one_of(
    instants.map(datetime.isoformat),
    st.sampled_from([1, 2, True, False, None, "", " ", "x", "CM-7K3Q-9XTB", "x" * 201, "x" * 4_001, [], ["PSU"]]),
    st.sampled_from(["resolved", "escalate", "logs_needed", "completed", "dispatched", "choose", "decline", "loan"]),
)


@st.composite
def payloads(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """The example of a kind, with some fields left out, some of other content, and now and then one too many."""
    payload = {field: value for field, value in EXAMPLES[kind].items() if draw(st.integers(0, 9))}
    fields = st.sampled_from(sorted(CASE_MESSAGES[kind].model_fields))
    payload |= draw(st.dictionaries(fields, st.one_of(plausible, json_values), max_size=2))
    payload |= draw(st.dictionaries(st.just("at"), instants.map(datetime.isoformat)))
    payload |= draw(st.dictionaries(st.just("actor"), actors))
    return payload | (draw(st.dictionaries(texts, json_values, max_size=1)) if draw(st.integers(0, 9)) == 0 else {})
