from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from forecourt.source.estate import read_estate
from forecourt.source.files.api import API
from forecourt.source.files.organization import ORGANIZATION
from forecourt.source.files.partner import PARTNER
from forecourt.source.files.plans import PLANS
from forecourt.source.files.services import SERVICES
from forecourt.source.files.tiers import TIERS
from forecourt.source.files.waiver import WAIVER
from forecourt.source.vocabulary.collection import ByName, Listed, OneOrMoreOf
from forecourt.source.vocabulary.foreign import our_name
from forecourt.source.vocabulary.foreign_names import FOREIGN_NAMES
from forecourt.source.vocabulary.quantities import whole
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.words import TEXT
from tests.source.builders import read

FILES = (API, ORGANIZATION, PARTNER, PLANS, SERVICES, TIERS, WAIVER)

NAME = required("name", TEXT, "what it is called")
SIZE = optional("size", whole(1, 9), "how large it is", default=5)
NOTE = optional("note", TEXT, "what else is to be said")


def build(row: Row, at: At) -> tuple[str, int, str | None]:
    return row[NAME], row[SIZE], row[NOTE]


THING = Record(expects="a mapping with `name`", fields=(NAME, SIZE, NOTE), build=build)


def records(kind: Any) -> Iterator[Record[Any]]:
    """Every record inside of a kind, and the record itself."""
    match kind:
        case Record():
            yield kind
            for field in kind.fields:
                yield from records(field.kind)
        case Listed() | OneOrMoreOf():
            yield from records(kind.of)
        case ByName():
            yield from records(kind.values)
        case _:
            return


def test_what_is_left_out_has_its_default() -> None:
    assert read(THING, "{name: a}") == (("a", 5, None), [])


def test_what_is_written_counts() -> None:
    assert read(THING, "{name: a, size: 1, note: b}") == (("a", 1, "b"), [])


def test_every_mistake_is_reported_and_nothing_is_built() -> None:
    value, told = read(THING, "{size: 0, note: [], colour: red}")
    assert value is None
    assert [text.split(" ")[0] for text in told] == ["`size`", "`note`", "unknown", "`name`"]


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    _, told = read(THING, "{nmae: a}")
    assert told == ["unknown key `nmae`; did you mean `name`?"]


def test_a_key_that_could_not_be_read_is_not_missing_as_well() -> None:
    _, told = read(THING, "{name: []}")
    assert told == ["`name` is a list, not a text"]


def test_null_is_not_a_value() -> None:
    _, told = read(THING, "{name: a, note: }")
    assert told == ["`note` is empty, not a text"]


def test_places_hold_each_key_that_was_written() -> None:
    seen: list[At] = []

    def remember(row: Row, at: At) -> str:
        seen.append(at)
        return "read"

    listed = optional("list", Listed(of=TEXT, expects="a list"), "a list")
    nested = Record(expects="a mapping", fields=(listed,), build=lambda row, at: row[listed])
    inner = optional("inner", nested, "a mapping")
    outer = Record(expects="a mapping", fields=(inner, NOTE), build=remember)
    assert read(outer, "inner:\n  list: [a,\n    b]\nnote: c\n") == ("read", [])
    places = seen[0].places
    assert {key: (places[key].line, places[key].column) for key in places} == {
        "inner": (1, 1),
        "inner.list": (2, 3),
        "inner.list.0": (2, 10),
        "inner.list.1": (3, 5),
        "note": (4, 7),
    }


@pytest.mark.parametrize("file", FILES, ids=lambda record: record.expects)
def test_every_key_is_spelt_alike_and_says_what_it_is_for(file: Record[Any]) -> None:
    for record in records(file):
        keys = [field.key for field in record.fields]
        assert len(set(keys)) == len(keys)
        for field in record.fields:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", field.key)
            assert field.about
            assert not field.about.endswith(".")


def test_every_foreign_name_leads_to_one_of_our_keys() -> None:
    ours = [record for file in FILES for record in records(file)]
    known = {field.key for record in ours for field in record.fields}
    for foreign, names in FOREIGN_NAMES.items():
        assert foreign == re.sub(r"[-_ .]", "", foreign).lower(), foreign
        for name in names:
            first, _, inner = name.partition(".")
            assert first in known, (foreign, name)
            assert not inner or any(
                inner in {f.key for r in records(field.kind) for f in r.fields}
                for record in ours
                for field in record.fields
                if field.key == first
            ), (foreign, name)


def test_each_foreign_name_is_answered_somewhere() -> None:
    shapes = [{f.key for f in record.fields} for file in FILES for record in records(file)]
    silent = [
        foreign
        for foreign in FOREIGN_NAMES
        if not any(our_name(foreign, keys) for keys in shapes if foreign not in keys)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("written", "keys", "ours"),
    [
        ("requestsPerMinute", ("requests_per_minute",), "requests_per_minute"),
        ("requests-per-minute", ("requests_per_minute",), "requests_per_minute"),
        ("requestsPerMinute", ("rate_limit",), "rate_limit.requests_per_minute"),
        ("max_concurrency", ("concurrent_requests",), "concurrent_requests"),
        ("concurrent", ("rate_limit",), "rate_limit.concurrent_requests"),
        ("measurement_window", ("target", "window"), "window"),
        ("dedicatedContactEmail", ("id", "support"), "support.contact"),
        ("dedicatedContactEmail", ("contact",), "contact"),
        ("rateLimit", ("rate_limit",), "rate_limit"),
        ("allowedVersions", ("allowed_versions",), "allowed_versions"),
        ("colour", ("name",), None),
        ("ownerTeam", ("name",), None),
    ],
)
def test_a_foreign_name_depends_on_the_place(
    written: str, keys: tuple[str, ...], ours: str | None
) -> None:
    assert our_name(written, keys) == ours


def test_a_text_where_a_secret_may_stand_is_not_repeated() -> None:
    for text in ("channels: hunter2", "channels: {slack: hunter2}", "channels: {email: hunter2}"):
        _, mistakes = read_estate({"forecourt.yaml": text})
        assert mistakes
        assert not any("hunter2" in f"{m.message} {m.help}" for m in mistakes)
