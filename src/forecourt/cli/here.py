"""What can be typed here: paths, and `forecourt` commands that work in this folder."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

_PROGRAM = "forecourt"


def path_here(path: Path) -> str:
    """As it is written from this folder, where that is shorter."""
    here = os.path.relpath(path)
    return here if len(here) < len(str(path)) else str(path)


def command_here(*words: str, estate: Path) -> str:
    """`forecourt WORDS`, with `--estate` where the estate is another folder."""
    elsewhere = estate.resolve() != Path.cwd()
    folder = ("--estate", path_here(estate.resolve())) if elsewhere else ()
    return shlex.join([_program(sys.argv[0]), *words, *folder])


def within_checkout(folder: Path) -> str:
    """The way to a folder from the root of the checkout it lies in, with `/`; "" where it is that.

    Where nothing was checked out, from this folder; "" where it lies elsewhere.
    """
    folder = folder.resolve()
    around = (folder, *folder.parents)
    root = next((each for each in around if (each / ".git").exists()), Path.cwd())
    if not folder.is_relative_to(root):
        return ""
    way = folder.relative_to(root).as_posix()
    return "" if way == "." else way


def _program(called: str) -> str:
    """How this program was called, unless its name alone would find it."""
    if Path(called).name != _PROGRAM:
        return _PROGRAM
    found = shutil.which(_PROGRAM)
    if found is not None and Path(found).resolve() == Path(called).resolve():
        return _PROGRAM
    return path_here(Path(called).absolute())
