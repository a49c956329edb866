"""Reports of exposure in the state folder: a document and its signature each, the newest kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from forecourt.edge.replacing import replace_file

_FOLDER = "reports/exposure"
_MOST = 200
_SUFFIX = ".json"
SIGNATURE_SUFFIX = ".jws"


class ExposureReports:
    """Files named by their moment: `2030-05-01T091240Z.json`, and `….json.jws` beside it."""

    def __init__(self, state: Path) -> None:
        self._folder = state / _FOLDER

    def keep(self, at: datetime, content: bytes, signed: str) -> Path:
        """Writes a report, its signature first, and removes those beyond the newest. Raises
        `OSError`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}{_SUFFIX}"
        replace_file(path.with_name(path.name + SIGNATURE_SUFFIX), signed.encode())
        replace_file(path, content)
        for old in self._all()[:-_MOST]:
            old.with_name(old.name + SIGNATURE_SUFFIX).unlink(missing_ok=True)
            old.unlink(missing_ok=True)
        return path

    def newest(self) -> Path | None:
        """The last report; None before the first."""
        found = self._all()
        return found[-1] if found else None

    def _all(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_SUFFIX}")) if self._folder.is_dir() else []
