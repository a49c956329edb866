"""Files as they were in a revision of Git."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from forecourt.source.folder import ENDINGS
from forecourt.source.readable import LARGEST_FILE


class NoRevision(Exception):
    """There is no such revision here, or no such file in it."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@dataclass(slots=True, kw_only=True)
class RevisionFiles:
    """Reads what a revision has below a folder of a checkout, with `git`, and remembers it."""

    root: Path
    revision: str
    _contents: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """What stood at a path from the folder; None where there was nothing to read."""
        if not path.endswith(ENDINGS):
            return None
        if path not in self._contents:
            answer = _git(self.root, "cat-file", "blob", f"{self.revision}:./{path}")
            content = answer.stdout if answer.returncode == 0 else None
            is_small = content is not None and len(content) <= LARGEST_FILE
            self._contents[path] = content if is_small else None
        return self._contents[path]


def located_in(revision: str, path: str, here: Path) -> Path:
    """The file that `REVISION:PATH` means, in the checkout around a folder.

    As Git has it: from the checkout's root, or from this folder where it begins with `./`; from
    this folder, too, where the root has none. Raises NoRevision.
    """
    if revision.startswith("-"):  # an option, to Git
        raise NoRevision(f"`{revision}` is no revision")
    top = _git(here, "rev-parse", "--show-toplevel")
    if top.returncode:
        raise NoRevision(f"`{here}` is no checkout of Git, so there is no `{revision}`")
    root = Path(top.stdout.decode().rstrip("\n"))
    if _git(here, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").returncode:
        raise NoRevision(f"there is no revision `{revision}`; `git log` lists them")
    below_here = (here, f"{revision}:./{path.removeprefix('./')}")
    from_root = (root, f"{revision}:{path}")
    for folder, name in (below_here,) if path.startswith("./") else (from_root, below_here):
        if _git(folder, "cat-file", "-e", name).returncode == 0:
            return (folder / path).resolve()
    raise NoRevision(f"there is no `{path}` in `{revision}`")


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
