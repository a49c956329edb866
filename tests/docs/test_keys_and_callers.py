"""Keys and callers: every command prints what the page says, and the edge keeps its limits."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal

import pytest

from forecourt.estate.rate_limit import RateLimit
from tests.docs.estates import a_gateway, follow, ports_of
from tests.docs.pages import blocks, page, section
from tests.docs.terminal import a_terminal
from tests.end_to_end.gateway import Gateway

PAGE = page("docs/guides/keys-and-callers.md")


@pytest.fixture
def served() -> Iterator[Gateway]:
    """The guide's estate."""
    with a_gateway(page("docs/guide.md")) as gateway:
        gateway.start()
        yield gateway


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_its_commands_print_what_it_says(served: Gateway) -> None:
    with a_terminal(served.estate, served.settings) as terminal:
        for block in blocks(PAGE, "console"):
            follow(block, terminal, ports_of(served))


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.end_to_end
@pytest.mark.slow
def test_the_edge_keeps_the_limit_of_a_plan(served: Gateway) -> None:
    key = served.a_key(developer="lin", application="till", plan="free")
    answers = [served.call("/lamps/v1/lamps", key=key) for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert answers[0].headers["ratelimit-policy"] == '"minute";q=20;w=60'
    assert answers[-1].json()["type"] == "urn:forecourt:problem:rate-limited"
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_its_limits_follow_the_formula() -> None:
    table = section(PAGE, "Limits")
    rows = re.findall(r"^\| ([\d,]+) \| ([\d.]+) \| ([\d,]+) \| ([\d,]+) \|$", table, re.MULTILINE)
    assert len(rows) >= 4
    for rate, burst, at_once, in_a_minute in rows:
        limit = RateLimit(requests_per_minute=_number(rate), burst_allowance=Decimal(burst))
        assert limit.capacity == _number(at_once)
        assert limit.most_in_a_minute == _number(in_a_minute)


def _number(text: str) -> int:
    return int(text.replace(",", ""))
