"""Sums that can be added in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forecourt.defence.detector import Threshold
from forecourt.defence.tally import MOST_CONSUMERS, MOST_THINGS, Tally, is_too_much, total

TALLIES = st.builds(
    Tally,
    total=st.integers(0, 9),
    counted=st.integers(0, 9),
    things=st.frozensets(st.sampled_from("abcdef")),
    samples=st.lists(st.sampled_from("xyz"), max_size=3).map(tuple),
    api=st.sampled_from([None, "a"]),
)


@given(TALLIES, TALLIES, TALLIES)
def test_it_does_not_matter_what_is_added_first(a: Tally, b: Tally, c: Tally) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + Tally() == Tally() + a == a


def test_a_flood_of_different_things_takes_no_more_memory() -> None:
    many = (Tally(1, 1, frozenset({str(n)})) for n in range(1_000))
    assert len(total(many).things) == MOST_THINGS


def test_too_much_is_enough_of_enough_kinds_and_share_or_very_much() -> None:
    threshold = Threshold(seconds=10, at_least=10, share=0.5, distinct=2, outright=100)
    two = frozenset({"a", "b"})
    assert is_too_much(Tally(20, 10, two), threshold, 1)
    assert not is_too_much(Tally(21, 10, two), threshold, 1)
    assert not is_too_much(Tally(20, 10, frozenset("a")), threshold, 1)
    assert not is_too_much(Tally(20, 10, two), threshold, 2)
    assert is_too_much(Tally(9_000, 100, two), threshold, 1)
    assert not is_too_much(Tally(9_000, 100, frozenset("a")), threshold, 1)


def test_accounts_of_an_attacker_push_nobody_out() -> None:
    office = frozenset(f"developer:worker-{number}" for number in range(5))
    accounts = frozenset(f"developer:!{number:03}" for number in range(900))
    assert office <= total([Tally(consumers=office), Tally(consumers=accounts)]).consumers
    many = total(Tally(consumers=frozenset({f"developer:{n:05}"})) for n in range(1_100))
    assert len(many.consumers) == MOST_CONSUMERS
