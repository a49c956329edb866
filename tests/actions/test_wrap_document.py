"""An estate around a document: what it is called, where it leads, and that nothing is wrong."""

from __future__ import annotations

import json
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.document_files import DocumentFiles
from forecourt.actions.parts import wanted_parts
from forecourt.actions.wrap_document import NotServable, Wish, Wrapped, wrap_document
from forecourt.contract.codes import COSTS_OPERATIONS, SAME_TEMPLATE
from forecourt.diagnostics import Severity
from forecourt.estate.audience import Audience
from tests.contract.real import DATA, FOLDERS, with_data

_DAY = date(2024, 3, 1)


def a_document(title: str = "Shop", version: str = "1", **others: Any) -> bytes:
    document = {"openapi": "3.1.0", "info": {"title": title, "version": version}, **others}
    return json.dumps({"paths": {"/things": {"get": {}}}, **document}).encode()


def wrapped(
    data: bytes,
    folder: Path = Path("/nowhere"),
    *,
    audience: Audience = Audience.PUBLIC,
    document: str = "openapi.yaml",
    **wishes: Any,
) -> Wrapped:
    wish = Wish(document=document, audience=audience, organization="Acme", **wishes)
    found = wrap_document(data, DocumentFiles(folder), wish)
    assert isinstance(found, Wrapped)
    return found


def examined(found: Wrapped) -> Examined:
    result = examine(found.contents, None, _DAY, variables=frozenset())
    assert result.diagnostics == ()
    return result


@pytest.mark.parametrize("audience", Audience)
def test_nothing_is_wrong_with_an_estate_for(audience: Audience) -> None:
    found = wrapped(a_document(), audience=audience)
    api = examined(found).estate.apis["shop"]
    assert api.audience is audience
    assert (api.name, api.title, found.api) == ("shop", "Shop", "shop")


@pytest.mark.parametrize(
    ("title", "document", "name"),
    [
        ("Shop API", "a.yaml", "shop-api"),
        ('The "best": #1 {shop} $HOME', "a.yaml", "the-best-1-shop-home"),
        ("two\nlines", "a.yaml", "two-lines"),
        ("店", "shop.v1.yaml", "shop"),
        ("", "1.yaml", "api"),
        ("x" * 500, "a.yaml", "x" * 63),
        ("1Password", "1.yaml", "api"),
    ],
    ids=["plain", "punctuation", "lines", "no letters", "nothing", "long", "a digit first"],
)
def test_an_api_is_called_after(title: str, document: str, name: str) -> None:
    found = wrapped(a_document(title), document=document)
    assert found.api == name
    assert list(examined(found).estate.apis) == [name]


@pytest.mark.parametrize("audience", Audience)
def test_a_title_may_be_a_word_that_yaml_takes_for_nothing(audience: Audience) -> None:
    found = wrapped(a_document(title="NULL"), audience=audience)
    assert examined(found).estate.apis["null"].audience is audience


def test_an_api_may_be_given_a_name() -> None:
    assert list(examined(wrapped(a_document(), name="lamps")).estate.apis) == ["lamps"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("1", "1"),
        ("v2", "2"),
        ("2.4.1", "2"),
        ("1.0.0-beta.1", "1"),
        ("0.10.1", "0.10"),
        ("2022-11-15", "2022-11-15"),
        ("r3.2", "r3.2"),
        ("version one", "1"),
        ("unversioned", "1"),
        ("", "1"),
        ("${VERSION}", "1"),
    ],
)
def test_a_version_is_called(written: str, name: str) -> None:
    (version,) = (
        examined(wrapped(a_document(version=written), name="shop")).estate.apis["shop"].versions
    )
    assert version.name == name


@pytest.mark.parametrize(
    ("server", "upstream", "url"),
    [
        ("https://shop.example/v2", None, "http://shop.example.internal:8080/v2"),
        ("https://shop.example/", None, "http://shop.example.internal:8080"),
        ("https://shop.example/v2", "http://shop.svc:8080", "http://shop.svc:8080/v2"),
        ("https://shop.example/v2", "http://shop.svc:8080/", "http://shop.svc:8080/v2"),
        ("https://shop.example/v2", "http://shop.svc/own", "http://shop.svc/own"),
        ("/a b\n", "http://shop.svc", "http://shop.svc"),
    ],
)
def test_the_service_is_asked_below_its_base_path(
    server: str, upstream: str | None, url: str
) -> None:
    found = wrapped(a_document(servers=[{"url": server}]), upstream=upstream)
    assert examined(found).estate.apis["shop"].upstream.url == url


def test_one_file_stands_beside_the_api() -> None:
    data = a_document()
    found = wrapped(data, document="anything.json")
    assert found.contents["apis/shop/openapi.json"] == data


