"""Bodies of real documents, on which two independent validators agree."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.values import Json, Pointer
from forecourt.contract.written import read_document
from tests.documents import DATA, beside
from tests.edge.lua.contract.engine import ANSWERED, ASKED, Engine, spelled

pytestmark = pytest.mark.slow

DOCUMENTS = {
    "adyen-checkout-v71": "adyen/CheckoutService-v71.yaml",
    "asana": "asana/asana_oas.yaml",
    "box": "box/openapi-v2024.0.json",
    "camara-qod-r3.2": "camara-qod/quality-on-demand/r3.2.yaml",
    "discord": "discord/openapi.json",
    "github": "github/api.github.com.json",
    "museum": "museum/openapi.yaml",
    "paypal-orders-v2": "paypal/checkout_orders_v2.json",
    "readme-discriminators": "readme-oas-examples/3.0/json/discriminators.json",
    "readme-polymorphism": "readme-oas-examples/3.0/json/polymorphism.json",
    "realworld": "realworld/openapi.yml",
    "sumup": "sumup/openapi.yaml",
    "xero-accounting": "xero/xero_accounting.yaml",
}
FILES = sorted(p.stem for p in (DATA / "derived/instance-verdicts").glob("*.jsonl"))


@cache
def document(path: Path) -> Json:
    written, _ = read_document(path.read_text(), path.name)
    assert written is not None
    return written.root


def pointer(reference: str) -> Pointer:
    steps = reference.removeprefix("#/").split("/")
    return tuple(s.replace("~1", "/").replace("~0", "~") for s in steps)


@pytest.mark.parametrize("name", FILES or ["nothing there"])
def test_no_verdict_is_wrong(name: str) -> None:
    lines = beside(f"derived/instance-verdicts/{name}.jsonl").read_text().splitlines()
    verdicts = [json.loads(line, parse_float=Decimal) for line in lines]
    root = document(beside(DOCUMENTS[name.removesuffix(".synthetic")]))
    assert isinstance(root, dict)
    is_3_0 = str(root["openapi"]).startswith("3.0")
    engine, wrong, judged = Engine(), [], 0
    for kind, view in (("request", ASKED), ("response", ANSWERED)):
        mine = [v for v in verdicts if v["kind"] == kind]
        bundle = compile_bundle(
            root,
            {v["schema"]: pointer(v["schema"]) for v in mine},
            view=view,
            dialect=Dialect.OPENAPI_3_0 if is_3_0 else Dialect.JSON_SCHEMA_2020_12,
            formats=frozenset(),
        )
        loaded = engine.load(bundle)
        inexact = {r.name for r in bundle.roots if r.inexact}
        for verdict in mine:
            if verdict["schema"] in inexact:
                continue
            judged += 1
            found = engine.judge(loaded, spelled(verdict["instance"]), verdict["schema"])
            if found != verdict["valid"]:
                wrong.append((verdict["source"], verdict["schema"], engine.faults(loaded)[:2]))
    assert wrong == []
    assert judged > 0.9 * len(verdicts)
