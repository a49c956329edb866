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


def test_a_status_is_compared_with_what_holds_of_all_others() -> None:
    old = _answering(_200=_body("string"), _default=_body("string"))
    new = _answering(_200=_body("string"), _404=_body("integer"), _default=_body("string"))
    assert set(kinds(old, new)) == {"response-type-changed", "failure-added"}
    assert set(kinds(new, old)) == {"response-type-changed", "failure-removed"}


def test_what_goes_wrong_says_nothing_of_what_goes_well() -> None:
    old = _answering(_200=_body("string"), _default=_body("integer"))
    new = _answering(_200=_body("string"), _201=_body("string"), _default=_body("integer"))
    assert kinds(old, new) == ["success-added"]


def test_all_others_are_what_goes_well_where_nothing_else_is() -> None:
    old, new = _answering(_default=_body("string")), _answering(_200=_body("integer"))
    assert "response-type-changed" in kinds(old, new)


def test_a_media_type_is_compared_with_the_range_that_it_is_taken_out_of() -> None:
    def of(**kinds: str) -> dict[str, Any]:
        types = {"range": "*/*", "json": "application/json", "second": "application/json;v=2"}
        return _answering(
            _200={"content": {types[n]: {"schema": {"type": k}} for n, k in kinds.items()}}
        )

    old = of(range="string")
    assert kinds(old, of(range="string", json="integer")) == ["response-type-changed"]
    assert not kinds(old, of(range="string", json="string"))
    plain = of(json="string")
    assert kinds(plain, of(json="string", second="integer")) == ["response-type-changed"]
    assert kinds(of(json="string", second="integer"), plain) == ["response-type-changed"]
