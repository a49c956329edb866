"""What a lens says to people."""

from __future__ import annotations

import pytest

from forecourt.contract.lenses.catalogue import KINDS, MESSAGE_LENSES
from forecourt.contract.lenses.wording import sentence
from tests.contract.lenses.builders import changes

_LENSES = [
    *(example.lens for kind in KINDS for example in kind.examples),
    *(shown.lens for lens in MESSAGE_LENSES for shown in lens.shown),
]

_MAPPED = "`a` has other words, `b` is `c` (in `T`)"


@pytest.mark.parametrize("lens", _LENSES)
def test_every_lens_says_what_it_names(lens: str) -> None:
    (read,) = changes(lens).changes
    said = sentence(read)
    name = getattr(read, "name", None) or read.names[0]  # type: ignore[union-attr]
    assert f"`{name}`" in said
    assert not said.endswith(".")


@pytest.mark.parametrize(
    ("lens", "said"),
    [
        ("{rename: a, to: b, part: query, because: x}", "`a` is called `b`, in the query"),
        ("{nest: [a, b], into: c, in: [T], because: x}", "`a` and `b` stand in `c` (in `T`)"),
        ("{wrap: a, in: [T, U], because: x}", "`a` is a list (in `T` and `U`)"),
        (
            "{map: a, values: {b: c}, in: [T], because: x}",
            "`a` has other words, `b` is `c` (in `T`)",
        ),
        ("{operation: a, because: x}", "`a` is gone"),
        (
            "{move: a, from: query, to: body, as: b, in: [op], because: x}",
            "`a` stands in the body as `b`, not in the query (in `op`)",
        ),
    ],
)
def test_a_sentence_reads_well(lens: str, said: str) -> None:
    (read,) = changes(lens).changes
    assert sentence(read) == said
