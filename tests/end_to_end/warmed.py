"""What the process that others are forked from (`warm`) has loaded."""

from __future__ import annotations

import gc

import forecourt.cli.up  # noqa: F401

# What is never looked at again is never copied.
gc.freeze()
