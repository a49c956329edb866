"""Files of changes are read with their API, every mistake at its place."""

from __future__ import annotations

import pytest

from forecourt.estate.changes import Changes, Rename, in_order, way_between
from forecourt.source.estate import read_estate
from tests.source.builders import an_api, an_estate

_VERSIONS = (
    'versions: {"1": {contract: v1.openapi.yaml}, "2": {contract: v2.openapi.yaml},'
    ' "10": {contract: v10.openapi.yaml}}'
)
_RENAME = "{rename: a, to: b, in: [Thing], because: clarity}"


def _file(version: str = "2", lens: str = _RENAME, more: str = "") -> str:
    return f'version: "{version}"\nsummary: better\n{more}changes:\n  - {lens}\n'


def _read(**files: str) -> tuple[tuple[Changes, ...] | None, list[str]]:
    """The changes of the API, and what is said; files are called `v2` for `changes/2.yaml`."""
    named = {f"apis/shop/changes/{name[1:]}.yaml": text for name, text in files.items()}
    estate, found = read_estate(
        an_estate({"apis/shop/api.yaml": an_api("shop", _VERSIONS), **named})
    )
    api = estate.apis.get("shop")
    said = [f"{d.span.line}:{d.span.column} {d.code} {d.message}" for d in found]
    return (None if api is None else api.changes), said


def test_changes_follow_the_version_before_by_number() -> None:
    changes, said = _read(v10=_file("10"), v2=_file("2"))
    assert said == []
    assert changes is not None
    assert [(c.follows, c.version) for c in changes] == [("1", "2"), ("2", "10")]
    (lens,) = changes[0].changes
    assert isinstance(lens, Rename)
    assert (lens.name, lens.to, lens.within) == ("a", "b", ("Thing",))
    assert lens.places["to"].line == 4


def test_a_file_may_say_which_version_it_follows() -> None:
    changes, said = _read(v10=_file("10", more='follows: "1"\n'))
    assert said == []
    assert changes is not None
    assert [(c.follows, c.version) for c in changes] == [("1", "10")]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (_file("3"), "1:10 FC022 `version` is `3`, but the file is called `2`"),
        (_file(more='follows: "7"\n'), "3:10 FC026 `shop` has no version `7`"),
        (_file(more='follows: "2"\n'), "3:10 FC026 version `2` cannot follow itself"),
        (_file(lens="{renamed: a}"), "4:6 FC030 `renamed` is no lens"),
        (
            _file(lens="{operation: a, becomes: b, functions: {raises: f.py:up}, because: x}"),
            "4:32 FC030 `functions` in the place of a lens is not in this release",
        ),
        (_file(lens="{rename: a, add: b}"), "4:17 FC030 this is `rename` and `add` in one"),
        (_file(lens="rename"), "4:5 FC011 `changes` is the text `rename`, not a lens"),
        (_file(lens="{}"), "4:5 FC030 this names no lens"),
        (_file(lens="{rename: a, to: b, in: [T]}"), "4:5 FC010 `because` is missing"),
        (_file(lens="{rename: a, too: b, because: x}"), "4:17 FC013 unknown key `too`"),
        (_file(lens="{add: a, on_loss: null, because: x}"), "4:23 FC011 `on_loss` is empty"),
        (_file(lens="{map: a, values: [b], because: x}"), "4:22 FC011 `values` is a list"),
    ],
)
def test_a_mistake_is_told_where_it_stands_and_leaves_the_api_out(file: str, message: str) -> None:
    changes, said = _read(v2=file)
    assert changes is None
    assert any(each.startswith(message) for each in said), said


def test_changes_of_a_version_that_is_not_declared_are_a_mistake() -> None:
    _, said = _read(v3=_file("3"))
    assert said == ["1:10 FC026 `shop` has no version `3`"]


def test_the_oldest_version_follows_none() -> None:
    _, said = _read(v1=_file("1"))
    assert said == ["1:10 FC026 no version of `shop` comes before `1` by name"]


def test_two_files_cannot_go_on_from_one_version() -> None:
    _, said = _read(v2=_file("2"), v10=_file("10", more='follows: "1"\n'))
    assert said == [
        "3:10 FC026 version `1` becomes `2` and `10`, and its callers can be raised to only one"
    ]


def test_another_file_beside_changes_is_a_stray() -> None:
    _, said = _read(**{"v2.notes/x": _file()})
    assert said == ["1:1 FC024 changes are read from `changes/VERSION.yaml`, and this is none"]


def test_null_is_a_word_for_what_is_lost() -> None:
    changes, said = _read(v2=_file(lens="{map: a, in: [T], on_loss: null, because: x}"))
    assert said == []
    assert changes is not None


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (("10", "9", "1"), ("1", "9", "10")),
        (("2024-01-15", "2023-06-01"), ("2023-06-01", "2024-01-15")),
        (("v2", "v10", "v1"), ("v1", "v2", "v10")),
    ],
)
def test_versions_are_in_the_order_of_their_numbers(
    names: tuple[str, ...], ordered: tuple[str, ...]
) -> None:
    assert in_order(names) == ordered


def test_the_way_between_versions_goes_over_those_between() -> None:
    changes, _ = _read(v10=_file("10"), v2=_file("2"))
    assert changes is not None
    way = way_between(changes, "1", "10")
    assert way is not None
    assert [each.version for each in way] == ["2", "10"]
    assert way_between(changes, "2", "2") == ()
    assert way_between(changes, "10", "1") is None
