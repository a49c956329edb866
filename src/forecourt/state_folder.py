"""Where a gateway keeps what must outlive a restart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def state_folder(estate: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that `FORECOURT_STATE` names; without it, `.forecourt` in the estate's."""
    return Path(os.path.realpath(environ.get("FORECOURT_STATE") or estate / ".forecourt"))
