"""A document on disk, and the files that its references lead to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from forecourt.source.folder import ENDINGS, LARGEST_FILE


@dataclass(slots=True)
class DocumentFiles:
    """Reads files below a folder, and remembers what it read.

    What an estate would not read is not there: hidden files, other endings, files over 32 MB, and
    links that leave the folder.
    """

    root: Path
    contents: dict[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """What stands at a path from the folder, with `/`; None where there is nothing to read."""
        if not path.endswith(ENDINGS) or any(p.startswith(".") for p in path.split("/")):
            return None
        file = self.root / path
        try:
            if not file.resolve().is_relative_to(self.root.resolve()) or not file.is_file():
                return None
            if file.stat().st_size > LARGEST_FILE:
                return None
            data = file.read_bytes()
        except (OSError, ValueError):  # a name that no file system has
            return None
        self.contents[path] = data
        return data
