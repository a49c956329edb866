"""The limiter: buckets by application, no limit in the configuration."""

from __future__ import annotations

from typing import Any

from forecourt.compiler.envoy.rate_limit import bucket_filter
from forecourt.compiler.ir.bucket import LADDER, UNITS_PER_MINUTE

CONFIG: Any = bucket_filter()["typed_config"]


def test_has_a_bucket_for_every_rung_and_caller() -> None:
    descriptors = CONFIG["descriptors"]
    assert [d["entries"][0] for d in descriptors] == [
        {"key": "rung", "value": str(i)} for i in range(len(LADDER))
    ]
    assert all(d["entries"][1] == {"key": "of"} for d in descriptors), "whoever it is"


def test_every_bucket_refills_alike_and_holds_what_its_rung_says() -> None:
    for descriptor, ratio in zip(CONFIG["descriptors"], LADDER, strict=True):
        bucket = descriptor["token_bucket"]
        assert bucket["tokens_per_fill"] == UNITS_PER_MINUTE
        assert bucket["fill_interval"] == "60s"
        assert bucket["max_tokens"] == round(UNITS_PER_MINUTE * ratio) >= 1


def test_what_names_no_cost_does_not_pass() -> None:
    assert CONFIG["token_bucket"] == {
        "max_tokens": 1,
        "tokens_per_fill": 1,
        "fill_interval": "3600s",
    }
    assert CONFIG["always_consume_default_token_bucket"] is False


def test_is_on_for_everybody() -> None:
    for switch in ("filter_enabled", "filter_enforced"):
        assert CONFIG[switch]["default_value"]["numerator"] == 100
