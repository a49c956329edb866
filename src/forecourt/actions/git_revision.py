"""A revision of Git: what stands at a path of it, past the links that it holds itself."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

# As many as Linux follows in one path.
MOST_LINKS = 40
_LONGEST_PATH = 4096  # bytes, on Linux
_LINK = "120000"  # the mode of a link in a tree of Git


class NoRevision(Exception):
    """There is no such revision here, or no such file in it."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What a folder has under a name."""

    mode: str
    object: str
    size: int  # bytes; 0 of a folder


@dataclass(slots=True, kw_only=True)
class Revision:
    """A revision, in the checkout whose real root `top` is; each folder of it is listed once.

    Paths are from that root, with `/`. What the working tree has there is not asked.
    """

    name: str
    top: Path
    _listed: dict[str, dict[str, _Entry]] = field(default_factory=dict)

    def followed(self, path: str) -> str | None:
        """Where a path leads, past links; None where that is nothing, or out of the checkout."""
        ahead = path.split("/")[::-1]
        been: list[str] = []
        links = 0
        while ahead:
            step = ahead.pop()
            if step in {"", "."}:
                continue
            if step == "..":
                if not been:
                    return None
                been.pop()
                continue
            entry = self._folder("/".join(been)).get(step)
            if entry is None:
                return None
            if entry.mode != _LINK:
                been.append(step)
                continue
            links += 1
            if entry.size > _LONGEST_PATH or links > MOST_LINKS:
                return None
            target = os.fsdecode(self._blob(entry.object) or b"")
            if not target or target.startswith("/"):
                return None
            ahead.extend(target.split("/")[::-1])
        return "/".join(been)

    def has(self, path: str) -> bool:
        """Whether there is something under that very name, be it a link."""
        folder, _, name = path.rpartition("/")
        inside = self.followed(folder)
        return inside is not None and name in self._folder(inside)

    def content(self, path: str, most: int) -> bytes | None:
        """The content of a file, at a path past every link.

        None where there is none, or one of more than `most` bytes, which is not taken out of Git.
        """
        folder, _, name = path.rpartition("/")
        entry = self._folder(folder).get(name)
        if entry is None or entry.mode == _LINK or entry.size > most:
            return None
        return self._blob(entry.object)

    def _folder(self, path: str) -> dict[str, _Entry]:
        known = self._listed.get(path)
        if known is None:
            listed = git(self.top, "ls-tree", "-z", "-l", f"{self.name}:{path}")
            lines = listed.stdout.split(b"\0") if listed.returncode == 0 else []
            known = self._listed[path] = dict(_entry(line) for line in lines if line)
        return known

    def _blob(self, object: str) -> bytes | None:
        answer = git(self.top, "cat-file", "blob", object)
        return answer.stdout if answer.returncode == 0 else None


def _entry(line: bytes) -> tuple[str, _Entry]:
    """`MODE TYPE OBJECT SIZE<tab>NAME`, as `git ls-tree -z -l` has it; `-` is a folder's size."""
    said, _, name = os.fsdecode(line).partition("\t")
    mode, _, object, size = said.split()
    return name, _Entry(mode=mode, object=object, size=int(size) if size.isdigit() else 0)


def revision_of(name: str, here: Path) -> Revision:
    """The revision of that name, in the checkout around a folder. Raises NoRevision."""
    if name.startswith("-"):  # an option, to Git
        raise NoRevision(f"`{name}` is no revision")
    top = git(here, "rev-parse", "--show-toplevel")
    if top.returncode:
        raise NoRevision(f"`{here}` is no checkout of Git, so there is no `{name}`")
    commit = git(here, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if commit.returncode:
        raise NoRevision(f"there is no revision `{name}`; `git log` lists them")
    return Revision(name=name, top=Path(os.fsdecode(top.stdout).rstrip("\n")).resolve())


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """What Git answers in a folder."""
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
