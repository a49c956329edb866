"""A key is nowhere in what is kept."""

from __future__ import annotations

from pathlib import Path

from forecourt.actions.api_key import SHOWN
from forecourt.actions.issue_key import KeyIssued, KeyRequest, issue_key
from forecourt.actions.revoke_key import revoke_key
from forecourt.store.opening import opened_store
from forecourt.store.url import database_url
from tests.actions.builders import ADA, a_record, a_revocation, chance, some_callers


async def test_a_key_is_in_no_file_of_the_database(tmp_path: Path) -> None:
    async with opened_store(database_url(f"sqlite:///{tmp_path}/store.db")) as store:
        issued = await issue_key(
            KeyRequest(owner=ADA, application="shop"),
            callers=some_callers(),
            store=store.credentials,
            record=a_record(),
            entropy=chance(),
        )
        assert isinstance(issued, KeyIssued)
        await revoke_key(issued.key, store=store.credentials, revocation=a_revocation())
        during = _everything_in(tmp_path)
    after = (tmp_path / "store.db").read_bytes()
    body = issued.key[SHOWN:].encode()
    for kept in (during, after):
        assert issued.held.credential.prefix.encode() in kept  # the search would find it
        assert issued.key.encode() not in kept
        assert body not in kept
        assert body[:8] not in kept


def _everything_in(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.iterdir())
