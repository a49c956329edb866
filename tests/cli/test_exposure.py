"""`forecourt exposure`: what is open outside, and a report that is signed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import told
from tests.cli.estates import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    return Estate(tmp_path, monkeypatch)


def report_of(said: str) -> Path:
    return Path(said.splitlines()[-1].removeprefix("report: "))


def test_what_was_published_is_closed(estate: Estate) -> None:
    estate.publish()
    result = estate.run("exposure", "--snapshot-only")
    assert result.exit_code == 0, told(result)
    assert "nothing is open" in result.stdout
    report = json.loads(report_of(result.stdout).read_text())
    assert report["revision"] == 1
    assert report["not_probed_because"] == "it was not asked to"


def open_by_hand(folder: Path) -> None:
    routes = folder / ".forecourt" / "current" / "routes-external.json"
    content = json.loads(routes.read_text())
    host = content["resources"][0]["virtual_hosts"][0]
    mock = {"cluster": "mock", "prefix_rewrite": "/users/"}
    host["routes"] = [{"match": {"prefix": "/hello/"}, "route": mock}]
    routes.write_text(json.dumps(content))


def test_what_was_opened_by_hand_is_named_and_the_command_fails(
    estate: Estate, tmp_path: Path
) -> None:
    estate.publish()
    open_by_hand(tmp_path)
    result = estate.run("exposure", "--snapshot-only")
    assert result.exit_code == 1, told(result)
    assert "/hello/" in result.stdout
    assert "the mock shows the document of the internal API `users`" in result.stdout
    assert json.loads(report_of(result.stdout).read_text())["openings"] == 1


def test_an_edge_that_does_not_run_cannot_be_asked(estate: Estate) -> None:
    estate.publish()
    result = estate.run("exposure", "--address", "127.0.0.1:1")
    assert result.exit_code == 3, told(result)
    assert "not all was asked: 127.0.0.1:1 cannot be reached" in result.stderr


def test_a_report_is_checked_by_the_gateways_key_or_by_one_that_was_kept(
    estate: Estate, tmp_path: Path
) -> None:
    estate.publish()
    path = report_of(estate.run("exposure", "--snapshot-only").stdout)
    keys = tmp_path / "keys.json"
    keys.write_text(estate.run("exposure", "keys").stdout)
    for options in ((), ("--keys", str(keys))):
        assert estate.run("exposure", "check", str(path), *options).exit_code == 0
    path.write_text(path.read_text().replace("Acme", "Acne"))
    for options in ((), ("--keys", str(keys))):
        result = estate.run("exposure", "check", str(path), *options)
        assert result.exit_code == 1
        assert "is not what that key signed" in result.stderr


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b"\xff", b'{"keys": 1}'], ids=repr)
def test_refuses_keys_that_are_none(estate: Estate, tmp_path: Path, content: bytes) -> None:
    estate.publish()
    path = report_of(estate.run("exposure", "--snapshot-only").stdout)
    keys = tmp_path / "keys.json"
    keys.write_bytes(content)
    result = estate.run("exposure", "check", str(path), "--keys", str(keys))
    assert result.exit_code == 2, told(result)
    assert "is no JWKS" in result.stderr


def test_a_signature_that_is_no_text_is_not_what_the_key_signed(estate: Estate) -> None:
    estate.publish()
    path = report_of(estate.run("exposure", "--snapshot-only").stdout)
    path.with_name(f"{path.name}.jws").write_bytes(b"\xff\xfe..")
    assert estate.run("exposure", "check", str(path)).exit_code == 1


@pytest.mark.parametrize("address", ["here", "127.0.0.1:", ":80", "h:99999"])
def test_refuses_an_address_that_is_none(estate: Estate, address: str) -> None:
    result = estate.run("exposure", "--address", address)
    assert result.exit_code == 2
    assert "which is not HOST:PORT" in result.stderr


def test_refuses_a_file_without_a_key(estate: Estate, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    result = estate.run("exposure", "--key", str(tmp_path / "empty"))
    assert result.exit_code == 2


def test_where_nothing_was_published_nothing_can_be_open(estate: Estate) -> None:
    result = estate.run("exposure")
    assert result.exit_code == 2
    assert "nothing was published yet" in result.stderr
