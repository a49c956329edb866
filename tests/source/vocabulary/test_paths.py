from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.source.vocabulary.paths import FILE, SERVED_PATH, inside, served_path
from tests.source.builders import read


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("v1.openapi.yaml", "apis/payments/v1.openapi.yaml"),
        ("./guides/a b.md", "apis/payments/guides/a b.md"),
        ("../shared/errors.yaml", "apis/shared/errors.yaml"),
        ("../../certs/api.pem", "certs/api.pem"),
        ("a/../b.yaml", "apis/payments/b.yaml"),
        ("..yaml", "apis/payments/..yaml"),
    ],
)
def test_a_file_is_relative_to_the_one_that_names_it(text: str, path: str) -> None:
    assert read(FILE, text) == (path, [])


@pytest.mark.parametrize(
    "text",
    [
        "/etc/passwd",
        "../../../etc/passwd",
        "a/../../../../b",
        "~/x",
        "C:\\x",
        "c:/x",
        "a\\b",
        "file:///etc/passwd",
        "..",
        "../..",
        ".",
        "a/",
        "a/.",
        "a/..",
        '" "',
        '"a\\0b"',
        '"a\\nb"',
    ],
)
def test_refuses_what_leaves_the_estate_or_names_no_file(text: str) -> None:
    value, told = read(FILE, text)
    assert value is None
    assert len(told) == 1


@given(text=st.text(alphabet="./\\a~: \n", max_size=20), folder=st.sampled_from(["", "a", "a/b"]))
def test_no_text_leads_out_of_the_estate(text: str, folder: str) -> None:
    path, wrong = inside(text, folder)
    assert (path is None) is (wrong is not None)
    if path is not None:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert "." not in path.split("/")


@pytest.mark.parametrize(
    ("text", "path"),
    [("/", "/"), ("/pay", "/pay/"), ("pay/", "/pay/"), ("/a/b-c._~/", "/a/b-c._~/")],
)
def test_a_served_path_begins_and_ends_with_a_slash(text: str, path: str) -> None:
    assert read(SERVED_PATH, text) == (path, [])


@pytest.mark.parametrize(
    "text",
    ["//", "/a//b", "/./", "/../", "/a/..", "/a%2fb", "/a b", "/a?b", "/a;b", "/ä", "/{id}", "a:b"],
)
def test_refuses_a_path_with_two_spellings(text: str) -> None:
    value, told = read(SERVED_PATH, text)
    assert value is None
    assert len(told) == 1


@given(text=st.text(max_size=30))
def test_a_served_path_is_served_as_it_is(text: str) -> None:
    path = served_path(text)
    if path is not None:
        assert served_path(path) == path
