"""Files as they were in a revision of Git."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from posixpath import normpath

from forecourt.actions.git_revision import NoRevision, Revision
from forecourt.source.folder import ENDINGS
from forecourt.source.readable import LARGEST_FILE


@dataclass(slots=True, kw_only=True)
class RevisionFiles:
    """Reads what a revision has below a folder of its checkout, and remembers it.

    As in a folder on disk, links are followed, and one that leaves the folder leads to nothing.
    """

    root: Path
    revision: Revision
    _contents: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """What stood at a path from the folder; None where there was nothing to read."""
        if not path.endswith(ENDINGS):
            return None
        if path not in self._contents:
            self._contents[path] = self._content(path)
        return self._contents[path]

    def _content(self, path: str) -> bytes | None:
        written = _written(self.revision, self.root / path)
        inside = None if written is None else self.revision.followed(written)
        if inside is None or not (self.revision.top / inside).is_relative_to(self.root):
            return None
        return self.revision.content(inside, LARGEST_FILE)


def located_in(revision: Revision, path: str, here: Path) -> Path:
    """The file that `REVISION:PATH` means, past the links of that revision.

    As Git has it: from the checkout's root, or from this folder where it begins with `./`; from
    this folder, too, where the root has none. Raises NoRevision.
    """
    below_here = _written(revision, here.resolve() / path)
    from_root = _written(revision, revision.top / path)
    for written in (below_here,) if path.startswith("./") else (from_root, below_here):
        if written is None or not revision.has(written):
            continue
        inside = revision.followed(written)
        if inside is None:
            why = "is a link that leads to nothing in the checkout"
            raise NoRevision(f"`{path}` in `{revision.name}` {why}")
        return revision.top / inside
    raise NoRevision(f"there is no `{path}` in `{revision.name}`")


def _written(revision: Revision, path: Path) -> str | None:
    """The path from the checkout's root as it is written; None where that is out of it."""
    plain = Path(normpath(path))
    if not plain.is_relative_to(revision.top):
        return None
    return plain.relative_to(revision.top).as_posix()
