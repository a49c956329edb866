"""What Envoy lets go of, the more it holds. A real one is flooded in end_to_end/test_bodies.py."""

from __future__ import annotations

import json
from typing import Any

from forecourt.edge.overload import overload


def _manager(bound: int = 1 << 30) -> Any:
    return json.loads(overload(bound))["overload_manager"]


def _begins(action: Any) -> float:
    (trigger,) = action["triggers"]
    if "threshold" in trigger:
        return float(trigger["threshold"]["value"])
    return float(trigger["scaled"]["scaling_threshold"])


def test_the_bound_is_that_of_the_heap() -> None:
    (monitor,) = _manager(1 << 29)["resource_monitors"]
    assert monitor["typed_config"]["max_heap_size_bytes"] == 1 << 29


def test_what_holds_much_goes_before_anybody_is_turned_away() -> None:
    manager = _manager()
    begins = {a["name"].rpartition(".")[2]: _begins(a) for a in manager["actions"]}
    (shed,) = manager["loadshed_points"]
    assert begins["reduce_timeouts"] < begins["reset_high_memory_stream"] == _begins(shed)
    assert _begins(shed) < begins["stop_accepting_requests"] < begins["reject_incoming_connections"]


def test_no_connection_is_left_to_wait() -> None:
    """Where Envoy stops accepting, callers wait in the kernel for whatever is held to end."""
    assert not [a for a in _manager()["actions"] if "stop_accepting_connections" in a["name"]]
