"""Each lens does what its page shows, and keeps what it says it keeps."""

from __future__ import annotations

from typing import get_args

import pytest

from forecourt.contract.lenses.applying import Refused
from forecourt.contract.lenses.catalogue import KINDS, MESSAGE_LENSES
from forecourt.contract.lenses.kind import Example, LensKind
from forecourt.estate.changes import AnyLens
from forecourt.source.files.changes import LENSES
from tests.contract.lenses.builders import an_object, between, lowered, raised, things

_EXAMPLES = [(kind, example) for kind in KINDS for example in kind.examples]
_each_example = pytest.mark.parametrize(
    ("kind", "example"), _EXAMPLES, ids=[f"{k.key}: {e.title}" for k, e in _EXAMPLES]
)


def test_every_lens_that_can_be_written_is_known() -> None:
    every = (*KINDS, *MESSAGE_LENSES)
    assert {lens.key for lens in every} == set(LENSES)
    assert {lens.declared for lens in every} == set(get_args(AnyLens))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_lens_says_its_losses_and_shows_an_example(kind: LensKind) -> None:
    assert "Way up:" in kind.page
    assert "Losses" in kind.page
    assert kind.examples


@_each_example
def test_an_example_is_what_comes_of_it(kind: LensKind, example: Example) -> None:
    older, newer = an_object(example.older, example.optional), an_object(example.newer)
    found = between(things(older), things(newer), example.lens)
    if example.direction != "down":
        up = raised(found, example.below)
        assert isinstance(up, Refused) if example.above is None else up == example.above
    if example.direction != "up":
        down = lowered(found, example.above)
        assert isinstance(down, Refused) if example.below is None else down == example.below
