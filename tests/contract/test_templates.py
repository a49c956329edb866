from __future__ import annotations

import pytest

from forecourt.contract.templates import all_names, is_template, path_alone, path_names


@pytest.mark.parametrize("path", ["/", "/a/{b}", "/{a}...{b}", "/a#{b}", "/a?b={c}", "/{a?}"])
def test_is_a_path(path: str) -> None:
    assert is_template(path)


@pytest.mark.parametrize("path", ["", "a", "{a}", "/{", "/}", "/{}", "/{a/b}", "/{a{b}}"])
def test_is_no_path(path: str) -> None:
    assert not is_template(path)


@pytest.mark.parametrize(
    ("template", "in_path", "further"),
    [
        ("/a", (), ()),
        ("/{a}/{b}.json", ("a", "b"), ()),
        ("/{a}/{a}", ("a",), ()),
        ("/{a}?b={b}", ("a",), ("b",)),
        ("/{a}#{b}", ("a",), ("b",)),
        ("/{a?}/{b#}", ("a?", "b#"), ()),
    ],
)
def test_a_template_has_names(
    template: str, in_path: tuple[str, ...], further: tuple[str, ...]
) -> None:
    assert path_names(template) == in_path
    assert all_names(template) == in_path + further


@pytest.mark.parametrize(
    ("template", "path"),
    [("/a", "/a"), ("/a?b={c}#d", "/a"), ("/{a?}#b?c", "/{a?}"), ("/#", "/"), ("/{a#}", "/{a#}")],
)
def test_a_path_ends_where_a_query_or_fragment_begins(template: str, path: str) -> None:
    assert path_alone(template) == path
