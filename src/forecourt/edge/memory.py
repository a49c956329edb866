"""How much memory this machine lets its processes have: the machine's own, or its cgroup's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# A limit above this is none: version 1 writes a number near 2^63 where no limit was set.
_NONE = 1 << 60
_KB = 1024


def memory_of_machine(root: Path = Path("/")) -> int:
    """The smallest of the machine's memory and every limit that this process is under, in bytes.

    Reads `/proc/meminfo`, `/proc/self/cgroup` and the control groups of both versions (cgroups(7));
    a limit that cannot be read is none. Raises `OSError` where there is no `/proc/meminfo`.
    """
    return min(_installed(root), *_limits(root), _NONE)


def _installed(root: Path) -> int:
    lines = (root / "proc/meminfo").read_text().splitlines()
    (total,) = (line.split()[1] for line in lines if line.startswith("MemTotal:"))
    return int(total) * _KB


def _limits(root: Path) -> Iterator[int]:
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for group in groups:
        if group.count(":") < 2:
            continue
        _, controllers, path = group.split(":", 2)
        if not controllers:
            for name in ("memory.max", "memory.high"):
                yield from _along(root / "sys/fs/cgroup", path, name)
        elif "memory" in controllers.split(","):
            yield from _along(root / "sys/fs/cgroup/memory", path, "memory.limit_in_bytes")


def _along(mounted: Path, path: str, name: str) -> Iterator[int]:
    """The limits of a group and of those around it.

    In a container its own group is mounted at the top, whatever the path says.
    """
    within = PurePosixPath(path.lstrip("/"))
    for group in (within, *within.parents):
        try:
            text = (mounted / group / name).read_text().strip()
        except OSError:
            continue
        if text.isdigit() and int(text) < _NONE:
            yield int(text)
