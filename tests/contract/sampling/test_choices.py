from __future__ import annotations

from forecourt.contract.sampling.choices import Choices


def test_the_first_is_chosen_without_a_seed() -> None:
    assert {Choices().among(5, place) for place in range(50)} == {0}


def test_a_seed_chooses_each_sooner_or_later_and_the_same_again() -> None:
    chosen = [Choices(seed="x").among(5, place) for place in range(100)]
    assert set(chosen) == {0, 1, 2, 3, 4}
    assert chosen == [Choices(seed="x").among(5, place) for place in range(100)]
    assert chosen != [Choices(seed="y").among(5, place) for place in range(100)]


def test_turns_go_round() -> None:
    assert [Choices(turn=turn).among(3) for turn in range(5)] == [0, 1, 2, 0, 1]
