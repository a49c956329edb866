"""What a process may not do that runs functions of the estate.

That keeps mistakes in: a loop, a leak of memory, a call to somewhere. It is no sandbox: whoever can
write the estate's functions is trusted as much as whoever can write the estate.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress

# Of address space, most of which the interpreter takes for nothing.
MEMORY = 512 << 20

# Linux' sched.h: a user of its own, who may have a network of its own, with nothing in it.
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

# The interpreter's own names for what reaches out (docs.python.org, "Audit events table").
_FORBIDDEN = (
    "ctypes.",
    "os.chmod",
    "os.chown",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.putenv",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.symlink",
    "os.system",
    "os.truncate",
    "os.unsetenv",
    "os.utime",
    "pty.",
    "shutil.",
    "signal.pthread_kill",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "urllib.",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Forbidden(PermissionError):
    """The function reached out of its process."""


def confine() -> None:
    """Takes from this process what it need not have; for good, and as far as the platform can."""
    _bound(resource.RLIMIT_AS, MEMORY)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    with suppress(OSError, AttributeError):  # not every system gives such networks away
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK)
    os.chdir("/")
    sys.addaudithook(_refuse)


def _bound(what: int, most: int) -> None:
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise Forbidden(f"a function of the estate may not do this: {event}")
    if event == "open" and len(arguments) > 2 and _is_to_write(arguments[1], arguments[2]):
        raise Forbidden("a function of the estate may not write files")


def _is_to_write(mode: object, flags: object) -> bool:
    if isinstance(mode, str) and set(mode) & set("wax+"):
        return True
    return isinstance(flags, int) and bool(flags & _WRITES)
