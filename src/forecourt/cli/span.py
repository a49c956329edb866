"""A span of time on the command line."""

from __future__ import annotations

import re
from datetime import timedelta

from forecourt.cli.exit_codes import ExitCode, refuse

_SPAN = re.compile(r"([0-9]{1,5})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def span_of(text: str, option: str) -> timedelta:
    """`90m`, `24h` or `90d`, as `option` gave it."""
    written = _SPAN.fullmatch(text.strip())
    if written is None:
        refuse(
            f"`{option}` is `{text}`, which is no span of time; write it as 90m, 24h or 90d",
            ExitCode.USAGE,
        )
    return timedelta(**{_UNITS[written[2]]: int(written[1])})
