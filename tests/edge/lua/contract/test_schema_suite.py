"""The official JSON-Schema-Test-Suite: each test judged right, or known not to be judged here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from forecourt.compiler.bundle.formats import FORMATS
from tests.documents import beside
from tests.edge.lua.contract.engine import Engine, compiled, spelled

pytestmark = pytest.mark.slow

DRAFTS = ("draft2020-12", "draft4")

# How many tests the edge must judge itself, so that nothing slips away unnoticed. docs/contracts.md
# tells these figures.
JUDGED = {"draft2020-12": 1536, "draft4": 693}

# These change what keywords mean, which no OpenAPI document may expect (3.1.0, section 4.8.24.5).
METASCHEMAS_OF_THEIR_OWN = {
    "schema that uses custom metaschema with format-assertion: false",
    "schema that uses custom metaschema with format-assertion: true",
    "schema that uses custom metaschema with with no validation vocabulary",
}

# Draft 4 took 1.0 for no integer. OpenAPI 3.0 is read as 2020-12 is, where it is one.
OF_ANOTHER_MIND = {"a float is not an integer even without fractional part"}


def cases(folder: Path) -> Iterator[tuple[str, Any]]:
    for file in sorted(folder.rglob("*.json")):
        for case in json.loads(file.read_text(), parse_float=Decimal):
            yield file.relative_to(folder).as_posix(), case


def modern(schema: Any) -> Any:
    """Draft 4, of which OpenAPI 3.0 was made, as the compiler takes 3.0 for 2020-12."""
    match schema:
        case {"$ref": str(reference)}:
            return {"$ref": reference}
        case dict():
            said = {key: modern(inner) for key, inner in schema.items() if key != "$schema"}
            for bound in ("minimum", "maximum"):
                exclusive = "exclusive" + bound.capitalize()
                if isinstance(said.get(exclusive), bool) and said.pop(exclusive):
                    said[exclusive] = said.pop(bound)
            if isinstance(said.get("id"), str) and "enum" not in schema:
                said["$id"] = said.pop("id")
            return said
        case list():
            return [modern(inner) for inner in schema]
        case _:
            return schema


def is_left(file: str, case: Any, draft: str) -> bool:
    """Whether the edge leaves a case to the validator behind it."""
    if asserted(file, case["schema"]) is None:
        return True
    return bool(compiled(said(case, draft), formats=frozenset()).roots[0].inexact)


def said(case: Any, draft: str) -> Any:
    """A case's schema in 2020-12."""
    return modern(case["schema"]) if draft == "draft4" else case["schema"]


def asserted(file: str, schema: Any) -> frozenset[str] | None:
    """The formats that a case is about; None if it asks for one that is an annotation here."""
    if "format/" not in file:
        return frozenset()
    known = schema.get("format") in FORMATS
    return frozenset(FORMATS) if known else None


@pytest.mark.parametrize("draft", DRAFTS)
def test_each_test_is_judged_right_or_left_to_others(draft: str) -> None:
    engine, wrong = Engine(), []
    judged, left = 0, Counter[str]()
    for file, case in cases(beside(f"json-schema-test-suite/tests/{draft}")):
        formats = asserted(file, case["schema"])
        bundle = compiled(said(case, draft), formats=formats or frozenset())
        if formats is None or bundle.roots[0].inexact:
            why = "formats" if formats is None else bundle.roots[0].inexact[0]
            left[why] += len(case["tests"])
            continue
        loaded = engine.load(bundle)
        for test in case["tests"]:
            if test["description"] in OF_ANOTHER_MIND:
                continue
            judged += 1
            if engine.judge(loaded, spelled(test["data"])) != test["valid"]:
                wrong.append((file, case["description"], test["description"]))
    print(f"{draft}: {judged} judged, {left.total()} left to others: {dict(left)}")
    assert wrong == []
    assert judged >= JUDGED[draft]


VALIDATORS: dict[str, Any] = {
    "draft2020-12": jsonschema_rs.Draft202012Validator,
    "draft4": jsonschema_rs.Draft4Validator,
}


@pytest.mark.parametrize("draft", DRAFTS)
def test_what_is_left_to_others_they_judge_right(draft: str) -> None:
    remotes = beside("json-schema-test-suite/remotes")

    def remote(uri: str) -> Any:
        return json.loads((remotes / uri.removeprefix("http://localhost:1234/")).read_text())

    wrong, judged = [], 0
    for file, case in cases(beside(f"json-schema-test-suite/tests/{draft}")):
        known = case["description"] in METASCHEMAS_OF_THEIR_OWN
        if known or not is_left(file, case, draft):
            continue
        plain = json.loads(spelled(case["schema"]))
        is_format = "format/" in file
        validator = VALIDATORS[draft](plain, validate_formats=is_format, retriever=remote)
        for test in case["tests"]:
            judged += 1
            if validator.is_valid(json.loads(spelled(test["data"]))) != test["valid"]:
                wrong.append((file, case["description"], test["description"]))
    assert wrong == []
    assert judged > 100
