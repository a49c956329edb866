"""A network of its own for a second machine's gateway, which listens on the same addresses."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_SET_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Network:
    """`file` keeps it."""

    file: int

    @contextmanager
    def entered(self) -> Iterator[None]:
        """What this thread opens or starts in the block is in it. Unix sockets are everywhere."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            _checked(_LIBC.setns(self.file, _NEW_NETWORK))
            try:
                yield
            finally:
                _checked(_LIBC.setns(before, _NEW_NETWORK))
        finally:
            os.close(before)


@contextmanager
def another_network() -> Iterator[Network]:
    """With a loopback. Skips the test where this user may make none."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        if _LIBC.unshare(_NEW_NETWORK) != 0:
            if ctypes.get_errno() in (errno.EPERM, errno.ENOSYS):
                pytest.skip("only root makes a second network")
            raise OSError(ctypes.get_errno(), "unshare")
        file = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            with socket.socket() as any_socket:
                up = struct.pack("16sh22x", b"lo", _UP)
                fcntl.ioctl(any_socket, _SET_FLAGS, up)
        finally:
            _checked(_LIBC.setns(here, _NEW_NETWORK))
        try:
            yield Network(file)
        finally:
            os.close(file)
    finally:
        os.close(here)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
