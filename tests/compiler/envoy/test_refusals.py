"""A refusal that waits for no body carries what every answer does, and the edge's own problem."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forecourt.compiler.envoy.refusals import (
    NAMESPACE,
    PROBLEM_KEY,
    REFUSED_HEADER,
    refusals_filter,
)
from forecourt.edge.code import LUA_FOLDER
from tests.compiler.envoy.test_filters import a_vantage


def policy(spelled: Any) -> Any:
    tree = spelled["typed_config"]["custom_response_matcher"]["matcher_tree"]
    assert tree["input"]["typed_config"]["header_name"] == REFUSED_HEADER
    return tree["exact_match_map"]["map"]["yes"]["action"]["typed_config"]


@pytest.mark.parametrize("is_mesh", [False, True], ids=["external", "internal"])
def test_carries_the_fields_of_every_answer(is_mesh: bool) -> None:
    fields = {
        field["header"]["key"]: field["header"]["value"]
        for field in policy(refusals_filter(a_vantage(is_mesh=is_mesh)))["response_headers_to_add"]
    }
    assert ("strict-transport-security" in fields) is not is_mesh
    assert {"x-content-type-options", "content-security-policy", "ratelimit"} <= fields.keys()
    assert fields["cache-control"] == "no-store"
    assert fields["x-request-id"] == "%REQ(X-REQUEST-ID)%"


def test_says_what_the_edges_code_says() -> None:
    body = policy(refusals_filter(a_vantage()))["body_format"]
    key = f"%DYNAMIC_METADATA({NAMESPACE}:{PROBLEM_KEY})%"
    assert body["text_format_source"]["inline_string"] == key
    code = (LUA_FOLDER / "forecourt" / "replacing.lua").read_text()
    assert re.search(rf'set\("{NAMESPACE}", "{PROBLEM_KEY}"', code)
    assert f'replace("{REFUSED_HEADER}", "yes")' in code
