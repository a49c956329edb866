"""Which files an estate's folder holds, whatever their kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from forecourt.actions.authority_file import AuthorityFile, authority_file
from forecourt.source.readable import content_of

# A bundle of authorities is some hundred kilobytes at most.
_MOST_BYTES = 1024 * 1024
_AUTHORITIES = (".pem", ".crt", ".cer")


def _nothing(_: str) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFiles:
    """The files of an estate that are not declarations, such as certificates.

    `paths` are from the estate's root. `content` gives what one holds; None where it cannot be
    read, is no regular file, or is far too large for a certificate.
    """

    paths: frozenset[str] = frozenset()
    content: Callable[[str], bytes | None] = _nothing


NO_OTHERS = OtherFiles()


def authority_digests(files: OtherFiles) -> dict[str, AuthorityFile]:
    """The digests of those that can be certificates; others left out."""
    return {
        path: authority_file(content)
        for path in files.paths
        if path.endswith(_AUTHORITIES)
        if (content := files.content(path)) is not None
    }


def files_below(root: Path) -> OtherFiles:
    """All files below the root, with `/`; hidden folders and files left out."""

    def content(path: str) -> bytes | None:
        try:
            data = content_of(root / path, path)
        except OSError:
            return None
        return data if isinstance(data, bytes) and len(data) <= _MOST_BYTES else None

    return OtherFiles(paths=frozenset(_paths_below(root)), content=content)


def _paths_below(root: Path) -> Iterable[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        at = Path(folder).relative_to(root)
        yield from ((at / name).as_posix() for name in files if not name.startswith("."))
