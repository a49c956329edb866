"""What Envoy does to a request before any filter sees it."""

from __future__ import annotations

from typing import Any

from forecourt.compiler.envoy.connection_manager import connection_manager
from tests.compiler.envoy.test_filters import a_vantage


def test_nothing_that_comes_slowly_is_waited_for_without_end() -> None:
    manager: Any = connection_manager(a_vantage())
    told = manager["typed_config"]
    assert {name: seconds for name, seconds in told.items() if name.endswith("_timeout")} == {
        "request_headers_timeout": "10s",
        "stream_idle_timeout": "60s",
        "request_timeout": "120s",
    }
