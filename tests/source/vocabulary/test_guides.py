from __future__ import annotations

import pytest

from forecourt.source.vocabulary.guides import PAGE
from tests.source.builders import read


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("https://developer.acme.example/migrate", "https://developer.acme.example/migrate"),
        ("http://wiki/migrate", "http://wiki/migrate"),
        ("guides/migrate.md", "apis/payments/guides/migrate.md"),
    ],
)
def test_a_page_is_on_the_web_or_a_file(text: str, page: str) -> None:
    assert read(PAGE, text) == (page, [])


@pytest.mark.parametrize(
    "text",
    [
        "ftp://a.example/x",
        '"https://a.example/>; rel=next"',
        '"https://a.example/\\r\\nx: y"',
        "https://a.example/ä",
        "../../../etc/passwd",
        "[a]",
    ],
)
def test_refuses_what_could_not_stand_in_a_link(text: str) -> None:
    value, told = read(PAGE, text)
    assert value is None
    assert told != []
