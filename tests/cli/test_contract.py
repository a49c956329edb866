"""`forecourt contract`: a projection as OpenAPI, printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forecourt.contract import read_contract
from tests.cli.command import forecourt, told

ACME = Path(__file__).parents[2] / "examples" / "acme"


def printed(*arguments: str) -> str:
    result = forecourt("contract", *arguments, "--estate", str(ACME))
    assert result.exit_code == 0, told(result)
    return result.stdout


@pytest.mark.parametrize("api", ["payments@1", "payments@2", "analytics", "users"])
def test_prints_a_document_in_which_nothing_is_wrong(api: str) -> None:
    for text, path in ((printed(api), "a.yaml"), (printed(api, "--format", "json"), "a.json")):
        contract, found = read_contract(text, path)
        assert contract is not None
        assert found == ()
        assert contract.operations


def test_yaml_and_json_say_the_same_and_say_it_again() -> None:
    in_yaml, in_json = (
        printed("payments", "--audience", "public", "--format", f) for f in ("yaml", "json")
    )
    one, other = (read_contract(t, "a.yaml")[0] for t in (in_yaml, in_json))
    assert one is not None
    assert other is not None
    assert json.loads(one.document) == json.loads(other.document)
    assert printed("payments", "--audience", "public") == in_yaml


def test_the_server_is_where_the_version_stands() -> None:
    assert json.loads(printed("payments@1", "--format", "json"))["servers"] == [{"url": "/v1"}]


def test_what_cannot_be_shown_is_said() -> None:
    result = forecourt("contract", "users", "--audience", "public", "--estate", str(ACME))
    assert result.exit_code == 2
    assert "public callers see nothing of `users`" in result.stderr


def test_a_contract_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "forecourt.yaml").write_text("organization: A\n")
    (tmp_path / "apis/users").mkdir(parents=True)
    (tmp_path / "apis/users/api.yaml").write_text(
        "name: users\naudience: internal\nowner: {team: a}\nupstream: {url: http://a.svc}\n"
        "contract: openapi.yaml\n"
    )
    (tmp_path / "apis/users/openapi.yaml").write_text("swagger: '2.0'\n")
    result = forecourt("contract", "users", "--estate", str(tmp_path))
    assert result.exit_code == 1
    assert "`apis/users/openapi.yaml` cannot be read; see `forecourt check`" in result.stderr
