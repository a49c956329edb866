"""Locks between processes that share a state folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from forecourt.edge.locks import Taken, held

HOLD = """
import sys
from pathlib import Path
from forecourt.edge.locks import held
with held(Path(sys.argv[1]), wait=False):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "run" / "a.lock"
    with held(path, wait=False):
        with pytest.raises(Taken) as caught, held(path, wait=False):
            pytest.fail("it was held twice")
        assert caught.value.path == path
    with held(path, wait=False):
        pass


def test_is_free_again_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with pytest.raises(ValueError, match="inside"), held(path, wait=False):
        raise ValueError("inside")
    with held(path, wait=False):
        pass


def test_is_free_again_when_its_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(Taken), held(path, wait=False):
        pass
    process.kill()
    process.communicate()
    with held(path, wait=True):
        pass
