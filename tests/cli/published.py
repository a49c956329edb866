"""An estate whose callers are published, for verbs that ask who is declared."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from forecourt.actions.published import parts_from_callers
from forecourt.actions.revision import RevisionKind
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from tests.actions.builders import NOW, some_callers
from tests.cli.command import ORGANIZATION


def a_published_estate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with service `orders`, partner `acme-corp`, plan `free` and issuer `acme-id`."""
    (folder / "forecourt.yaml").write_text(ORGANIZATION)
    for name in ("FORECOURT_STATE", "FORECOURT_DATABASE_URL", "FORECOURT_OPERATIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder)

    async def publish() -> None:
        async with opened_world(read_settings(folder)) as world:
            await world.store.revisions.add(
                snapshot="digest",
                kind=RevisionKind.FIRST,
                at=NOW,
                who="test",
                because="",
                changed=dict(parts_from_callers(some_callers())),
            )

    asyncio.run(publish())
    return folder
