"""What lies between two versions, as the edge loads it."""

from __future__ import annotations

from typing import Any

from forecourt.compiler.contracts.serialized import deserialize
from forecourt.compiler.lenses.compile import CompiledLenses, compile_lenses, hops_between
from forecourt.contract.lenses.program import FunctionPair, Hop, Node, OperationLens, Program
from forecourt.contract.lenses.steps import Change, Map, Rename

NOTHING = Program(nodes=(Node(steps=(Rename(name="a", to="b"),)),))


def a_lens(
    method: str = "GET",
    template: str = "/things",
    becomes: tuple[str, str] | None = ("GET", "/items"),
    **others: Any,
) -> OperationLens:
    return OperationLens(method=method, template=template, becomes=becomes, **others)


def a_hop(*operations: OperationLens, older: str = "1", newer: str = "2", **others: Any) -> Hop:
    return Hop(older=older, newer=newer, operations=operations, **others)


def compiled(*hops: Hop) -> CompiledLenses:
    return compile_lenses(hops, prefix=lambda version: f"/v{version}/")


def told(*hops: Hop) -> Any:
    return deserialize(compiled(*hops).content)


def test_says_from_where_to_where() -> None:
    lenses = compiled(a_hop(a_lens()), a_hop(a_lens("GET", "/items"), older="2", newer="3"))
    assert (lenses.older, lenses.speaks, len(lenses.digest)) == ("1", "3", 32)
    found: Any = deserialize(lenses.content)
    assert found["prefixes"] == {"older": "/v1/", "newer": "/v3/"}


def test_equal_lenses_have_one_digest_and_others_another() -> None:
    assert compiled(a_hop(a_lens())).digest == compiled(a_hop(a_lens())).digest
    assert compiled(a_hop(a_lens())).digest != compiled(a_hop(a_lens("POST"))).digest


def test_operations_share_programs_that_are_equal() -> None:
    found = told(
        a_hop(a_lens(request=NOTHING), a_lens("PUT", answers={"200": NOTHING, "4XX": NOTHING}))
    )
    assert len(found["programs"]) == 1
    first, second = found["operations"]
    assert first["hops"][0]["request"] == 1
    assert second["hops"][0]["answers"] == {"200": 1, "4XX": 1}


def test_leads_to_the_newest_method_and_path() -> None:
    second = a_hop(
        a_lens("GET", "/items", ("POST", "/v3 items/{id}.json"), path={"id": "x"}),
        older="2",
        newer="3",
    )
    (operation,) = told(a_hop(a_lens()), second)["operations"]
    assert operation["method"] == "POST"
    assert operation["pieces"] == ("v3%20items/", {"name": "id"}, ".json")
    assert [hop["path"] for hop in operation["hops"]] == [(), (("id", "x"),)]


def test_says_of_what_is_gone_why() -> None:
    gone = a_hop(a_lens(becomes=None), because={("GET", "/things"): "nobody used it"})
    assert told(gone)["operations"] == ({"name": "GET /things", "gone": "nobody used it"},)


def test_what_is_gone_later_is_gone() -> None:
    second = a_hop(
        a_lens("GET", "/items", None), older="2", newer="3", because={("GET", "/items"): "spent"}
    )
    assert told(a_hop(a_lens()), second)["operations"][0]["gone"] == "spent"
    other = a_hop(a_lens("GET", "/others"), older="2", newer="3")
    assert told(a_hop(a_lens()), other)["operations"][0]["gone"] == ""


def test_urls_lead_back_by_the_operation_that_reads_them() -> None:
    found = told(
        a_hop(
            a_lens("DELETE", "/gone/{id}", ("GET", "/items/{key}"), path={"key": "id"}),
            a_lens("GET", "/things/{id}", ("GET", "/items/{key}"), path={"key": "id"}),
            a_lens("GET", "/codes/{code}", ("GET", "/c/{code}"), parameters={"path": (_coded(),)}),
        )
    )
    (way_back,) = found["ways_back"]
    assert way_back["ways"] == ({"names": ("key",), "pieces": ("things/", {"name": "key"})},)


def _coded() -> Change:
    return Change(name="code", by=Map(pairs=(("a", "b"),), keeps_others=False))


def test_a_pair_of_functions_is_named() -> None:
    pair = FunctionPair(raises="f.py:up", lowers="f.py:down")
    (operation,) = told(a_hop(a_lens(functions=pair)))["operations"]
    assert operation["hops"][0]["functions"] == {"raises": "f.py:up", "lowers": "f.py:down"}


def test_finds_the_hops_between_two_versions() -> None:
    one, two, three = (a_hop(older=str(n), newer=str(n + 1)) for n in (1, 2, 3))
    hops = (one, two, three)
    assert hops_between(hops, "1", "3") == (one, two)
    assert hops_between(hops, "2", "4") == (two, three)
    assert hops_between(hops, "3", "2") == ()
    assert hops_between(hops, "2", "5") == ()
    assert hops_between(hops, "2", "2") == ()


def test_says_which_statuses_are_not_lowered_where_good_ones_are() -> None:
    good = a_lens(answers={"200": NOTHING}, plain=("202", "404"))
    bad = a_lens("PUT", answers={"404": NOTHING}, plain=("200",))
    first, second = told(a_hop(good, bad))["operations"]
    assert first["hops"][0]["plain"] == {"202": True, "404": True}
    assert "plain" not in second["hops"][0]
