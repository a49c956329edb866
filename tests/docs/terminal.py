"""A shell in a terminal of its own, for commands that pages tell people to type."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_MARK = "\x1eended\x1e"


class Terminal:
    """A `bash` whose output goes to a terminal; variables and functions last."""

    def __init__(self, shell: subprocess.Popen[bytes], screen: int) -> None:
        self._shell = shell
        self._screen = screen

    def types(self, command: str) -> str:
        """What a command prints, on both streams."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{command}\nprintf '%b' '\\036ended\\036'\n".encode())
        self._shell.stdin.flush()
        said = b""
        while not said.endswith(_MARK.encode()):
            said += os.read(self._screen, 65536)
        return said.decode().removesuffix(_MARK).replace("\r\n", "\n")


@contextmanager
def a_terminal(folder: Path, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """One that stands in a folder, with this program's `forecourt` on its path."""
    screen, end = pty.openpty()
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    plain = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    shell = subprocess.Popen(
        ["bash", "--noprofile", "--norc"],
        stdin=subprocess.PIPE,
        stdout=end,
        stderr=end,
        cwd=folder,
        env={**plain, **environment, "PATH": programs, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    os.close(end)
    try:
        yield Terminal(shell, screen)
    finally:
        shell.kill()
        shell.wait()
        if shell.stdin is not None:
            shell.stdin.close()
        os.close(screen)
