"""How the authorization server says no (RFC 6749, section 5.2)."""

from __future__ import annotations

import math

from starlette.responses import JSONResponse

# Whatever is said of a token is for one reader, once (RFC 6749, section 5.1).
NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}

_STATUS = {"invalid_client": 401, "temporarily_unavailable": 503}


class Refused(Exception):
    """A request is refused: `error` is the specification's word, `because` for whoever wrote the
    client; `wait` the seconds after which to try again."""

    def __init__(
        self, error: str, because: str, *, status: int | None = None, wait: float | None = None
    ) -> None:
        super().__init__(because)
        self.error = error
        self.because = because
        self.status = status or _STATUS.get(error, 400)
        self.wait = wait


def refusal(refused: Refused, *, realm: str) -> JSONResponse:
    """The answer."""
    headers = dict(NO_STORE)
    if refused.status == 401:
        headers["www-authenticate"] = f'Basic realm="{realm}", charset="UTF-8"'
    if refused.wait is not None:
        headers["retry-after"] = str(max(1, math.ceil(refused.wait)))
    said = {"error": refused.error, "error_description": refused.because}
    return JSONResponse(said, refused.status, headers)
