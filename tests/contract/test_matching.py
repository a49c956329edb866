from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.contract.matching import best_matches


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/", "/"),
        ("/users", "/users"),
        ("/users/{id}", "/users/17"),
        ("/users/{id}", "/users/a%2Fb"),
        ("/users/{id}", "/users/@me"),
        ("/users/", "/users/"),
        ("/files/{name}.json", "/files/a.b.json"),
        ("/compare/{base}...{head}", "/compare/main...topic"),
        ("/{a}-{b}-{c}", "/1-2-3-4"),
        ("/{a}{b}", "/xy"),
        ("/jobs/{id}:cancel", "/jobs/7:cancel"),
        ("/a%20b", "/a b"),
        ("/a b", "/a%20b"),
        ("/files/{id}#add", "/files/1"),
        ("/responses?beta=true", "/responses"),
        ("/é/{x}", "/%C3%A9/1"),
        ("/{what?}/x", "/1/x"),
    ],
)
def test_a_template_fits(template: str, path: str) -> None:
    assert best_matches([template], path) == (template,)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/users", "/users/"),
        ("/users/", "/users"),
        ("/users", "/Users"),
        ("/users/{id}", "/users/"),
        ("/users/{id}", "/users/1/2"),
        ("/files/{name}.json", "/files/.json"),
        ("/files/{name}.json", "/files/a.xml"),
        ("/compare/{base}...{head}", "/compare/...topic"),
        ("/compare/{base}...{head}", "/compare/main..."),
        ("/{a}-{b}", "/-"),
        ("/{a}{b}", "/x"),
        ("/ab{x}bc", "/abc"),
    ],
)
def test_a_template_does_not_fit(template: str, path: str) -> None:
    assert best_matches([template], path) == ()


@pytest.mark.parametrize(
    ("templates", "path", "best"),
    [
        (["/users/{id}", "/users/me"], "/users/me", "/users/me"),
        (["/{a}/b", "/a/{b}"], "/a/b", "/a/{b}"),
        (["/{x}", "/{x}.json"], "/a.json", "/{x}.json"),
        (["/{x}.json", "/{x}.min.json"], "/a.min.json", "/{x}.min.json"),
        (["/{x}.json", "/a.json"], "/a.json", "/a.json"),
    ],
)
def test_the_more_literal_goes_first(templates: list[str], path: str, best: str) -> None:
    assert best_matches(templates, path) == (best,)
    assert best_matches(reversed(templates), path) == (best,)


def test_templates_that_differ_in_names_only_fit_alike() -> None:
    both = ("/users/{id}", "/users/{name}")
    assert best_matches(both, "/users/1") == both


@given(st.lists(st.sampled_from(["", "a", "b", "ab", "."]), min_size=2, max_size=6), st.text("ab."))
def test_a_segment_fits_as_a_regular_expression_says(literals: list[str], segment: str) -> None:

    template = "/" + "{p}".join(literals)
    pattern = "(?s:.+)".join(map(re.escape, literals))
    assert bool(best_matches([template], f"/{segment}")) == bool(re.fullmatch(pattern, segment))


def test_no_text_takes_long() -> None:
    template = "/" + "a".join(["{p}"] * 200) + "b"
    assert best_matches([template], "/" + "a" * 20_000) == ()
