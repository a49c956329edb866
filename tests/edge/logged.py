"""Lines of an access log, sound unless a test says otherwise."""

from __future__ import annotations

import json
from typing import Any

from forecourt.edge.logged_request import LoggedRequest, logged_request

A_LINE = {
    "time": "2026-03-01T12:30:15.250Z",
    "request_id": "id-1",
    "listener": "external",
    "method": "GET",
    "path": "/v1/charges",
    "route": "payments@1#0123456789ab",
    "version": "1",
    "upstream_version": "1",
    "operation": "GET /things",
    "audience": "partner",
    "consumer": "partner:partner_acme_corp",
    "application": "app_1",
    "credential": "key_1",
    "status": 200,
    "reason": None,
    "replaced": None,
    "details": "via_upstream",
    "flags": "-",
    "duration": 12,
    "upstream_duration": 11,
    "received": 0,
    "sent": 20,
    "address": "192.0.2.1",
    "place": None,
}


def a_line(**fields: Any) -> bytes:
    return json.dumps(A_LINE | fields, separators=(",", ":")).encode() + b"\n"


def a_logged_request(**fields: Any) -> LoggedRequest:
    """The same, read."""
    found = logged_request(a_line(**fields))
    assert found is not None
    return found
