"""What the person at the other end can see: a terminal or a pipe, colours or none."""

from __future__ import annotations

import os
import sys


def is_terminal() -> bool:
    """Whether stdout is looked at by a person."""
    return sys.stdout.isatty()


def wants_colour() -> bool:
    """Whether to paint: on a terminal, unless `NO_COLOR` says otherwise (https://no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR")
