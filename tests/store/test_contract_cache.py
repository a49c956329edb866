"""What came of reading contracts, on disk."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.contract_memory import Judged
from forecourt.contract.model import AudienceMark, JudgedElsewhere
from forecourt.diagnostics import Diagnostic, Severity, Span
from forecourt.estate.audience import Audience
from forecourt.governance import ContractFacts, UncoveredFact
from forecourt.store import contract_cache
from forecourt.store.contract_cache import ContractCache, cache_folder, code_digest

_PATH, _DIGEST = "apis/payments/v1.openapi.yaml", "a" * 64


def judged(message: str = "no path offers an operation") -> Judged:
    return Judged(
        inputs={_PATH: _DIGEST, "apis/payments/schemas/money.yaml": ""},
        facts=ContractFacts(
            path=_PATH,
            marks=(AudienceMark(audience=Audience.PARTNER, around=None, span=Span(_PATH, 3, 1)),),
        ),
        diagnostics=(
            Diagnostic(
                code="FC105",
                name="no-operations",
                severity=Severity.WARNING,
                message=message,
                span=Span(_PATH, 4, 1),
            ),
        ),
        elsewhere=(
            JudgedElsewhere(
                method="POST",
                template="/payments",
                part="body application/json",
                reason="pattern: it looks ahead",
                span=Span(_PATH, 5, 1),
            ),
        ),
    )


def a_cache(folder: Path, code: str = "1") -> ContractCache:
    return ContractCache(folder / "cache", code=code)


def entries(folder: Path) -> list[Path]:
    return sorted((folder / "cache").iterdir())


def test_recalls_what_it_was_told(tmp_path: Path) -> None:
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged())
    assert a_cache(tmp_path).recall(_PATH, _DIGEST) == judged()


@pytest.mark.parametrize(
    ("code", "path", "digest"),
    [("2", _PATH, _DIGEST), ("1", "apis/b/v1.openapi.yaml", _DIGEST), ("1", _PATH, "b" * 64)],
    ids=["another release", "another path", "another text"],
)
def test_knows_nothing_of(tmp_path: Path, code: str, path: str, digest: str) -> None:
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged())
    assert a_cache(tmp_path, code).recall(path, digest) is None


@given(data=st.data())
def test_a_damaged_entry_is_a_miss(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    a_cache(folder).remember(_PATH, _DIGEST, judged())
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], b""])
    )
    entry.write_bytes(damaged)
    assert a_cache(folder).recall(_PATH, _DIGEST) is None


@pytest.mark.parametrize(
    "content",
    [b"{}", b"null", b'{"inputs": {}, "facts": null, "diagnostics": [{}]}', b"\xff", b"["],
)
def test_a_whole_entry_that_is_something_else_is_a_miss(tmp_path: Path, content: bytes) -> None:
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged())
    (entry,) = entries(tmp_path)
    entry.write_bytes(contract_cache.sha256(content).digest() + content)
    assert a_cache(tmp_path).recall(_PATH, _DIGEST) is None


def test_what_another_user_wrote_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged())
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert a_cache(tmp_path).recall(_PATH, _DIGEST) is None


def test_only_its_user_can_read_it(tmp_path: Path) -> None:
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged())
    (entry,) = entries(tmp_path)
    assert entry.stat().st_mode & 0o777 == 0o600
    assert entry.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_a_memory_that_forgets(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged())
    assert a_cache(tmp_path).recall(_PATH, _DIGEST) is None


def test_one_with_thousands_of_mistakes_is_not_kept(tmp_path: Path) -> None:
    a_cache(tmp_path).remember(_PATH, _DIGEST, judged("x" * contract_cache.MOST_BYTES_AN_ENTRY))
    assert not (tmp_path / "cache").exists()


def test_one_of_thousands_of_files_is_kept(tmp_path: Path) -> None:
    inputs = {
        f"apis/a/contract/resources/things/models/thing_{n}.yml": "a" * 64 for n in range(3_000)
    }
    whole = replace(judged(), inputs=inputs)
    a_cache(tmp_path).remember(_PATH, _DIGEST, whole)
    assert a_cache(tmp_path).recall(_PATH, _DIGEST) == whole


def test_those_not_used_for_longest_make_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract_cache, "MOST_ENTRIES", 3)
    monkeypatch.setattr(contract_cache, "_SWEPT_EVERY", 1)
    cache = a_cache(tmp_path)
    for number in range(3):
        cache.remember(_PATH, f"{number}", judged())
    for age, entry in enumerate(entries(tmp_path), 2):
        os.utime(entry, (age * 100_000, age * 100_000))
    assert cache.recall(_PATH, "0") is not None  # used, so it stays
    cache.remember(_PATH, "3", judged())
    cache.remember(_PATH, "4", judged())
    assert len(entries(tmp_path)) == 3
    assert cache.recall(_PATH, "0") is not None


def test_the_code_has_a_digest_of_its_own() -> None:
    assert code_digest() == code_digest()
    assert len(code_digest()) == 64


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/forecourt/contracts"),
        ({"HOME": "/h"}, "/h/.cache/forecourt/contracts"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/forecourt/contracts"),
        ({}, None),
    ],
    ids=["named", "at home", "not absolute", "nowhere"],
)
def test_lies_where_caches_lie(environ: dict[str, str], folder: str | None) -> None:
    found = cache_folder(environ)
    assert (None if found is None else str(found)) == folder


_UNCOVERED = (
    UncoveredFact(
        api="payments",
        older="1",
        newer="2",
        file="apis/payments/changes/2.yaml",
        where="GET /payments, response 200",
        message="`customer_id` is no longer sent",
        span=Span(_PATH, 3, 1),
    ),
)


@pytest.mark.parametrize("uncovered", [(), _UNCOVERED])
def test_recalls_what_was_proved(tmp_path: Path, uncovered: tuple[UncoveredFact, ...]) -> None:
    a_cache(tmp_path).remember_proof(_DIGEST, uncovered)
    assert a_cache(tmp_path).recall_proof(_DIGEST) == uncovered
    assert a_cache(tmp_path).recall_proof("b" * 64) is None
    assert a_cache(tmp_path, code="2").recall_proof(_DIGEST) is None


def test_a_proof_that_was_changed_on_disk_is_not_believed(tmp_path: Path) -> None:
    a_cache(tmp_path).remember_proof(_DIGEST, _UNCOVERED)
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:32] + b"[]")
    assert a_cache(tmp_path).recall_proof(_DIGEST) is None
