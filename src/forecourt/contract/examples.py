"""What an operation answers, by example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forecourt.contract.dialect import Translations
from forecourt.contract.example_headers import example_headers
from forecourt.contract.given_examples import given_example
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Operation, Response
from forecourt.contract.references import reference_to
from forecourt.contract.sampling import NoSample, sample
from forecourt.contract.values import Json, descend


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An answer to show. `media_type` None: there is no body.

    `name` is the example's, if it is one of several. `seed` is what a value was made with; None
    where the contract gives it, or where no seed was asked for. `headers` are the fields that the
    response declares and for which there is a value.
    """

    status: int
    media_type: str | None = None
    value: Json = None
    name: str | None = None
    seed: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoExample:
    """The contract gives no example, and none was found.

    `place` is the JSON pointer of the schema, or of the operation that declares no answer.
    """

    place: str
    reason: str
    what: str = "no value was found for the schema"
    help: str = "give the response an `example`"


# Answers that never have a body, whatever a contract says (RFC 9110, section 15).
_WITHOUT_BODY = frozenset({204, 205, 304})

# Of answers that do not mean success; 2XX comes before them.
_RANGES = frozenset({"3XX", "4XX", "5XX"})


def choose_example(
    document: Json,
    operation: Operation,
    *,
    openapi: str,
    status: int | None = None,
    name: str | None = None,
    seed: str | None = None,
    translations: Translations | None = None,
) -> Example | NoExample:
    """An operation's answer, always the same for the same question.

    `document` is the contract's, decoded, of that version of OpenAPI. Without a status it is the
    lowest that means success, else the lowest there is; where none is declared there is nothing to
    show, since the edge lets no other through. A status or a name that the contract does not know
    is passed over, as preferences are. An example of the contract is shown as it is; without one, a
    value is made for which the schema holds. A `seed` makes another, the same for the same seed.
    `translations` are those of the document, for who asks for many answers.
    """
    answer = _choose_response(operation.responses, status)
    if answer is None:
        return NoExample(
            place=reference_to(operation.pointer).removeprefix("#"),
            what="no response is declared",
            reason="the edge lets nothing through that is not declared",
            help="declare the status that it answers with",
        )
    code, response = answer
    # The same seed does not give two answers the same names and numbers.
    salt = None if seed is None else f"{seed} {operation} {code}"
    headers = example_headers(document, response.headers, openapi=openapi, seed=salt)
    if not response.contents or code in _WITHOUT_BODY:
        return Example(status=code, headers=headers)
    content = _choose_content(document, response.contents, name)
    written = descend(document, content.pointer)
    if (found := given_example(document, written, content.examples, name)) is not None:
        chosen, value = found
        return Example(
            status=code, media_type=content.media_type, value=value, name=chosen, headers=headers
        )
    shown = Example(status=code, media_type=content.media_type, seed=seed, headers=headers)
    if content.schema is None or not _can_be_made(content):
        return replace(shown, seed=None)
    salted = None if salt is None else f"{salt} {content.media_type}"
    made = sample(document, content.schema, openapi=openapi, seed=salted, translations=translations)
    if isinstance(made, NoSample):
        return NoExample(place=made.place, reason=made.reason)
    return replace(shown, value=made.value)


def _choose_response(
    responses: Sequence[Response], wanted: int | None
) -> tuple[int, Response] | None:
    """A response, and the status to answer with; None where none is declared."""
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
    if answers:
        return answers[0], by_status[str(answers[0])]
    ranges = sorted(s for s in by_status if s in _RANGES)
    return (int(ranges[0][0]) * 100, by_status[ranges[0]]) if ranges else None


def _choose_content(document: Json, contents: Sequence[Content], name: str | None) -> Content:
    """The first media type that has an example of that name; else the first that can be shown."""
    for content in contents:
        if name in content.examples:
            return content
    for content in contents:
        written = descend(document, content.pointer)
        if (
            _can_be_made(content)
            or given_example(document, written, content.examples, None) is not None
        ):
            return content
    return contents[0]


def _can_be_made(content: Content) -> bool:
    """Whether a value says how its body is written: as JSON, or as the text that it is."""
    return is_json(content.media_type) or content.media_type.lower().startswith("text/")
