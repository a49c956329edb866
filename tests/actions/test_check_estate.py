"""An estate examined: what it holds, what is wrong, and what is not read twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.actions import read_contracts
from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.estate_files import OtherFiles
from forecourt.contract.assembling import Others

_DAY = date(2024, 3, 1)
_CONTRACT = "apis/payments/v1.openapi.yaml"
_FILES: dict[str, str | bytes] = {
    "forecourt.yaml": """\
organization: Acme
listeners:
  external:
    address: 0.0.0.0:8443
    hosts: [api.acme.example]
    tls: {certificate: certs/api.pem, key: certs/api.key}
  internal: {address: 127.0.0.1:9443, trust_domain: acme.example}
channels: {slack: {webhook: "${SLACK_WEBHOOK}"}}
""",
    "sla.yaml": "tiers: {standard: {availability: 99.5%}}\n",
    "apis/payments/api.yaml": """\
name: payments
audience: public
owner: {team: payments}
upstream: {url: http://payments.svc:8080}
versions: {"1": {contract: v1.openapi.yaml}}
sla: {tiers: [standard]}
""",
    _CONTRACT: """\
openapi: "3.1.0"
info: {title: Payments, version: "1"}
paths: {/payments: {get: {responses: {"200": {description: fine}}}}}
""",
}


def _examine(before: Examined | None = None, **files: str | bytes) -> Examined:
    return examine(_FILES | files, None, _DAY, before=before)


def _names(examined: Examined) -> list[str]:
    return [d.name for d in examined.diagnostics]


def test_a_sound_estate_comes_with_its_contracts() -> None:
    examined = _examine()
    assert examined.diagnostics == ()
    assert list(examined.estate.apis) == ["payments"]
    assert [str(o) for o in examined.contracts[_CONTRACT].operations] == ["GET /payments"]


def test_the_real_place_asks_for_variables_and_certificates() -> None:
    examined = examine(_FILES, None, _DAY, variables=frozenset())
    assert _names(examined) == ["file-not-found", "file-not-found", "unset-variable"]
    settled = examine(
        _FILES,
        None,
        _DAY,
        variables=frozenset({"SLACK_WEBHOOK"}),
        others=OtherFiles(paths=frozenset({"certs/api.pem", "certs/api.key"})),
    )
    assert settled.diagnostics == ()


@pytest.mark.parametrize("broken", ["paths: {", b"\xff\xfe\x00"], ids=["no YAML", "no text"])
def test_a_contract_that_cannot_be_read_is_said_once(broken: str | bytes) -> None:
    examined = _examine(**{_CONTRACT: broken})
    assert [d.span.path for d in examined.diagnostics] == [_CONTRACT]
    assert examined.contracts == {}


def test_mistakes_of_files_contracts_and_rules_come_in_reading_order() -> None:
    examined = _examine(
        **{
            _CONTRACT: 'openapi: "3.1.0"\nx-audience: internal\n'
            'info: {title: A, version: "1"}\npaths: {}\n',
            "plans.yaml": "plan: {}\n",
            "services.yaml": "services: {orders: {identity: 'spiffe://acme.test/sa/orders'}}\n",
        }
    )
    assert _names(examined) == [
        "misplaced-audience-mark",
        "no-operations",
        "unknown-key",
        "identity-outside-trust-domain",
    ]


def test_an_api_that_its_environment_breaks_has_an_error_of_its_own() -> None:
    files = _FILES | {"forecourt.prod.yaml": 'upstreams: {payments: {url: "nowhere"}}\n'}
    examined = examine(files, "prod", _DAY)
    assert [str(d.span) for d in examined.diagnostics] == [
        "apis/payments/api.yaml:1:1",
        "forecourt.prod.yaml:1:29",
    ]


def test_an_api_that_cannot_be_read_is_said_once() -> None:
    examined = _examine(**{"apis/payments/api.yaml": "name: ["})
    assert [d.code for d in examined.diagnostics] == ["FC001"]


def test_what_did_not_change_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = read_contracts.read_contract

    def counted(text: str, path: str, others: Others, **rest: Any) -> object:
        read.append(path)
        return original(text, path, others, **rest)

    monkeypatch.setattr(read_contracts, "read_contract", counted)
    first = _examine()
    second = _examine(first)
    assert read == [_CONTRACT]
    assert second == first
    assert second.estate.apis["payments"] is first.estate.apis["payments"]
    changed = str(_FILES[_CONTRACT]).replace("/payments", "/charges")
    third = _examine(second, **{_CONTRACT: changed})
    assert read == [_CONTRACT, _CONTRACT]
    assert [str(o) for o in third.contracts[_CONTRACT].operations] == ["GET /charges"]


_SHARED = "apis/payments/shared.yaml"
_IN_FILES = """\
openapi: "3.1.0"
info: {title: Payments, version: "1"}
paths: {/payments: {get: {responses: {"200": {$ref: "shared.yaml#/ok"}}}}}
"""


def test_a_contract_is_read_with_the_files_that_it_refers_to() -> None:
    examined = _examine(**{_CONTRACT: _IN_FILES, _SHARED: "ok: {description: fine}\n"})
    assert examined.diagnostics == ()
    assert examined.contracts[_CONTRACT].files == (_SHARED,)
    assert examined.apis_made_of(_SHARED) == ("payments",)
    assert examined.apis_made_of(_CONTRACT) == ()


def test_a_change_in_another_file_is_a_change_of_the_contract() -> None:
    files: dict[str, str | bytes] = {_CONTRACT: _IN_FILES, _SHARED: "ok: {description: fine}\n"}
    first = _examine(**files)
    same = _examine(first, **files)
    assert same.contracts[_CONTRACT] is first.contracts[_CONTRACT]
    second = _examine(first, **files | {_SHARED: "ok: {description: well}\n"})
    (operation,) = second.contracts[_CONTRACT].operations
    assert operation.responses[0].description == "well"


def test_a_file_that_comes_to_be_is_noticed() -> None:
    first = _examine(**{_CONTRACT: _IN_FILES})
    assert _names(first) == ["broken-reference"]
    second = _examine(first, **{_CONTRACT: _IN_FILES, _SHARED: "ok: {}\n"})
    assert _names(second) == []


def test_a_file_that_no_contract_refers_to_is_astray() -> None:
    assert _names(_examine(**{_SHARED: "ok: {}\n"})) == ["stray-file"]


def test_what_is_no_longer_named_is_forgotten() -> None:
    first = _examine()
    without = examine(
        {k: v for k, v in _FILES.items() if "apis" not in k}, None, _DAY, before=first
    )
    assert without.read == {}


def test_a_day_later_the_same_files_are_judged_anew() -> None:
    waiver = """\
rule: promise-missing
api: payments
owner: payments
because: nothing is sold yet
approved_by: [api-review-board]
expires: 2024-03-02
"""
    silent = str(_FILES["apis/payments/api.yaml"]).replace("sla: {tiers: [standard]}\n", "")
    files = {"waivers/payments.yaml": waiver, "apis/payments/api.yaml": silent}
    today = _examine(**files)
    assert _names(today) == ["waiver-expiring"]
    tomorrow = examine(_FILES | files, None, date(2024, 3, 2), before=today)
    assert _names(tomorrow) == ["promise-missing", "waiver-expired"]
