"""What the control plane and a process of its own say to each other: sizes, then bytes."""

from __future__ import annotations

import struct
from typing import BinaryIO

# Of a frame: four bytes, the highest first.
SIZE = struct.Struct(">I")


def frame(content: bytes) -> bytes:
    """Its bytes, with their size before them."""
    return SIZE.pack(len(content)) + content


def next_frame(stream: BinaryIO) -> bytes | None:
    """What was said next, without its size; None where whoever said it is gone."""
    size = stream.read(SIZE.size)
    if len(size) < SIZE.size:
        return None
    (length,) = SIZE.unpack(size)
    return stream.read(length)