def test_several_files_keep_their_places(tmp_path: Path) -> None:
    (tmp_path / "specs" / "paths").mkdir(parents=True)
    (tmp_path / "common").mkdir()
    (tmp_path / "specs/paths/a.yaml").write_text(
        "get: {responses: {200: {$ref: ../../common/ok.yaml}}}\n"
    )
    (tmp_path / "common/ok.yaml").write_text("description: fine\n")
    (tmp_path / "common/unused.yaml").write_text("description: unused\n")
    data = a_document(paths={"/a": {"$ref": "paths/a.yaml"}})
    found = wrapped(data, tmp_path, document="specs/api.yaml")
    assert sorted(p for p in found.contents if "/contract/" in p) == [
        "apis/shop/contract/common/ok.yaml",
        "apis/shop/contract/specs/api.yaml",
        "apis/shop/contract/specs/paths/a.yaml",
    ]
    (contract,) = examined(found).contracts.values()
    assert [str(o) for o in contract.operations] == ["GET /a"]


def test_what_a_document_refers_to_outside_its_folder_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("get: {}\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    data = a_document(paths={"/a": {"$ref": "../secret.yaml"}, "/b": {"get": {}}})
    found = wrapped(data, inside)
    assert [str(o) for o in found.contract.left_out] == ["* /a"]
    assert not any("secret" in path for path in found.contents)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "not-utf8"),
        (b"a: [", "unreadable-yaml"),
        (b"swagger: '2.0'", "openapi-2"),
        (b"name: shop", "not-openapi"),
        (b"openapi: 3.1.0\npaths: {}\nbad: 1\n", "no-operations"),
        (b"openapi: 3.1.0\npaths: {a: {get: {}}, b: {get: {}}}\nbad: 1\n", "bad-template"),
    ],
)
def test_says_why_a_document_cannot_be_served(data: bytes, code: str) -> None:
    wish = Wish(document="a.yaml", audience=Audience.PUBLIC, organization="Acme")
    found = wrap_document(data, DocumentFiles(Path("/nowhere")), wish)
    assert isinstance(found, NotServable)
    assert [d.name for d in found.diagnostics] == [code]


# --- whatever a document says ---------------------------------------------------------------------


@given(
    title=st.text(max_size=80),
    version=st.text(max_size=12) | st.from_regex(r"[vV]?[0-9.]{1,6}", fullmatch=True),
    server=st.text(max_size=20),
    organization=st.text(max_size=20),
    audience=st.sampled_from(Audience),
)
def test_whatever_it_is_called_nothing_is_wrong(
    title: str, version: str, server: str, organization: str, audience: Audience
) -> None:
    data = a_document(title, version, servers=[{"url": server}])
    wish = Wish(document="a.yaml", audience=audience, organization=organization)
    found = wrap_document(data, DocumentFiles(Path("/nowhere")), wish)
    assert isinstance(found, Wrapped)
    examined(found)


# The others hold tests of other things, and many documents that are nearly the same.
VENDORS = sorted(
    set(FOLDERS) - {"derived", "json-schema-test-suite", "json-test-suite", "oasdiff", "spectral"}
)


def _documents(folder: str) -> list[Path]:
    """Those of a folder; of a document in thousands of files, the first."""
    if folder == "digitalocean":
        return [DATA / "digitalocean/specification/DigitalOcean-public.v2.yaml"]
    found = (DATA / folder).rglob("*")
    return sorted(path for path in found if path.suffix in {".json", ".yaml", ".yml"})


@with_data
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("folder", VENDORS)
def test_an_estate_has_no_error_but_of_what_is_left_out_around(folder: str) -> None:
    for path, audience in zip(_documents(folder), cycle(Audience), strict=False):
        wish = Wish(document=path.name, audience=audience, organization="Acme")
        found = wrap_document(path.read_bytes(), DocumentFiles(path.parent), wish)
        if isinstance(found, NotServable):
            assert len(found.diagnostics) == 1, path
            continue
        result = examine(found.contents, None, _DAY, variables=frozenset())
        errors = [d for d in result.diagnostics if d.severity is Severity.ERROR]
        assert [d for d in errors if d.name not in COSTS_OPERATIONS] == [], path
        (contract,) = result.contracts.values()
        warned = {d.span for d in result.diagnostics if d.name == SAME_TEMPLATE.name}
        assert bool(errors) == any(o.span not in warned for o in contract.left_out), path
        assert [str(o) for o in contract.operations] == [str(o) for o in found.contract.operations]
        assert f"api/{found.api}" in wanted_parts(result.estate, {}, local=True)
