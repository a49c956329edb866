"""A request line as Envoy reads it; that Envoy does is held in tests/end_to_end/test_why.py."""

from __future__ import annotations

import pytest

from forecourt.compiler.plain_path import is_plain
from forecourt.compiler.refusals import Refusal
from forecourt.compiler.request_line import MOST_BYTES, Fault, request_line


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a", "/a"),
        ("/a/", "/a/"),
        ("/v1\\lamps", "/v1/lamps"),
        ("/%6camps/%2D", "/lamps/-"),
        ("/a/../b", "/b"),
        ("/a/%2e%2E/b", "/b"),
        ("/a;/../b", "/b"),
        ("/a/..;x=1/b", "/b"),
        ("/a/%2e%2e;/b", "/a/..;/b"),
        ("/a\\..;/b", "/a/..;/b"),
        ("/../../a", "/a"),
        ("/a/..", "/"),
        ("/a/b/.", "/a/b/"),
        ("/a//../b", "/a/b"),
        ("//a///b//", "/a/b/"),
        ("///", "//"),
        ('/{a}"', "/%7Ba%7D%22"),
        ("/...;/%zz", "/...;/%zz"),
    ],
)
def test_is_read_without_what_reads_two_ways(target: str, path: str) -> None:
    line = request_line("GET", target)
    assert (line.path, line.fault) == (path, None)
    assert not is_plain(path) or request_line("GET", path).path == path


def test_a_query_is_left_as_it_is() -> None:
    line = request_line("GET", "/a/..?b=/../%2f//\\")
    assert (line.path, line.query, line.fault) == ("/", "b=/../%2f//\\", None)


@pytest.mark.parametrize(
    ("method", "target", "fault"),
    [
        ("BREW", "/", Fault.UNKNOWN_METHOD),
        ("CONNECT", "/", Fault.UNKNOWN_METHOD),
        ("get", "/", Fault.UNKNOWN_METHOD),
        ("GET", "/x y", Fault.LETTER),
        ("GET", "/?é", Fault.LETTER),
        ("GET", "/\x7f", Fault.LETTER),
        ("GET", "/a#b", Fault.FRAGMENT),
        ("GET", "/?a=b#c", Fault.FRAGMENT),
        ("GET", "/%2f", Fault.ESCAPE),
        ("GET", "/.;%5C", Fault.ESCAPE),
        ("GET", "/%00", Fault.ESCAPE),
    ],
)
def test_says_what_is_wrong_with_a_line_that_is_refused(
    method: str, target: str, fault: Fault
) -> None:
    line = request_line(method, target)
    assert line.fault is fault
    assert line.path == line.written == target.partition("?")[0]
    assert fault.refusal is Refusal.MALFORMED_REQUEST


def test_a_line_that_is_longer_than_all_fields_may_be_is_refused() -> None:
    assert request_line("GET", "/".ljust(MOST_BYTES - 3, "a")).fault is None
    fault = request_line("GET", "/".ljust(MOST_BYTES - 2, "a")).fault
    assert fault is Fault.TOO_LONG
    assert fault.refusal is Refusal.HEADERS_TOO_LARGE
