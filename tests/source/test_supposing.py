"""What is known of a file that has mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.estate.unread import Unknown
from forecourt.source.estate import EstateReader, Read
from tests.source.builders import an_api, an_estate

API = "apis/payments/api.yaml"


def read(files: dict[str, str | bytes]) -> Read:
    return EstateReader().read(an_estate(files))


def supposed(more: str, **replaced: str) -> Any:
    text = an_api("payments", more)
    for before, after in replaced.items():
        text = text.replace(f"{before}:", after)
    return read({API: text}).supposed.apis["payments"]


def test_a_sound_estate_is_all_that_is_supposed() -> None:
    found = read({API: an_api("payments")})
    assert found.supposed == found.estate
    assert found.supposed_in == frozenset()


def test_a_file_with_a_mistake_is_absent_and_supposed() -> None:
    found = read({API: an_api("payments", "colour: red\n"), "apis/a/api.yaml": an_api("a")})
    assert list(found.estate.apis) == ["a"]
    assert list(found.supposed.apis) == ["a", "payments"]
    assert found.supposed_in == {API}


@pytest.mark.parametrize(
    ("more", "unread"),
    [
        ("allow: orders\n", lambda api: list(api.allow)),
        ("alow: [orders]\n", lambda api: list(api.allow)),
        ("allow: [orders, [users]]\n", lambda api: "users" in api.allow),
        ('versions: {"1": {contract: [a]}}\n', lambda api: str(api.versions[0].contract)),
        ('versions: {"1": 5}\n', lambda api: str(api.versions[0].contract)),
        ("versions: 5\n", lambda api: list(api.versions)),
        ("versioning: {scheme: pth}\n", lambda api: str(api.scheme)),
        ("versioning: {scheme: path}\n", lambda api: list(api.versions)),
        (
            "posture: {body_limits: {bytes: 5 PB}}\n",
            lambda api: str(api.posture["body_limits"].bytes),
        ),
    ],
    ids=lambda given: given.strip() if isinstance(given, str) else "",
)
def test_what_could_not_be_read_is_unread_and_the_rest_is_there(more: str, unread: Any) -> None:
    api = supposed(more)
    assert (api.name, api.path, api.upstream.url) == (
        *("payments", "/payments/"),
        "http://payments.svc:8080",
    )
    with pytest.raises(Unknown) as asked:
        unread(api)
    assert asked.value.path == API


@pytest.mark.parametrize("key", ["audience", "owner", "upstream", "name"])
def test_what_must_be_there_and_is_not_is_unread(key: str) -> None:
    api = supposed("title: Pay\nallow: [orders]\n", **{key: f"{key[:-1]}:"})
    assert (api.name, api.title, api.allow) == ("payments", "Pay", ("orders",))


def test_other_keys_keep_their_places() -> None:
    api = supposed("colour: red\nallow: [orders]\n")
    assert str(api.places["allow.0"]) == f"{API}:6:9"


def test_how_parts_fit_together_is_looked_at_in_spite_of_other_mistakes() -> None:
    dates = "sunset: 2030-01-01, deprecated: 2031-01-01"
    more = f'colour: red\nversions: {{"1": {{contract: a.yaml, {dates}}}}}\n'
    found = read({API: an_api("payments", more)})
    assert [d.name for d in found.mistakes if d.span.path == API] == [
        "unknown-key",
        "bad-versions",
    ]


def test_entries_of_a_file_of_many_are_supposed_one_by_one() -> None:
    found = read(
        {"services.yaml": "services: {a: {identity: spiffe://acme.example/a}, b: {identity: 5}}\n"}
    )
    assert list(found.estate.services) == ["a"]
    assert list(found.supposed.services) == ["a", "b"]


@pytest.mark.parametrize("text", ["services: [", "services: 5", "- a"])
def test_of_a_file_without_form_nothing_is_supposed(text: str) -> None:
    found = read({"services.yaml": text})
    assert found.supposed.services == {}
    assert found.supposed_in == frozenset()


@pytest.mark.parametrize("key", ["versioning: {scheme: non}", "vesrioning: {scheme: none}"])
def test_a_scheme_that_is_unread_contradicts_nothing(key: str) -> None:
    text = an_api("payments", f"{key}\ncontract: openapi.yaml\n")
    (mistake,) = read({API: text}).mistakes
    assert str(mistake.span) == f"{API}:{len(text.splitlines()) - 1}:{mistake.span.column}"
