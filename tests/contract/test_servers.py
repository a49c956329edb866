from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.servers import base_paths


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        (None, ()),
        ("https://a.example/x", ()),
        ([{"url": "https://a.example/v2/"}], ("/v2",)),
        ([{"url": "https://a.example"}], ("/",)),
        ([{"url": "/v1"}, {"url": "https://a.example/v1"}], ("/v1",)),
        (
            [
                {
                    "url": "https://{host}:{port}/{base}",
                    "variables": {
                        "host": {"default": "a"},
                        "port": {"default": 80},
                        "base": {"default": "x/y"},
                    },
                }
            ],
            ("/x/y",),
        ),
        ([{"url": "https://a.example/{stage}/x"}], ("/x",)),
        ([{"url": "http://[::1/x"}, {}, None, {"url": 1}], ()),
    ],
    ids=str,
)
def test_base_paths_are_those_of_the_servers(servers: Any, expected: tuple[str, ...]) -> None:
    assert base_paths({"servers": servers}) == expected
