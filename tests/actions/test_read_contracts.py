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
    assert _names(first) == ["misplaced-audience-mark"]
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
    marked = _recalled(memory, **{_SHARED: "ok: {description: fine, x-audience: all}\n"})
    assert [_names(fine), _names(marked)] == [[], ["bad-audience-mark"]]
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


# --- overlays -------------------------------------------------------------------------------------

_API = "apis/payments/api.yaml"
_OVERLAY = "apis/payments/audience.overlay.yaml"
_LAID: dict[str, str | bytes] = {
    _API: f"{_FILES[_API]}overlays: [audience.overlay.yaml]\n",
    _OVERLAY: "overlay: 1.0.0\nactions: [{target: $.info, update: {title: Charges}}]\n",
}


def _title(examined: Examined) -> list[str]:
    return [contract.title for contract in examined.contracts.values()]


def test_overlays_are_laid_over_a_contract() -> None:
    examined = examine(_FILES | _LAID, None, _DAY)
    assert _title(examined) == ["Charges"]
    assert list(examined.contracts) == [f"{_CONTRACT} + {_OVERLAY}"]
    assert examined.diagnostics == ()


def test_a_contract_is_read_again_where_its_overlay_changed() -> None:
    memory = _Memory()
    assert _title(_recalled(memory, **_LAID)) == ["Charges"]
    assert _title(_recalled(memory, **_LAID)) == []
    changed = _LAID | {_OVERLAY: str(_LAID[_OVERLAY]).replace("Charges", "Refunds")}
    assert _title(_recalled(memory, **changed)) == ["Refunds"]


def test_two_apis_may_lay_different_overlays_over_one_document() -> None:
    other = str(_FILES[_API]).replace("payments", "refunds")
    other = other.replace("v1.openapi.yaml", "../payments/v1.openapi.yaml")
    examined = examine(_FILES | _LAID | {"apis/refunds/api.yaml": other}, None, _DAY)
    assert sorted(_title(examined)) == ["Charges", "Payments"]


def test_an_overlay_that_is_not_there_is_told_and_the_rest_is_read() -> None:
    examined = examine(_FILES | {_API: _LAID[_API]}, None, _DAY)
    assert _names(examined) == ["file-not-found"]
    assert _title(examined) == ["Payments"]


def test_an_overlay_of_one_version_is_laid_over_no_other() -> None:
    api = """\
name: payments
audience: internal
owner: {team: payments}
upstream: {url: http://payments.svc:8080}
versions:
  "1": {contract: v1.openapi.yaml, overlays: [audience.overlay.yaml]}
  "2": {contract: v1.openapi.yaml}
"""
    examined = examine(_FILES | _LAID | {_API: api}, None, _DAY)
    assert sorted(_title(examined)) == ["Charges", "Payments"]


def test_an_action_that_matches_in_one_of_several_contracts_is_not_idle() -> None:
    second = _TEXT.replace("/payments:", "/refunds:")
    api = str(_LAID[_API]).replace("contract: v1.openapi.yaml\n", "") + (
        'versions: {"1": {contract: v1.openapi.yaml}, "2": {contract: v2.openapi.yaml}}\n'
    )
    actions = "[{target: \"$.paths['/refunds']\", update: {summary: a}}]"

    def told(overlay: str) -> list[str]:
        files = {_API: api, "apis/payments/v2.openapi.yaml": second, _OVERLAY: overlay}
        return _names(examine(_FILES | files, None, _DAY))

    overlay = f"overlay: 1.0.0\nactions: {actions}\n"
    assert told(overlay) == []
    assert told(overlay.replace("refunds", "nothing")) == ["overlay-changes-nothing"]
