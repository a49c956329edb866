"""No search for garbage while something large grows, and one again afterwards."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest

from forecourt.source.growing import without_collection


@pytest.mark.parametrize("is_enabled", [True, False], ids=["searching", "not searching"])
def test_goes_on_as_it_was_whatever_happens(is_enabled: bool) -> None:
    try:
        (gc.enable if is_enabled else gc.disable)()
        with suppress(KeyError), without_collection():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() is is_enabled
    finally:
        gc.enable()


def test_one_within_another_does_not_begin_it_too_early() -> None:
    with without_collection():
        with without_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
