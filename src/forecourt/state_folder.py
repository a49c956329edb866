"""Where a gateway keeps what must outlive a restart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def state_folder(estate: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that `FORECOURT_STATE` names; without it, `.forecourt` in the estate's."""
    return Path(os.path.realpath(environ.get("FORECOURT_STATE") or estate / ".forecourt"))


def make_state_folder(state: Path) -> None:
    """The state folder, for its owner only, and never part of anybody's commit."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.chmod(0o700)  # one that was there may have been open to all
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("# keys and databases: not for Git\n*\n", encoding="utf-8")
