"""What the table demands of an API, in words."""

from __future__ import annotations

from dataclasses import replace

from forecourt.estate.api import Api
from forecourt.estate.posture import Dimension
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.wording import worded


def demanded(dimension: Dimension, api: Api) -> str:
    """`` `path, header` ``: the value that the API's audience asks for."""
    value = dimension.values[api.audience].value
    if isinstance(value, RateLimit):
        value = replace(value, per_user=None)  # of a caller's limit: no API has persons of its own
    return f"`{worded(dimension, value)}`"


def whose(api: Api) -> str:
    """`a public API`, `an internal API`."""
    audience = api.audience.value
    return f"{'an' if audience[0] in 'aeiou' else 'a'} {audience} API"
