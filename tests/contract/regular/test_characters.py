from __future__ import annotations

from forecourt.contract.regular.characters import LAST, complement, union


def test_ranges_are_put_together_and_turned_around() -> None:
    assert union(((5, 6), (1, 2)), ((3, 3), (9, 9))) == ((1, 3), (5, 6), (9, 9))
    assert complement(((0, 3), (9, LAST))) == ((4, 8),)
    assert complement(complement(((1, 2), (7, 9)))) == ((1, 2), (7, 9))
