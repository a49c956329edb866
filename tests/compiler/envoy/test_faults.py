"""The filter of the way out: which answers meet it, and what it loads."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.envoy.faults import FAULTS_FILTER, faults_filter
from tests.compiler.envoy.test_filters import a_vantage


def config() -> Any:
    return faults_filter(a_vantage())["typed_config"]


@pytest.mark.parametrize("status", ["1xx", "2xx", "3xx", "4xx"])
def test_envoy_skips_it_natively_for(status: str) -> None:
    """Unless the request has a place to give back."""
    tree = config()["xds_matcher"]["matcher_tree"]
    assert tree["input"]["typed_config"]["@type"].endswith("HttpResponseStatusCodeClassMatchInput")
    nested = tree["exact_match_map"]["map"][status]["matcher"]["matcher_list"]["matchers"]
    (only,) = nested
    asked = only["predicate"]["single_predicate"]
    assert asked["input"]["typed_config"]["path"] == [{"key": "place"}]
    assert asked["custom_match"]["typed_config"]["invert"] is True
    assert only["on_match"]["action"]["typed_config"]["@type"].endswith("SkipFilter")


def test_nothing_else_is_skipped() -> None:
    """5xx, and whatever has no class: what is not in the map meets the filter."""
    matcher = config()["xds_matcher"]
    assert set(matcher["matcher_tree"]["exact_match_map"]["map"]) == {"1xx", "2xx", "3xx", "4xx"}
    assert "on_no_match" not in matcher


def test_closes_what_it_cannot_hide() -> None:
    inner = config()["extension_config"]
    assert inner["name"] == FAULTS_FILTER
    source = inner["typed_config"]["default_source_code"]["inline_string"]
    assert "if not pcall(faults.hide, handle) then closed.close(handle) end" in source
    assert "envoy_on_request" not in source
