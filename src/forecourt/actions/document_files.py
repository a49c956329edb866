"""A document on disk, and the files that its references lead to."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from forecourt.diagnostics import Diagnostic
from forecourt.source.folder import ENDINGS
from forecourt.source.readable import content_of


@dataclass(slots=True)
class DocumentFiles:
    """Reads files below a folder, and remembers what it read.

    What an estate would not read is not there: hidden files, other endings, and links that leave
    the folder. `mistakes` are about what is there and is too large, or no file.
    """

    root: Path
    contents: dict[str, bytes] = field(default_factory=dict)
    mistakes: list[Diagnostic] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        """What stands at a path from the folder, with `/`; None where there is nothing to read."""
        if not path.endswith(ENDINGS) or any(p.startswith(".") for p in path.split("/")):
            return None
        file = self.root / path
        try:
            root = os.path.realpath(self.root)
            if not Path(os.path.realpath(file)).is_relative_to(root) or file.is_dir():
                return None
            data = content_of(file, path)
        except (OSError, ValueError):  # a name that no file system has
            return None
        if isinstance(data, Diagnostic):
            self.mistakes.append(data)
            return None
        self.contents[path] = data
        return data
