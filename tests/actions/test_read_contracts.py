"""Contracts are read where nobody knows what comes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.contract_memory import Judged
from forecourt.actions.progress import Unheard
from forecourt.actions.read_contracts import Reading

_DAY = date(2024, 3, 1)
_CONTRACT = "apis/payments/v1.openapi.yaml"
_SHARED = "apis/payments/shared.yaml"
_TEXT = """\
openapi: "3.1.0"
info: {title: Payments, version: "1"}
paths: {/payments: {get: {responses: {"200": {$ref: "shared.yaml#/ok"}}}}}
"""
_FILES: dict[str, str | bytes] = {
    "forecourt.yaml": """\
organization: Acme
listeners:
  external: {address: 0.0.0.0:8443, hosts: [api.acme.example]}
  internal: {address: 127.0.0.1:9443, trust_domain: acme.example}
""",
    "apis/payments/api.yaml": """\
name: payments
audience: internal
owner: {team: payments}
upstream: {url: http://payments.svc:8080}
contract: v1.openapi.yaml
""",
    _CONTRACT: _TEXT,
    _SHARED: "ok: {description: fine}\n",
}


def _names(examined: Examined) -> list[str]:
    return [d.name for d in examined.diagnostics]


class _Memory:
    """Remembers in a dictionary."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Judged] = {}

    def recall(self, path: str, digest: str) -> Judged | None:
        return self.known.get((path, digest))

    def remember(self, path: str, digest: str, judged: Judged) -> None:
        self.known[path, digest] = judged


def _recalled(memory: _Memory, **files: str | bytes) -> Examined:
    return examine(_FILES | files, None, _DAY, reading=Reading(memory=memory))


def test_a_memory_stands_in_for_the_contract() -> None:
    memory = _Memory()
    marked = _TEXT.replace("paths:", "x-audience: internal\npaths:")
    first = _recalled(memory, **{_CONTRACT: marked})
    second = _recalled(memory, **{_CONTRACT: marked})
    assert _names(first) == ["projection-not-enforced"]
    assert second.diagnostics == first.diagnostics
    assert list(first.contracts) == [_CONTRACT]
    assert list(second.contracts) == []


def test_another_text_is_not_what_is_remembered() -> None:
    memory = _Memory()
    _recalled(memory)
    assert _names(_recalled(memory, **{_CONTRACT: "{}"})) == ["stray-file", "not-openapi"]


def test_another_text_besides_is_not_what_is_remembered() -> None:
    memory = _Memory()
    fine = _recalled(memory)
    marked = _recalled(memory, **{_SHARED: "ok: {description: fine, x-audience: internal}\n"})
    assert [_names(fine), _names(marked)] == [[], ["projection-not-enforced"]]
    (judged,) = memory.known.values()
    assert sorted(judged.inputs) == [_SHARED, _CONTRACT]


@pytest.mark.parametrize("then", ["", "0" * 64], ids=["was not there", "was another"])
def test_what_was_read_besides_must_be_the_same(then: str) -> None:
    memory = _Memory()
    fresh = _recalled(memory)
    for key, judged in memory.known.items():
        memory.known[key] = replace(judged, inputs={**judged.inputs, _SHARED: then}, facts=None)
    assert _recalled(memory).contracts == fresh.contracts


def test_who_waits_is_told_how_far_it_is() -> None:
    class Heard(Unheard):
        def __call__(self, what: str, done: int = 0, total: int = 0, name: str = "") -> None:
            told.append((what, done, total, name))

    told: list[tuple[str, int, int, str]] = []
    examine(_FILES, None, _DAY, reading=Reading(progress=Heard()))
    assert told == [("reading contracts", 0, 1, _CONTRACT)]
