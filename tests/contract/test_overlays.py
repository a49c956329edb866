"""Overlays change a document without touching it, and keep the place of what they say."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.values import decode
from forecourt.diagnostics import Span
from tests.contract.builders import PATH, a_document, an_operation

OVERLAY = "apis/shop/audience.overlay.yaml"
HEAD = 'overlay: 1.0.0\ninfo: {title: Audiences, version: "1"}\nactions:\n'

DOCUMENT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /things:
    get:
      tags: [a, b, c, d]
      responses: {"200": {description: fine}}
    delete: {responses: {"204": {description: gone}}}
components: {schemas: {Thing: {type: object, properties: {id: {}, cost: {}}}}}
"""


def laid_over(*actions: str, text: str = DOCUMENT) -> tuple[Any, list[str]]:
    """The document with these actions, and what is said of the overlay."""
    contract, complaints = _laid_over(HEAD + "".join(f"  - {a}\n" for a in actions), text)
    assert contract is not None
    return decode(contract.document), complaints


def _laid_over(overlay: str, text: str = DOCUMENT) -> tuple[Contract | None, list[str]]:
    contract, found = read_contract(text, PATH, overlays=[(OVERLAY, overlay)])
    told = [d for d in found if d.span.path == OVERLAY]
    return contract, [f"{d.span.line}:{d.span.column} {d.code} {d.name}" for d in told]


def test_an_update_is_merged_into_a_mapping() -> None:
    root, said = laid_over(
        "{target: $.components.schemas.Thing.properties.cost, update: {type: string}}",
        "{target: $.info, update: {title: Things, contact: {name: us}}}",
    )
    properties = root["components"]["schemas"]["Thing"]["properties"]
    assert properties == {"id": {}, "cost": {"type": "string"}}
    assert root["info"] == {"title": "Things", "version": "1", "contact": {"name": "us"}}
    assert said == []


def test_an_update_of_a_list_is_one_more_item_and_lists_within_are_joined() -> None:
    root, _ = laid_over(
        "{target: $.paths.*.get.tags, update: e}",
        "{target: $.paths.*.get, update: {tags: [f, g]}}",
    )
    assert root["paths"]["/things"]["get"]["tags"] == ["a", "b", "c", "d", "e", "f", "g"]


def test_an_update_may_meet_many_places() -> None:
    root, _ = laid_over("{target: \"$.paths.*['get', 'delete']\", update: {deprecated: true}}")
    assert [o["deprecated"] for o in root["paths"]["/things"].values()] == [True, True]


def test_what_is_removed_is_gone_also_several_items_of_a_list() -> None:
    root, _ = laid_over(
        "{target: $.paths.*.delete, remove: true}",
        '{target: "$.paths.*.get.tags[0,2]", remove: true}',
    )
    assert list(root["paths"]["/things"]) == ["get"]
    assert root["paths"]["/things"]["get"]["tags"] == ["b", "d"]


def test_actions_come_one_after_the_other() -> None:
    root, said = laid_over(
        "{target: $.info, update: {contact: {name: us}}}",
        "{target: $.info.contact, update: {email: us@shop.example}}",
        "{target: $.info.contact.name, remove: true}",
    )
    assert root["info"]["contact"] == {"email": "us@shop.example"}
    assert said == []


def test_what_the_whole_document_says_may_change() -> None:
    root, _ = laid_over("{target: $, update: {tags: [{name: a}]}}")
    assert root["tags"] == [{"name": "a"}]


def test_an_overlay_of_json_is_read_and_one_over_json_too() -> None:
    text = a_document(paths={"/a": {"get": an_operation(), "put": an_operation()}})
    overlay = '{"overlay":"1.0.1","actions":[{"target":"$.paths.*.put","remove":true}]}'
    contract, _ = read_contract(text, PATH, overlays=[("apis/shop/a.json", overlay)])
    assert contract is not None
    assert [str(o) for o in contract.operations] == ["GET /a"]


def test_a_mistake_that_comes_of_an_overlay_is_told_there() -> None:
    _, said = laid_over(
        "{target: $.paths.*.get, update: {x-audience: all}}",
        "{target: $.paths.*.get, update: {parameters: [{name: q}]}}",
    )
    assert said == ["4:50 FC119 bad-audience-mark", "5:51 FC109 contract-shape"]


def test_a_mistake_of_the_document_keeps_its_place_whatever_moves() -> None:
    text = DOCUMENT.replace("tags: [a, b, c, d]", "parameters: [{name: a, in: query}, {name: b}]")
    overlay = HEAD + '  - {target: "$.paths.*.get.parameters[0]", remove: true}\n'
    _, found = read_contract(text, PATH, overlays=[(OVERLAY, overlay)])
    assert [(d.code, d.span) for d in found] == [("FC109", Span(PATH, 6, 42))]


def test_overlays_are_laid_over_in_order() -> None:
    first = HEAD + "  - {target: $.info, update: {title: First}}\n"
    second = HEAD + "  - {target: $.info, update: {title: Second}}\n"
    contract, _ = read_contract(DOCUMENT, PATH, overlays=[("a.yaml", first), ("b.yaml", second)])
    assert contract is not None
    assert contract.title == "Second"


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ("openapi: 3.1.0\n", "1:1 FC121 not-an-overlay"),
        ("[]\n", "1:1 FC121 not-an-overlay"),
        ("overlay: 2.0.0\nactions: []\n", "1:10 FC121 not-an-overlay"),
        ("overlay: 1.0.0\n", "1:1 FC121 not-an-overlay"),
        ("overlay: 1.0.0\nactions: {}\n", "2:10 FC121 not-an-overlay"),
        (HEAD + "  - remove\n", "4:5 FC121 not-an-overlay"),
        (HEAD + "  - {update: {}}\n", "4:5 FC121 not-an-overlay"),
        (HEAD + "  - {target: $.info}\n", "4:5 FC121 not-an-overlay"),
        (HEAD + "  - {target: $.info, remove: false}\n", "4:5 FC121 not-an-overlay"),
        (HEAD + "  - {target: $.info, update: {}, updat: {}}\n", "4:34 FC121 not-an-overlay"),
        (HEAD + "  - {target: info, update: {}}\n", "4:14 FC122 bad-overlay-target"),
        (HEAD + '  - {target: "$.paths[/a]", update: {}}\n', "4:14 FC122 bad-overlay-target"),
        (HEAD + "  - {target: $.info.title, update: {}}\n", "4:14 FC122 bad-overlay-target"),
        (HEAD + "  - {target: $.nothing, update: {}}\n", "4:14 FC123 overlay-changes-nothing"),
        (HEAD + "  - {target: [\n", "5:1 FC001 unreadable-yaml"),
    ],
    ids=lambda text: text.removeprefix(HEAD).strip()[:40],
)
def test_locates_a_mistake_and_goes_on(overlay: str, expected: str) -> None:
    contract, said = _laid_over(overlay)
    assert contract is not None
    assert said == [expected]


def test_a_misspelt_key_is_answered_with_the_one_meant() -> None:
    overlay = HEAD + "  - {target: $.info, update: {}, remov: true}\n"
    (found,) = read_contract(DOCUMENT, PATH, overlays=[(OVERLAY, overlay)])[1]
    assert found.help == "did you mean `remove`?"
