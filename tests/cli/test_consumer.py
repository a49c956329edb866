"""`forecourt consumer`: pins are set, listed and taken away; what cannot be is said why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.actions.publishing import CONTRACT, an_api_file
from tests.cli.command import told
from tests.cli.estates import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    versions = (
        '{"1": {contract: v1.openapi.yaml, status: deprecated, deprecated: 2020-01-01,'
        ' sunset: 2022-01-01}, "2": {contract: v1.openapi.yaml}, "3": {contract: v1.openapi.yaml}}'
    )
    prices = an_api_file("public", name="prices", versioning="{scheme: header}", versions=versions)
    estate.write("apis/prices/api.yaml", prices)
    estate.write("apis/prices/v1.openapi.yaml", CONTRACT)
    estate.publish()
    return estate


def test_pins_lists_and_takes_away(estate: Estate) -> None:
    pinned = estate.run("consumer", "pin", "orders", "prices", "2")
    assert told(pinned) == (
        "exit code 0\n--- stdout\norders gets version 2 of prices where it names none\n"
    )
    listed = estate.run("consumer", "pins").stdout
    assert listed.startswith("orders  prices  2  ")
    assert estate.run("consumer", "pin", "orders", "prices", "--unpin").exit_code == 0
    assert "no application is pinned" in estate.run("consumer", "pins").stderr
    again = estate.run("consumer", "pin", "orders", "prices", "--unpin")
    assert told(again) == "exit code 1\n--- stderr\nerror: `orders` has no pin for `prices`\n"


def test_lists_the_owner_of_an_application_that_has_a_key(estate: Estate) -> None:
    estate.run("key", "issue", "--developer", "ada", "--application", "shop")
    assert estate.run("consumer", "pin", "developer:ada/shop", "prices", "2").exit_code == 0
    line = estate.run("consumer", "pins").stdout.rstrip()
    assert line.startswith("app_")
    assert line.endswith("(developer:ada/shop)")
    assert estate.run("consumer", "pin", line.split()[0], "prices", "3").exit_code == 0
    gone = estate.run("consumer", "pin", "developer:ada/shop", "prices", "--unpin")
    assert gone.exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "prices", "2"), "no application is called `nobody`"),
        (("orders", "prices", "9"), "`orders` has no version `9` of `prices`; it has 2, 3"),
        (("orders", "prices", "1"), "version `1` of `prices` is retired; choose one of 2, 3"),
        (("orders", "no-such", "1"), "its APIs with a version header: prices"),
        (("orders", "payments", "1"), "do not name its version in a header"),
    ],
)
def test_says_why_not(estate: Estate, words: tuple[str, ...], said: str) -> None:
    result = estate.run("consumer", "pin", *words)
    assert result.exit_code == 1
    assert said in result.stderr


def test_wants_a_version_or_to_unpin(estate: Estate) -> None:
    assert estate.run("consumer", "pin", "orders", "prices").exit_code == 2
    assert estate.run("consumer", "pin", "orders", "prices", "2", "--unpin").exit_code == 2


def test_why_goes_by_the_pin(estate: Estate) -> None:
    asked = ("why", "--as", "service:orders", "GET", "/prices/charges")
    assert "`prices` version 3" in estate.run(*asked).stdout
    estate.run("consumer", "pin", "orders", "prices", "2")
    assert "`prices` version 2" in estate.run(*asked).stdout
