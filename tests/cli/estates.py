"""An estate in a folder, published without Envoy, for verbs that act on what is published."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import Result

from forecourt.actions.publish import Published, Unchanged
from forecourt.bootstrap import opened_world, publisher
from forecourt.settings import read_settings
from forecourt.state_folder import make_state_folder
from tests.actions.publishing import some_files
from tests.cli.command import forecourt


class Estate:
    """Public `payments`, internal `users`, service `orders`, partner `acme-corp`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        for name in ("FORECOURT_STATE", "FORECOURT_DATABASE_URL", "FORECOURT_OPERATIONS"):
            monkeypatch.delenv(name, raising=False)
        for path, text in some_files().items():
            self.write(path, text)
        monkeypatch.chdir(folder)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def publish(self) -> Published | Unchanged:
        """As `up --local` does after a save."""

        async def run() -> Published | Unchanged:
            settings = read_settings(self.folder, local=True)
            make_state_folder(settings.state)
            (settings.state / "local").mkdir(exist_ok=True)
            async with opened_world(settings) as world:
                return (await publisher(world).publish(who="ada", because="saved")).outcome

        return asyncio.run(run())

    def run(self, *arguments: str) -> Result:
        return forecourt(*arguments)

    def served(self, listener: str = "external") -> str:
        """The routes that are served."""
        path = self.folder / ".forecourt" / "current" / f"routes-{listener}.json"
        return path.read_text()
