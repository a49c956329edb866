"""From the command to the first answer, on `examples/acme`: `python -m bench.start`.

With `--install` also the installation into a new environment, once with nothing cached and once
with what that left behind.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import rig

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--starts", type=int, default=5)
    arguments.add_argument("--install", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="fc-start-") as name:
        folder = Path(name)
        if given.install:
            cache = folder / "cache"
            for state in ("cold", "warm"):
                print(f"install, {state} package cache: {install(folder / state, cache):.1f} s")
        shutil.copytree(ROOT / "examples/acme", folder / "acme", ignore=_state)
        port = rig.free_port()
        config = folder / "acme" / "forecourt.yaml"
        text = config.read_text().replace(":8443", f":{port}")
        config.write_text(text.replace(":9443", f":{rig.free_port()}"))
        first = serve(folder / "acme", port)
        later = [serve(folder / "acme", port) for _ in range(given.starts)]
        print(f"first start, keys and certificates made: {first:.2f} s")
        print(f"later starts: {statistics.median(later):.2f} s (at most {max(later):.2f} s)")
    return 1 if rig.missed("a start, in seconds", statistics.median(later), 3) else 0


def install(folder: Path, cache: Path) -> float:
    """Seconds for what `make up` installs, into a new environment."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--cache-dir", str(cache)]
    lock = str(ROOT / "requirements.lock")
    subprocess.run([*pip, "-r", lock], check=True, stderr=subprocess.DEVNULL)
    own = ["--no-deps", "--no-build-isolation", str(ROOT)]
    subprocess.run([*pip, *own], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def serve(estate: Path, port: int) -> float:
    """Seconds from the command until a connection is answered."""
    environment = {"FORECOURT_OPERATIONS": f"127.0.0.1:{rig.free_port()}"}
    command = [sys.executable, "-m", "forecourt", "up", "--local", str(estate)]
    began = time.perf_counter()
    with rig.process(command, env=environment):
        rig.wait_for_port(port)
        return time.perf_counter() - began


def _state(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == ".forecourt"]


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
