"""Answers that Envoy gives by itself, in the shape of ours."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.envoy.gate import MARK_KEY, MARK_PREFIX
from forecourt.compiler.envoy.problems import NATIVE, NativeProblem, local_replies

MAPPERS: Any = local_replies()["mappers"]

each_problem = pytest.mark.parametrize("problem", NATIVE, ids=lambda p: p.name)


def test_what_shares_a_name_reads_alike() -> None:
    said = {(p.name, p.status, p.title, p.detail) for p in NATIVE}
    assert len(said) == len({problem.name for problem in NATIVE})


def test_what_the_gate_wrote_is_left_as_it_is() -> None:
    """Envoy takes the first that fits."""
    first = MAPPERS[0]
    assert first["filter"]["metadata_filter"]["match_if_key_not_found"] is False
    assert first["body_format_override"]["text_format_source"]["inline_string"] == (
        "%LOCAL_REPLY_BODY%"
    )


def test_who_is_turned_away_reads_when_to_come_again() -> None:
    shed = MAPPERS[1]
    said = shed["filter"]["metadata_filter"]
    assert said["matcher"]["value"] == {"string_match": {"exact": "shed"}}
    assert said["match_if_key_not_found"] is False
    assert shed["status_code"] == 503
    headers = {h["header"]["key"]: h["header"]["value"] for h in shed["headers_to_add"]}
    assert headers == {"retry-after": "%REQ(FORECOURT-RETRY-AFTER)%", "cache-control": "no-store"}
    assert shed["body_format_override"] == MAPPERS[2]["body_format_override"], "as `overloaded`"


def test_no_two_are_asked_for_alike() -> None:
    """Envoy takes the first that fits, so a second would never be read."""
    asked = [str(mapper["filter"]) for mapper in MAPPERS]
    assert len(set(asked)) == len(asked)


@each_problem
def test_has_the_members_of_every_problem(problem: NativeProblem) -> None:
    mapper = MAPPERS[4 + NATIVE.index(problem)]
    body = mapper["body_format_override"]
    assert body["content_type"] == "application/problem+json"
    assert body["json_format"] == {
        "type": f"urn:forecourt:problem:{problem.name}",
        "title": problem.title,
        "status": "%RESPONSE_CODE%",
        "detail": problem.detail,
        "request_id": "%REQ(X-REQUEST-ID)%",
    }
    assert "%" not in problem.title + problem.detail, "Envoy would read a command there"


def test_what_is_refused_for_want_of_room_says_when_to_come_again() -> None:
    """Envoy says 500 or 503, and neither of a request that was admitted."""
    mapper = MAPPERS[2]
    not_admitted, status = mapper["filter"]["and_filter"]["filters"]
    metadata = not_admitted["metadata_filter"]
    assert metadata["matcher"]["path"] == [{"key": MARK_KEY}]
    assert metadata["match_if_key_not_found"]
    assert not metadata["matcher"]["value"]["string_match"]["exact"].startswith(MARK_PREFIX)
    comparisons = [f["status_code_filter"]["comparison"] for f in status["or_filter"]["filters"]]
    assert [c["value"]["default_value"] for c in comparisons] == [500, 503]
    assert mapper["status_code"] == 503
    assert mapper["headers_to_add"][0]["header"] == {"key": "retry-after", "value": "1"}
    assert mapper["body_format_override"]["json_format"]["type"].endswith(":overloaded")


def test_what_nobody_can_read_is_no_fault_of_a_service() -> None:
    """Envoy says 501 of a transfer coding that it does not know."""
    mapper = MAPPERS[3]
    comparison = mapper["filter"]["status_code_filter"]["comparison"]
    assert comparison["value"]["default_value"] == 501
    assert mapper["status_code"] == 400
    (malformed,) = (p for p in NATIVE if p.status == 400)
    assert (
        mapper["body_format_override"]
        == MAPPERS[4 + NATIVE.index(malformed)]["body_format_override"]
    )


def test_whatever_else_envoy_says_reads_as_our_fault() -> None:
    fallback: Any = local_replies()["body_format"]
    assert fallback["json_format"]["type"] == "urn:forecourt:problem:edge-fault"
