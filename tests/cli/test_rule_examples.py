"""Each page of a code shows what it says: the bad example has the mistake, the good one has not."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.cli.rule_page import Page, pages
from tests.cli.rule_examples import Example, codes_of, example

_each_page = pytest.mark.parametrize("page", tuple(pages()), ids=lambda page: page.name)


@_each_page
def test_what_is_called_bad_has_this_mistake(page: Page, tmp_path: Path) -> None:
    assert page.code in codes_of(example(page, "Bad"), tmp_path / "acme")


@_each_page
def test_what_is_called_good_has_not(page: Page, tmp_path: Path) -> None:
    assert page.code not in codes_of(example(page, "Good"), tmp_path / "acme")


def test_the_estate_around_the_examples_is_right(tmp_path: Path) -> None:
    assert codes_of(Example(files={}, commands=()), tmp_path / "acme") == set()
    text = "name: refunds\n"
    refunds = Example(files={"apis/refunds/api.yaml": text}, commands=())
    assert codes_of(refunds, tmp_path / "with_refunds") == set()
