"""For what others publish, a value can be made wherever a response has a schema."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from forecourt.contract import Contract, read_contract
from forecourt.contract.dialect import Translated, Translations
from forecourt.contract.media_types import is_json
from forecourt.contract.one_sided import Direction
from forecourt.contract.references import Found, follow
from forecourt.contract.sampling import NoSample, sample
from forecourt.contract.values import Json, Pointer, decode, descend, encode

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))
FOLDERS = sorted(p.name for p in DATA.iterdir() if p.is_dir()) if DATA.is_dir() else []

# Where there is no value, and why, by document and place; every other response has one.
SAME = "every alternative allows what the others allow, and exactly one must hold"
TEXTS = "the items are texts, and one of them must be an integer"
APART = "each of two schemas requires a property that the other forbids"
CHECKER, OF, README = "oasdiff/data/checker/", "oasdiff/data/x-of/", "readme-oas-examples/3.0/"
SCHEMA = "/responses/200/content/application~1json/schema"
WITHOUT = {
    f"{CHECKER}contains_added_revision.yaml#/paths/~1products/post{SCHEMA}/items": TEXTS,
    f"{CHECKER}contains_min_max_base.yaml#/paths/~1products/post{SCHEMA}/items": TEXTS,
    f"{CHECKER}contains_min_max_revision.yaml#/paths/~1products/post{SCHEMA}/items": TEXTS,
    f"{CHECKER}response_property_one_of_added_revision.yaml#/paths/~1pets/get{SCHEMA}": SAME,
    f"{CHECKER}response_property_one_of_removed_base.yaml#/paths/~1pets/get{SCHEMA}": SAME,
    f"{OF}base.json#/components/schemas/ProblemSchema/properties/changedProperty": APART,
    f"{OF}revision.json#/components/schemas/ProblemSchema/additionalProperties": APART,
    f"{OF}two-inline-revision-duplicate.yaml#/paths/~1api/get{SCHEMA}": SAME,
    **{
        f"{README}{kind}/readme.{kind}#{place}/content/application~1json/schema": SAME
        for kind in ("json", "yaml")
        for place in (
            "/components/responses/authUnauthorized",
            "/paths/~1api-specification/post/responses/400",
            "/paths/~1api-specification~1{id}/put/responses/400",
            "/paths/~1version/post/responses/400",
        )
    },
}


def contracts(folder: Path) -> Iterator[tuple[str, Contract]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".yaml", ".yml"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            contract, _ = read_contract(text, path.name) if "openapi" in text else (None, ())
            if contract is not None:
                yield path.relative_to(DATA).as_posix(), contract


def schemas(contract: Contract, document: Json) -> Iterator[Pointer]:
    """Where each schema of a response in JSON stands; those that refer to one count once."""
    seen = set()
    for operation in contract.operations:
        for response in operation.responses:
            for content in response.contents:
                if content.schema is not None and is_json(content.media_type):
                    found = follow(document, descend(document, content.schema), content.schema)
                    assert isinstance(found, Found)
                    if found.at not in seen:
                        seen.add(found.at)
                        yield content.schema


def spread(found: Sequence[Pointer], most: int) -> Sequence[Pointer]:
    """About so many of them, from all over the document."""
    return found[:: max(1, len(found) // most)]


of_each_folder = pytest.mark.parametrize("folder", FOLDERS)
if_there_are_any = pytest.mark.skipif(
    not FOLDERS, reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)


@pytest.mark.slow
@pytest.mark.timeout(600)
@if_there_are_any
@of_each_folder
def test_a_value_is_made_for_responses_of(folder: str) -> None:
    """All of most documents, and some of the largest."""
    is_made_in(folder, most=100)


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@if_there_are_any
@of_each_folder
def test_a_value_is_made_for_every_response_of(folder: str) -> None:
    is_made_in(folder, most=sys.maxsize)


def is_made_in(folder: str, *, most: int) -> None:
    without: set[str] = set()
    tried: set[bytes] = set()
    for path, contract in contracts(DATA / folder):
        document = decode(contract.document)
        translations = Translations(
            document, openapi=contract.openapi, direction=Direction.RESPONSE
        )
        for at in spread(list(schemas(contract, document)), most):
            translated = translations.of(at)
            assert isinstance(translated, Translated)
            digest = sha256(encode(translated.schema)).digest()
            if digest in tried:  # in another version of the same document
                continue
            made = sample(document, at, openapi=contract.openapi, translations=translations)
            if isinstance(made, NoSample):
                assert made.reason
                without.add(f"{path}#{made.place}")
                continue
            tried.add(digest)
            validator = Draft202012Validator(translated.schema, validate_formats=True)
            assert validator.is_valid(made.value), (path, at)
    assert without == {place for place in WITHOUT if place.startswith(f"{folder}/")}
