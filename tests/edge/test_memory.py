"""The smallest limit on memory that a process is under."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.edge.memory import memory_of_machine

_MB = 1 << 20


def a_machine(root: Path, groups: str | None, **limits: str) -> Path:
    """One of 8 GB. `limits` are what files of `sys/fs/cgroup` hold, by path, `__` for `/`."""
    files = {"proc/meminfo": "MemFree: 1 kB\nMemTotal:        8388608 kB\n"}
    if groups is not None:
        files["proc/self/cgroup"] = groups
    files |= {f"sys/fs/cgroup/{p.replace('__', '/')}": text for p, text in limits.items()}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        (None, {}, 8192),
        ("0::/\n", {}, 8192),
        ("0::/a/b\n", {"a__b__memory.max": "max\n"}, 8192),
        ("0::/a/b\n", {"a__b__memory.max": f"{512 * _MB}\n"}, 512),
        ("0::/a/b\n", {"a__b__memory.max": "max", "a__memory.max": f"{256 * _MB}"}, 256),
        ("0::/a\n", {"a__memory.max": "max", "a__memory.high": f"{200 * _MB}"}, 200),
        ("\nnothing of the kind\n0::/a\n", {"a__memory.max": f"{512 * _MB}"}, 512),
        ("0::/gone\n", {"memory.max": f"{300 * _MB}\n"}, 300),
        ("0::/a\n", {"a__memory.max": f"{9000 * _MB}\n"}, 8192),
        ("4:memory:/a\n", {"memory__a__memory.limit_in_bytes": f"{512 * _MB}\n"}, 512),
        ("4:memory:/a\n", {"memory__a__memory.limit_in_bytes": "9223372036854771712"}, 8192),
        ("4:cpu,memory:/a\n0::/\n", {"memory__memory.limit_in_bytes": f"{64 * _MB}"}, 64),
        ("4:cpu:/a\n", {"memory__a__memory.limit_in_bytes": f"{64 * _MB}"}, 8192),
    ],
    ids=[
        *("no control groups", "no limit", "a limit that is none", "its own group", "one around"),
        *(
            "one that is slowed down",
            "lines that say nothing",
            "a container",
            "more than there is",
            "version 1",
            "none in version 1",
        ),
        *("a container of version 1", "another controller's group"),
    ],
)
def test_finds(tmp_path: Path, groups: str | None, limits: dict[str, str], expected: int) -> None:
    assert memory_of_machine(a_machine(tmp_path, groups, **limits)) == expected * _MB


def test_knows_this_machine() -> None:
    assert 64 * _MB < memory_of_machine() < 1 << 50
