"""What `up` shows first, on the example estate."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import date

import pytest

from forecourt.cli.welcome import Shown, calls, welcome
from forecourt.compiler.ir.apis import Anonymous, Api
from forecourt.compiler.ir.callers import Limit
from tests.cli.shown import CALLERS, ROOT, acme


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_fits_a_terminal_of_120_columns() -> None:
    assert max(map(len, welcome(acme()).splitlines())) <= 120


def test_a_call_over_several_lines_is_one_command_to_a_shell() -> None:
    shown = acme()
    printed = re.findall(r"^  (curl (?:.*\\\n)*.*)$", welcome(shown), re.MULTILINE)
    assert [shlex.split(text.replace("\\\n", " ")) for text in printed] == [
        shlex.split(call.command) for call in calls(shown, CALLERS)
    ]


def test_says_where_to_look_next() -> None:
    text = welcome(acme())
    assert "forecourt revisions --estate examples/acme" in text
    assert "http://127.0.0.1:9464/health/ready" in text


def test_shows_no_callers_where_they_are_real() -> None:
    text = welcome(acme(callers=None))
    assert text.startswith("Acme is served, revision 1.")
    assert "curl" not in text
    assert "fc_" not in text


def test_shows_no_call_to_an_api_without_operations() -> None:
    shown = acme()
    contracts = {p: replace(c, operations=()) for p, c in shown.examined.contracts.items()}
    empty = replace(shown, examined=replace(shown.examined, contracts=contracts))
    assert list(calls(shown, CALLERS)) != []
    assert list(calls(empty, CALLERS)) == []
    assert "Calls to copy" not in welcome(empty)


def test_what_callers_bring_stands_in_one_column() -> None:
    long = "a-partner-whose-name-is-as-long-as-names-may-be"
    keys = {**CALLERS.partners, long: "fc_test_long"}
    text = welcome(acme(callers=replace(CALLERS, partners=keys)))
    listed = text.partition("made for this machine:\n")[2].partition("\n\n")[0].splitlines()
    assert any(long in line for line in listed)
    columns = {re.search(r"\S  +(?=\S)", line).end() for line in listed}  # type: ignore[union-attr]
    assert len(columns) == 1


def opened(*operations: str) -> Shown:
    """The example, where anybody may call these of payments."""
    shown = acme()
    anonymous = Anonymous(
        operations=operations,
        until=date(2099, 1, 1),
        way_in="0",
        way_out="0",
        limit=Limit(per_minute=60, capacity=15.0),
    )

    def with_it(api: Api) -> Api:
        versions = tuple(replace(v, anonymous=anonymous) for v in api.versions[-1:])
        return replace(api, versions=(*api.versions[:-1], *versions))

    apis = tuple(with_it(a) if a.name == "payments" else a for a in shown.edge.apis)
    return replace(shown, edge=replace(shown.edge, apis=apis))


def test_says_what_anybody_may_call() -> None:
    text = welcome(opened("GET /payments", "GET /b", "GET /c", "GET /d", "GET /e"))
    assert "Anybody may call, without a credential:" in text
    line = "GET /payments, GET /b, GET /c, 2 more; 60 a minute by address, until 2099-01-01"
    assert line in text
    assert "Anybody" not in welcome(acme())


def test_a_call_without_a_key_is_answered_where_anybody_may_make_it() -> None:
    def without_a_key(shown: Shown) -> str:
        return next(c.expect for c in calls(shown, CALLERS) if c.shows == "the same without a key")

    assert without_a_key(acme()).startswith("401")
    assert without_a_key(opened("GET /payments")).startswith("200")
