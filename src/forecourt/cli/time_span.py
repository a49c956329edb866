"""How long something takes, as it is typed: `30m`, `24h`, `7d`."""

from __future__ import annotations

import re
from datetime import timedelta

from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.render import printable

_SPAN = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def time_span(option: str, text: str) -> timedelta:
    """The span; ends the command where it is none."""
    read = _SPAN.fullmatch(text.strip())
    if read is None:
        refuse(
            f"`{option}` is `{printable(text)}`, which is no time; write it as 30m, 24h or 7d",
            ExitCode.USAGE,
        )
    return timedelta(seconds=int(read[1]) * _SECONDS[read[2]])
