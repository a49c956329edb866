"""Problems (RFC 9457) as tests read them."""

from __future__ import annotations

import json
from typing import Any


def problem(text: str) -> dict[str, Any]:
    """A problem, which has all that every one of ours has."""
    found: dict[str, Any] = json.loads(text)
    assert found.keys() >= {"type", "title", "status", "detail", "request_id"}, found
    assert found["type"].startswith("urn:forecourt:problem:"), found
    return found


def without_its_id(problem: dict[str, Any]) -> dict[str, Any]:
    """What two answers to the same must have in common."""
    return {name: value for name, value in problem.items() if name != "request_id"}
