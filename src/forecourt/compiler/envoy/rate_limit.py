"""One token bucket an application, shared by all workers; the gate names the cost of a request.

No limit stands in the configuration. A bucket holds units, sixty million a minute, and a request
costs as many as the caller's limit makes it: changing a limit is news to the gate, not to Envoy.
"""

from __future__ import annotations

from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.ir.bucket import LADDER, UNITS_PER_MINUTE

BUCKET_HEADER, RUNG_HEADER, COST_HEADER = "forecourt-bucket", "forecourt-rung", "forecourt-cost"

# The most buckets that live at once, about 500 bytes each; the least recently used goes first, and
# its caller then starts with a full one.
MOST_BUCKETS = 100_000


def bucket_filter() -> Json:
    """The limiter. Its default bucket is nearly empty, so what names no cost does not pass."""
    return extension(
        "envoy.filters.http.local_ratelimit",
        "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        {
            "stat_prefix": "buckets",
            "filter_enabled": {"default_value": {"numerator": 100}},
            "filter_enforced": {"default_value": {"numerator": 100}},
            "enable_x_ratelimit_headers": "DRAFT_VERSION_03",
            "max_dynamic_descriptors": MOST_BUCKETS,
            "always_consume_default_token_bucket": False,
            "token_bucket": {"max_tokens": 1, "tokens_per_fill": 1, "fill_interval": "3600s"},
            "rate_limits": [
                {
                    "actions": [
                        _from_header(RUNG_HEADER, "rung"),
                        _from_header(BUCKET_HEADER, "of"),
                    ],
                    "hits_addend": {"format": f"%REQ({COST_HEADER})%"},
                }
            ],
            "descriptors": [_rung(i, ratio) for i, ratio in enumerate(LADDER)],
        },
    )


def _from_header(header: str, key: str) -> Json:
    return {"request_headers": {"header_name": header, "descriptor_key": key}}


def _rung(index: int, ratio: float) -> Json:
    return {
        "entries": [{"key": "rung", "value": str(index)}, {"key": "of"}],
        "token_bucket": {
            "max_tokens": round(UNITS_PER_MINUTE * ratio),
            "tokens_per_fill": UNITS_PER_MINUTE,
            "fill_interval": "60s",
        },
    }
