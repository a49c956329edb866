"""Where the gateway itself answers."""

from __future__ import annotations

import pytest

from forecourt.estate.own_paths import OWN_PATHS, own_path

OWN = [(listener, path) for listener, paths in OWN_PATHS.items() for path in paths]


@pytest.mark.parametrize(("listener", "path"), OWN)
def test_it_and_what_is_below_is_its_own(listener: str, path: str) -> None:
    for more in ("", "/", "/x", ";x", ";/x"):
        assert own_path(listener, path + more) == path


@pytest.mark.parametrize(("listener", "path"), OWN)
def test_what_only_begins_like_it_is_not(listener: str, path: str) -> None:
    for other in (f"{path}s", f"{path}.json", path[:-1], path.upper(), f"/x{path}"):
        assert own_path(listener, other) is None


def test_each_is_the_own_of_one_listener() -> None:
    for listener, path in OWN:
        (other,) = OWN_PATHS.keys() - {listener}
        assert own_path(other, path) is None
