from __future__ import annotations

from typing import Any

from tests.contract.comparison.documents import kinds, posting

_TEXT = {"type": "string"}


def _form(properties: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties}
    media_type = "application/x-www-form-urlencoded"
    return posting(requestBody={"content": {media_type: {"schema": schema, "encoding": encoding}}})


def test_a_new_part_of_a_form_is_written_as_it_likes() -> None:
    old = _form({"a": _TEXT}, {"a": {"style": "form"}})
    new = _form({"a": _TEXT, "b": _TEXT}, {"a": {"style": "form"}, "b": {"style": "deepObject"}})
    assert kinds(old, new) == ["request-property-added"]


def test_a_media_type_is_the_same_in_any_case_and_with_the_usual_charset() -> None:
    def taking(media_type: str) -> dict[str, Any]:
        return posting(requestBody={"content": {media_type: {"schema": _TEXT}}})

    assert not kinds(taking("application/json"), taking("Application/JSON; charset=utf-8"))
    assert kinds(taking("application/*"), taking("application/json")) == [
        "request-media-type-removed"
    ]
    assert kinds(taking("application/json"), taking("application/*")) == [
        "request-media-type-added"
    ]


def test_the_narrowest_media_type_counts() -> None:
    def taking(**kinds: str) -> dict[str, Any]:
        types = {"range": "*/*", "json": "application/json"}
        content = {types[name]: {"schema": {"type": kind}} for name, kind in kinds.items()}
        return posting(requestBody={"content": content})

    old = taking(range="number")
    assert kinds(old, taking(range="number", json="integer")) == ["request-type-narrowed"]
    assert kinds(taking(range="number", json="integer"), old) == ["request-type-widened"]
