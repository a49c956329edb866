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


def _program(called: str) -> str:
    """How this program was called, unless its name alone would find it."""
    if Path(called).name != _PROGRAM:
        return _PROGRAM
    found = shutil.which(_PROGRAM)
    if found is not None and Path(found).resolve() == Path(called).resolve():
        return _PROGRAM
    return path_here(Path(called).absolute())
