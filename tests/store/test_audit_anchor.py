"""The file that remembers where the audit log ended."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from forecourt.actions.audit import AuditHead
from forecourt.store.audit_anchor import AuditAnchor, UnreadableAnchor
from forecourt.store.opening import opened_store
from forecourt.store.url import database_url
from tests.store.test_audit import token

HEAD = AuditHead(epoch="e", number=3, hash="ab")


@pytest.fixture
def anchor(tmp_path: Path) -> AuditAnchor:
    return AuditAnchor(tmp_path / "anchor.json")


def test_knows_nothing_before_it_was_told(anchor: AuditAnchor) -> None:
    assert anchor.known() is None


def test_moves_forward_only(anchor: AuditAnchor) -> None:
    later = replace(HEAD, number=4, hash="cd")
    for head in (HEAD, later, HEAD):
        anchor.keep(head)
    assert anchor.known() == later


def test_does_not_follow_another_database(anchor: AuditAnchor) -> None:
    anchor.keep(HEAD)
    anchor.keep(replace(HEAD, epoch="other", number=9))
    assert anchor.known() == HEAD


def test_is_for_its_owner_alone(anchor: AuditAnchor, tmp_path: Path) -> None:
    anchor.keep(HEAD)
    assert stat.S_IMODE((tmp_path / "anchor.json").stat().st_mode) == 0o600


def test_one_that_was_broken_is_kept_as_evidence(anchor: AuditAnchor, tmp_path: Path) -> None:
    (tmp_path / "anchor.json").write_text("{}")
    with pytest.raises(UnreadableAnchor, match="names no end"):
        anchor.keep(HEAD)
    assert (tmp_path / "anchor.json").read_text() == "{}"


async def test_an_act_that_cannot_be_anchored_is_done_and_said_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "anchor.json").mkdir()
    url = database_url(f"sqlite:///{tmp_path}/store.db")
    with capture_logs() as logs:
        async with opened_store(url, anchor=tmp_path / "anchor.json") as store:
            await token(store)
            assert (await store.audit.head()).number == 1
    assert [line["event"] for line in logs] == ["cannot anchor the audit log"]
