"""Reading a line of the access log."""

from __future__ import annotations

import pytest

from forecourt.compiler.envoy.access_log import access_log
from forecourt.edge.logged_request import logged_request
from tests.edge.logged import A_LINE, a_line


def test_a_line_is_read_whole() -> None:
    found = logged_request(a_line())
    assert found is not None
    assert (found.api, found.version, found.status, found.milliseconds) == (
        "payments",
        "1",
        200,
        12,
    )
    assert found.time.isoformat() == "2026-03-01T12:30:15.250000+00:00"
    assert (found.consumer, found.credential) == ("partner:partner_acme_corp", "key_1")
    assert (found.reason, found.flags) == (None, "")


def test_every_field_that_is_read_is_one_that_is_logged() -> None:
    (logger,) = access_log("external")
    logged = logger["typed_config"]["log_format"]["json_format"]
    assert set(A_LINE) == set(logged)


def test_a_request_of_nobody_to_nothing_is_one_too() -> None:
    nothing = dict.fromkeys(("route", "version", "audience", "consumer", "credential"))
    found = logged_request(a_line(**nothing, status=401, reason="missing"))
    assert found is not None
    assert (found.api, found.consumer, found.reason) == (None, None, "missing")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{}", id="no fields"),
        pytest.param(b"[1]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(a_line()[:-9], id="cut short"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(a_line(time="yesterday"), id="no time"),
        pytest.param(a_line(time=7), id="a number for a time"),
        pytest.param(a_line(request_id=None), id="no id"),
        pytest.param(a_line(status="x"), id="no status"),
        pytest.param(a_line(duration="x"), id="no duration"),
    ],
)
def test_what_is_no_line_is_none(line: bytes) -> None:
    assert logged_request(line) is None
