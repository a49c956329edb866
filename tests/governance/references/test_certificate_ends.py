"""FC415."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forecourt.governance import Facts
from forecourt.governance.references.certificate_ends import RULE
from tests.governance.builders import A_DAY, findings, messages
from tests.governance.references.test_unusable_key_file import ESTATE, NAMES

_SOON = A_DAY + timedelta(days=20)
_HELD = ("a.pem", "mesh.pem", "acme.pem")


def test_finds_each_that_ends_where_it_is_named() -> None:
    ending = dict.fromkeys(_HELD, _SOON)
    facts = Facts(files=frozenset(NAMES), variables=frozenset(), ending=ending)
    found = findings(RULE, ESTATE, facts)
    assert [f.message for f in found] == [f"`{n}` ends in 20 days, on 2024-03-21" for n in _HELD]
    assert all(f.help for f in found)


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "ends in 1 day, on 2024-03-02"), (0, "ends today, on"), (-1, "has ended, on 2024-02-29")],
)
def test_says_how_soon(days: int, said: str) -> None:
    ending = {"acme.pem": A_DAY + timedelta(days=days)}
    facts = Facts(files=frozenset(NAMES), variables=frozenset(), ending=ending)
    (message,) = messages(RULE, ESTATE, facts)
    assert said in message


def test_what_a_local_authority_stands_in_for_is_not_looked_at() -> None:
    facts = Facts(files=frozenset(NAMES), ending=dict.fromkeys(_HELD, _SOON))
    found = messages(RULE, ESTATE, facts)
    assert [message.split("`")[1] for message in found] == ["acme.pem"]


def test_the_others_pass() -> None:
    facts = Facts(files=frozenset(NAMES), variables=frozenset())
    assert messages(RULE, ESTATE, facts) == []
