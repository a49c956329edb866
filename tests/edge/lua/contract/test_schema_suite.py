"""The official JSON-Schema-Test-Suite: each test judged right, or known not to be judged here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from forecourt.compiler.bundle.formats import FORMATS, is_of
from forecourt.compiler.bundle.writing import Left, Root
from forecourt.compiler.contracts.exact import exact_schemas, schemas_of
from forecourt.contract.exact_judge import ExactJudge
from forecourt.contract.judgeable import unjudgeable
from forecourt.contract.sight import sight_of
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json
from tests.documents import beside
from tests.edge.lua.contract.engine import ASKED, Engine, compiled, exact, spelled

pytestmark = pytest.mark.slow

DRAFTS = ("draft2020-12", "draft4")

# How many tests the edge must judge itself, so that nothing slips away unnoticed. docs/contracts.md
# tells these figures.
JUDGED = {"draft2020-12": 1540, "draft4": 697}
BEHIND = {"draft2020-12": 56, "draft4": 102}

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


class Judged:
    """How many tests each judged, and which verdicts were wrong."""

    def __init__(self) -> None:
        self.count = Counter[str]()
        self.wrong: list[tuple[str, ...]] = []

    def take(self, who: str, file: str, case: Any, test: Any, verdict: bool | None) -> None:
        self.count[who] += 1
        if verdict != test["valid"]:
            self.wrong.append((who, file, case["description"], test["description"]))


@pytest.mark.parametrize("draft", DRAFTS)
def test_each_test_is_judged_right_by_the_edge_or_behind_it_or_by_nobody(draft: str) -> None:
    engine, judged = Engine(), Judged()
    for file, case in cases(beside(f"json-schema-test-suite/tests/{draft}")):
        formats = asserted(file, case["schema"])
        if formats is None:
            judged.count["nobody: formats"] += len(case["tests"])
            continue
        bundle = compiled(said(case, draft), formats=formats)
        behind = behind_the_edge(said(case, draft), bundle.roots)
        if bundle.roots[0].inexact and behind is None:
            judged.count["nobody: refused by check"] += len(case["tests"])
            continue
        loaded = engine.load(bundle)
        for test in case["tests"]:
            if test["description"] in OF_ANOTHER_MIND:
                continue
            text = spelled(test["data"])
            if behind is not None:
                verdict = not behind.broken(text.encode())
                judged.take("control plane", file, case, test, verdict)
            else:
                judged.take("edge", file, case, test, engine.judge(loaded, text))
    print(f"{draft}: {dict(judged.count)}")
    assert judged.wrong == []
    assert judged.count["edge"] >= JUDGED[draft]
    assert judged.count["control plane"] >= BEHIND[draft]


@pytest.mark.parametrize("draft", DRAFTS)
def test_what_the_edge_judges_is_judged_alike_behind_it(draft: str) -> None:
    judged = Judged()
    for file, case in cases(beside(f"json-schema-test-suite/tests/{draft}")):
        schema = said(case, draft)
        if "format" in file:  # where the suite has them as annotations
            continue
        if (bundle := compiled(schema, formats=frozenset())).roots[0].inexact:
            continue
        behind = behind_the_edge(schema, [replace(r, left=ALL) for r in bundle.roots])
        for test in case["tests"]:
            if behind is not None and test["description"] not in OF_ANOTHER_MIND:
                verdict = not behind.broken(spelled(test["data"]).encode())
                judged.take("control plane", file, case, test, verdict)
    assert judged.wrong == []
    assert judged.count["control plane"] > 0.7 * JUDGED[draft]


# As if the edge left all of it.
ALL = (Left(at=(), reason="all of it"),)

CHECKS = {name: partial(is_of, name=name) for name in FORMATS}


def behind_the_edge(schema: Any, roots: Iterable[Root]) -> ExactJudge | None:
    """Who judges what the edge leaves of a schema; None where nothing is, or `check` refuses it."""
    written = exact(schema)
    if any(map(has_identity, below(written))) or list(refused(written)):
        return None
    sight = sight_of(written, ASKED.audience)
    content = exact_schemas(roots, {"root": ()}, openapi="3.1.0", sight=sight)
    return ExactJudge(schemas_of(content)["root"], CHECKS) if content else None


def below(schema: Json) -> Iterator[Json]:
    """Everything that stands in a value, but itself."""
    if isinstance(schema, dict | list):
        for inner in schema.values() if isinstance(schema, dict) else schema:
            yield inner
            yield from below(inner)


def has_identity(value: Json) -> bool:
    """Whether references below it may count from it, as those of an OpenAPI document never do."""
    return isinstance(value, dict) and isinstance(value.get("$id"), str)


def refused(schema: Json) -> Iterator[Trouble]:
    """What `check` would not serve of it."""
    for value in (schema, *below(schema)):
        if isinstance(value, dict):
            yield from unjudgeable(value, ())


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
