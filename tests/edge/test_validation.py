"""The real Envoy is asked whether it would take a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forecourt.compiler.snapshot import Snapshot
from forecourt.edge import validation
from forecourt.edge.validation import SnapshotRefused, validate
from tests.edge.state import Ports, a_state_folder
from tests.governance.builders import an_api

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    with a_state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def made(state: Path) -> Snapshot:
    return Ports().publish(state, an_api(), an_api("users", "internal"))


def test_takes_what_we_make(made: Snapshot, state: Path) -> None:
    validate(made.files, state)


@pytest.mark.parametrize(
    ("file", "old", "new", "because"),
    [
        ("listeners.json", b'"stat_prefix"', b'"no_such_field"', "no_such_field"),
        ("listeners.json", b"http.rbac.v3.RBAC", b"http.no.such.Filter", "no.such.Filter"),
        ("listeners.json", b"function envoy_on_request", b"function (((", "script load error"),
        ("routes-external.json", b'"virtual_hosts"', b'"no_such_field"', "no_such_field"),
        ("clusters.json", b'"STRICT_DNS"', b'"NO_SUCH_TYPE"', "NO_SUCH_TYPE"),
        ("secret-external.json", b"tls/external.pem", b"tls/missing.pem", "tls/missing.pem"),
    ],
    ids=[
        "a field that is not there",
        "a filter that is not there",
        "Lua that does not load",
        "a field of a route that is not there",
        "a kind of cluster that is not there",
        "a certificate that is not there",
    ],
)
def test_refuses(
    made: Snapshot, state: Path, file: str, old: bytes, new: bytes, because: str
) -> None:
    assert old in made.files[file], "there is something to break"
    broken = {**made.files, file: made.files[file].replace(old, new)}
    with pytest.raises(SnapshotRefused) as caught:
        validate(broken, state)
    assert because in caught.value.because


def test_waits_no_longer_than_it_must(
    made: Snapshot, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "envoy"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(validation, "envoy_binary", lambda: slow)
    monkeypatch.setattr(validation, "_SECONDS", 0.1)
    with pytest.raises(SnapshotRefused, match=r"did not answer within 0\.1 s"):
        validate(made.files, state)


def test_leaves_the_state_folder_as_it_was(made: Snapshot, state: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in state.rglob("*")}
    validate(made.files, state)
    assert {path: path.stat().st_mtime_ns for path in state.rglob("*")} == before


def test_a_file_that_is_missing_is_a_bug_of_ours(made: Snapshot, state: Path) -> None:
    without = {name: text for name, text in made.files.items() if name != "clusters.json"}
    with pytest.raises(KeyError, match=r"clusters\.json"):
        validate(without, state)
