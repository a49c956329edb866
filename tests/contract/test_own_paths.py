"""Which paths of a contract may be the gateway's own."""

from __future__ import annotations

import pytest

from forecourt.contract.own_paths import may_be_own, names_it, takes


@pytest.mark.parametrize(
    "template",
    [
        *("/token", "/oauth/token", "/{id}", "/{a}/{b}", "/oauth/{what}", "/tok{rest}", "/token/"),
        *("/token/{id}", "/.well-known/{what}", "/oauth-authorization-server", "/t%6fken"),
    ],
)
def test_what_fits_the_end_of_an_own_path_may_be_it(template: str) -> None:
    assert list(may_be_own([template])) == [template]


@pytest.mark.parametrize("template", ["/", "/tokens", "/users/{id}", "/oauth", "/a/token", "/x{y}"])
def test_what_fits_none_is_none(template: str) -> None:
    assert list(may_be_own([template])) == []


@pytest.mark.parametrize(
    ("prefix", "template", "own", "is_written_out"),
    [
        ("/", "/oauth/token", "/oauth/token", True),
        ("/oauth/", "/token", "/oauth/token", True),
        ("/oauth/", "/token/{id}", "/oauth/token", True),
        ("/oauth/", "/{id}", "/oauth/token", False),
        ("/", "/{a}/token", "/oauth/token", False),
        ("/internal/", "/{id}", "/internal/token", False),
    ],
)
def test_below_its_prefix_it_is_one(
    prefix: str, template: str, own: str, is_written_out: bool
) -> None:
    assert takes(prefix, template, own)
    assert names_it(prefix, template, own) is is_written_out


@pytest.mark.parametrize(
    ("prefix", "template"),
    [("/lamps/", "/token"), ("/", "/token"), ("/oauth/v1/", "/token"), ("/oauth/", "/oauth/token")],
)
def test_below_another_it_is_none(prefix: str, template: str) -> None:
    assert not takes(prefix, template, "/oauth/token")
