"""What an operation answers, by example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forecourt.contract.model import Content, Operation, Response
from forecourt.contract.references import Lost, follow
from forecourt.contract.samples import sample
from forecourt.contract.values import Json, child, descend


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An answer to show. `media_type` None: there is no body. `name`: the example's, if named."""

    status: int
    media_type: str | None = None
    value: Json = None
    name: str | None = None


def choose_example(
    document: Json, operation: Operation, *, status: int | None = None, name: str | None = None
) -> Example:
    """An operation's answer, always the same for the same question.

    `document` is the contract's, decoded. Without a status it is the lowest that means success. A
    status or a name that the contract does not know is passed over, as preferences are.
    """
    code, response = _choose_response(operation.responses, status)
    if response is None or not response.contents:
        return Example(status=code)
    content = _choose_content(response.contents, name)
    written = descend(document, content.pointer)
    named = _named_example(document, written, content, name)
    if named is not None:
        chosen, value = named
        return Example(status=code, media_type=content.media_type, value=value, name=chosen)
    value = child(written, "example")
    if value is None:
        value = sample(document, child(written, "schema"))
    return Example(status=code, media_type=content.media_type, value=value)


def _choose_response(
    responses: Sequence[Response], wanted: int | None
) -> tuple[int, Response | None]:
    """A response, and the status to answer with: 200 where nothing else is said."""
    by_status = {r.status: r for r in responses}
    if wanted is not None:
        for key in (str(wanted), f"{wanted // 100}XX", "default"):
            if (response := by_status.get(key)) is not None:
                return wanted, response
    exact = sorted(int(s) for s in by_status if s.isdigit())
    successes = [code for code in exact if 200 <= code < 300]
    if successes:
        return successes[0], by_status[str(successes[0])]
    for key in ("2XX", "default"):
        if (response := by_status.get(key)) is not None:
            return 200, response
    answers = [code for code in exact if code >= 300]  # 1xx is no answer
    return (answers[0], by_status[str(answers[0])]) if answers else (200, None)


def _choose_content(contents: Sequence[Content], name: str | None) -> Content:
    """The first media type that has an example of that name; else the first of all."""
    return next((c for c in contents if name in c.examples), contents[0])


def _named_example(
    document: Json, written: Json, content: Content, wanted: str | None
) -> tuple[str, Json] | None:
    """The example of that name; without a single `example` beside them, the first there is.

    One that is kept in another file (`externalValue`) cannot be shown.
    """
    if wanted in content.examples:
        names: tuple[str, ...] = (wanted, *content.examples)
    elif child(written, "example") is not None:
        return None
    else:
        names = content.examples
    examples = follow(document, child(written, "examples"), ())
    if isinstance(examples, Lost):
        return None
    for name in names:
        example = follow(document, child(examples.value, name), ())
        if not isinstance(example, Lost) and "value" in _keys(example.value):
            return name, child(example.value, "value")
    return None


def _keys(value: Json) -> set[str]:
    return set(value) if isinstance(value, dict) else set()
