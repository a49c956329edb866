from __future__ import annotations

from typing import Any

from tests.contract.comparison.documents import changes, kinds, posting

_TEXT = {"type": "string"}


def _answering(**responses: Any) -> dict[str, Any]:
    return posting(responses={s[1:]: {"description": "", **r} for s, r in responses.items()})


def _body(kind: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": {"type": kind}}}}


def test_a_status_is_compared_with_the_range_that_it_is_in() -> None:
    old, new = _answering(_200=_body("string")), _answering(_2XX=_body("string"))
    assert kinds(old, new) == ["success-added"]
    (changed, _) = changes(old, _answering(_2XX=_body("integer")))
    assert changed.kind.id == "response-type-changed"
    assert changed.where == "answer 200"


def test_a_schema_where_there_was_none_is_more_precise() -> None:
    nothing = {"content": {"application/json": {}}}
    assert kinds(_answering(_200=nothing), _answering(_200=_body("string"))) == [
        "response-type-narrowed"
    ]


def test_a_header_is_text_of_any_case() -> None:
    def with_header(name: str, kind: str) -> dict[str, Any]:
        return _answering(_200={"headers": {name: {"schema": {"type": kind}}}})

    assert not kinds(with_header("X-Left", "integer"), with_header("x-left", "integer"))
    (change,) = changes(with_header("X-Left", "integer"), with_header("X-Left", "string"))
    assert change.kind.id == "response-type-widened"
    assert change.where == "answer 200 header X-Left"
