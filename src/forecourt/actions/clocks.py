"""How long what has ended is remembered, since clocks are set."""

from __future__ import annotations

from datetime import timedelta

# A clock that is an hour ahead, and set right again, must not bring back what was forgotten as
# ended meanwhile: a token that was taken back, an assertion that was used, a block.
SET_BACK = timedelta(hours=2)
