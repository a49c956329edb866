"""The operations of a compiled contract are found alike by the edge, by `why` and by the mock."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.contracts.compile import compile_contract
from forecourt.compiler.contracts.operations import (
    Alternative,
    CompiledOperation,
    NoSuchOperation,
    find_operation,
)
from forecourt.compiler.contracts.serialized import deserialize
from forecourt.contract import Contract, read_contract
from forecourt.contract.matching import best_matches
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract, a_document, an_operation
from tests.edge.luajit import Lua

TEMPLATES = (
    *("/", "/things", "/things/", "/things/{id}", "/things/mine", "/things/{id}/parts/{part}"),
    *("/things/mine/parts", "/things/{id}.json", "/things/{id}:cancel", "/a%20b/{x}", "/é/{x}"),
    *("/compare/{base}...{head}", "/{any}/parts/all", "/both/{x}{y}", "/files/{name}-v{n}.tar"),
)


def compiled(*templates: str, **methods: Any) -> bytes:
    paths = {t: methods or {"get": an_operation()} for t in templates}
    return compile_contract(a_contract(paths=paths), Audience.PUBLIC).way_in


LUA = Lua()
MATCH = LUA.module("operations").match
DECODE = LUA.run("return require('string.buffer').decode")
ALL = compiled(*TEMPLATES)
IN_LUA = DECODE(ALL.decode("latin-1"))


def lua_finds(contract: Any, method: str, path: str) -> Any:
    """The name of the operation and its values, or why not and what is allowed."""
    found = MATCH(contract, method, path)
    if isinstance(found[0], int):
        values = [found[1][i] for i in range(1, len(found[1]) + 1)]
        return contract["operations"][found[0]]["name"], values
    return found[1], (found[2] if len(found) > 2 else None)


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        ("", "GET /", []),
        ("things", "GET /things", []),
        ("things/", "GET /things/", []),
        ("things/17", "GET /things/{id}", ["17"]),
        ("things/a%2Cb", "GET /things/{id}", ["a%2Cb"]),
        ("things/mine", "GET /things/mine", []),
        ("things/m%69ne", "GET /things/mine", []),
        ("things/mine/parts", "GET /things/mine/parts", []),
        ("things/mine/parts/7", "GET /things/{id}/parts/{part}", ["mine", "7"]),
        ("things/7.json", "GET /things/{id}.json", ["7"]),
        ("things/a%2C.json", "GET /things/{id}.json", ["a%2C"]),
        ("things/7:cancel", "GET /things/{id}:cancel", ["7"]),
        ("things/parts/all", "GET /{any}/parts/all", ["things"]),
        ("compare/main...topic", "GET /compare/{base}...{head}", ["main", "topic"]),
        ("x/parts/all", "GET /{any}/parts/all", ["x"]),
        ("both/ab", "GET /both/{x}{y}", ["a", "b"]),
        ("both/a", None, None),
        ("files/a-v1-v2.tar", "GET /files/{name}-v{n}.tar", ["a", "1-v2"]),
        ("a%20b/c", "GET /a%20b/{x}", ["c"]),
        ("%C3%A9/1", "GET /%C3%A9/{x}", ["1"]),
        ("nothing", None, None),
        ("Things", None, None),
        ("things//", None, None),
        ("things/{id}", "GET /things/{id}", ["{id}"]),
        ("/".join("a" * 100), None, None),
    ],
)
def test_finds(path: str, name: str | None, values: list[str] | None) -> None:
    expected = ("no-such-operation", None) if name is None else (name, values)
    assert lua_finds(IN_LUA, "GET", path) == expected
    found = find_operation(ALL, "GET", path)
    assert (found.name if isinstance(found, CompiledOperation) else None) == name


_SEGMENTS = st.one_of(
    st.sampled_from(
        ("things", "mine", "parts", "all", "a b", "é", "compare", "files", "both", "", "x", "7")
    ),
    st.sampled_from(("7.json", "a...b", "...", "x:cancel", ":cancel", "a-v1.tar", "-v.tar", "ab")),
    st.text(st.sampled_from("ab.:-v{}…"), max_size=5),
)


@given(st.lists(_SEGMENTS, min_size=1, max_size=5))
def test_everybody_finds_the_same(segments: list[str]) -> None:
    path = "/".join(quote(segment, safe="{}:") for segment in segments)
    best = best_matches(TEMPLATES, f"/{path}")
    found = find_operation(ALL, "GET", path)
    in_lua = lua_finds(IN_LUA, "GET", path)[0]
    if isinstance(found, CompiledOperation):
        assert in_lua == found.name
        assert found.name in [f"GET {quote(t, safe=_SAFE)}" for t in best]
    else:
        assert in_lua == "no-such-operation"
        assert best == ()


_SAFE = "/{}!$&'()*+,;=:@?#-._~%"


def test_a_method_that_is_not_there_tells_those_that_are() -> None:
    way_in = compiled("/things/{id}", get=an_operation(), delete=an_operation())
    in_lua = DECODE(way_in.decode("latin-1"))
    assert lua_finds(in_lua, "PUT", "things/1") == ("method-not-declared", "DELETE, GET, HEAD")
    found = find_operation(way_in, "PUT", "things/1")
    assert found == NoSuchOperation(allow="DELETE, GET, HEAD")


def test_the_head_of_what_can_be_got_can_be_asked_for() -> None:
    assert lua_finds(IN_LUA, "HEAD", "things") == ("GET /things", [])
    posted = DECODE(compiled("/things", post=an_operation()).decode("latin-1"))
    assert lua_finds(posted, "HEAD", "things") == ("method-not-declared", "POST")


def test_templates_that_mean_the_same_paths_share_their_methods() -> None:
    contract = a_contract(
        paths={"/x/{a}": {"get": an_operation()}, "/x/{b}": {"put": an_operation()}}
    )
    way_in = compile_contract(contract, Audience.PUBLIC).way_in
    found = find_operation(way_in, "PUT", "x/1")
    assert isinstance(found, CompiledOperation)
    assert found.name == "PUT /x/{b}"


HIDDEN = {"get": an_operation(), "x-audience": "internal"}
LAX = {
    "/users/{id}": {"get": an_operation(), "delete": an_operation()},
    "/users/{id}/keys": {"get": an_operation()},
    "/users/admin": HIDDEN,
    "/users/admin/keys": HIDDEN,
    "/users/Ärzte": HIDDEN,
    "/users/me": {"get": an_operation(), "delete": {**an_operation(), "x-audience": "partner"}},
    "/users/Root": {"get": an_operation()},
    "/users/root": HIDDEN,
    "/users/sys-{name}": HIDDEN,
    "/{tenant}/users": HIDDEN,
    "/all/users": {"get": an_operation()},
}


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        *(
            ("GET", f"users/{p}", None)
            for p in ("Admin", "ADMIN", "admin;x=1", "%41dmin;", "admin.")
        ),
        *(("HEAD", f"users/{p}", None) for p in ("aDmin", "admin%20", "admin.json", "Admin.;a")),
        *(("GET", f"users/{p}", None) for p in ("Admin/keys", "admin;a/keys", "admin/Keys")),
        *(("GET", f"users/{p}", None) for p in ("SYS-1", "sys-a;b", "sys-a.json", "rooT")),
        *(
            ("GET", f"users/{p}", None)
            for p in ("%C3%84rzte", "%C3%84rzte;x", "%C3%84rzte.json", "%C3%84RZTE")
        ),
        ("DELETE", "users/Me", None),
        ("DELETE", "users/me;a", None),
        ("GET", "users/Me", "GET /users/{id}"),
        ("DELETE", "users/Admin", "DELETE /users/{id}"),
        ("GET", "users/Root", "GET /users/Root"),
        ("GET", "users/administrator", "GET /users/{id}"),
        ("GET", "users/admin-2;x", "GET /users/{id}"),
        ("GET", "users/7.json", "GET /users/{id}"),
        ("GET", "all/users", "GET /all/users"),
        ("GET", "ALL/users", None),
    ],
)
def test_what_is_hidden_is_not_reached_by_what_others_read_as_it(
    method: str, path: str, name: str | None
) -> None:
    way_in = compile_contract(a_contract(paths=LAX), Audience.PUBLIC).way_in
    found = find_operation(way_in, method, path)
    in_lua = lua_finds(DECODE(way_in.decode("latin-1")), method, path)
    assert in_lua[0] == (name or "no-such-operation")
    assert (found.name if isinstance(found, CompiledOperation) else None) == name
    inside = compile_contract(a_contract(paths=LAX), Audience.INTERNAL).way_in
    assert "shut" not in deserialize(inside)


@given(st.lists(_SEGMENTS, min_size=1, max_size=4))
def test_everybody_finds_as_much_where_something_is_hidden(parts: list[str]) -> None:
    paths = {t: HIDDEN if t.startswith("/things") else LAX["/users/me"] for t in TEMPLATES}
    way_in = compile_contract(a_contract(paths=paths), Audience.PUBLIC).way_in
    path = "/".join(quote(part.swapcase(), safe="{}:;") for part in parts)
    found = find_operation(way_in, "GET", path)
    in_lua = lua_finds(DECODE(way_in.decode("latin-1")), "GET", path)[0]
    assert in_lua == (found.name if isinstance(found, CompiledOperation) else "no-such-operation")


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_is_hidden_is_not_reached_by_what_is_less_specific(method: str) -> None:
    hidden = {"get": an_operation(), "x-audience": "internal"}
    paths = {"/users/{id}": {"get": an_operation()}, "/users/admin": hidden}
    way_in = compile_contract(a_contract(paths=paths), Audience.PUBLIC).way_in
    for path in ("users/admin", "users/%61dmin"):
        assert find_operation(way_in, method, path) == NoSuchOperation()
        in_lua = lua_finds(DECODE(way_in.decode("latin-1")), method, path)
        assert in_lua == ("no-such-operation", None)
    found = find_operation(way_in, "GET", "users/7")
    assert isinstance(found, CompiledOperation)


def test_what_is_left_out_is_not_reached_by_what_is_less_specific() -> None:
    broken = {"responses": {"200": {"$ref": "#/components/responses/Nothing"}}}
    document = a_document(
        paths={"/users/{id}": {"get": an_operation()}, "/users/me": {"get": broken}}
    )
    contract, _ = read_contract(document, "openapi.json")
    assert contract is not None
    assert contract.left_out
    way_in = compile_contract(contract, Audience.PUBLIC).way_in
    assert find_operation(way_in, "GET", "users/me") == NoSuchOperation()


def test_what_is_left_out_is_not_there() -> None:
    contract = a_contract()
    without = Contract(
        title="", version="", openapi="3.1.0", operations=(), document=contract.document
    )
    way_in = compile_contract(without, Audience.PUBLIC).way_in
    assert find_operation(way_in, "GET", "things") == NoSuchOperation()
    assert lua_finds(DECODE(way_in.decode("latin-1")), "GET", "things")[0] == "no-such-operation"


@pytest.mark.parametrize(
    ("held", "is_enough"),
    [
        (None, True),
        ((), False),
        (("read",), False),
        (("read", "write"), True),
        (("admin",), True),
        (("admin", "other"), True),
    ],
)
def test_one_alternative_must_be_held_whole(held: tuple[str, ...] | None, is_enough: bool) -> None:
    operation = CompiledOperation(
        name="",
        scopes=(Alternative(scopes=("read", "write")), Alternative(scopes=("admin",))),
    )
    assert (operation.lacking(held) is None) is is_enough
    lua = Lua()
    terms = {"has_all_scopes": held is None, "scopes": " ".join(held or ())}
    alternatives = [{"all": one.scopes} for one in operation.scopes]
    found = lua.module("scopes").lacking(lua.value(terms), lua.value(alternatives))
    assert (found is None) is is_enough


def test_what_a_person_gives_is_held_by_name_only() -> None:
    operation = CompiledOperation(
        name="", scopes=(Alternative(scopes=("approve",), is_users=True),)
    )
    assert operation.lacking(None) is not None
    assert operation.lacking(("approve",)) is None
