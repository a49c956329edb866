"""Equal estates give equal bytes, however they are written."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.diagnostics import Places, Span
from forecourt.estate.api import Api
from forecourt.estate.consumers import Partner, PartnerCertificates
from forecourt.estate.model import Estate
from tests.examples import some_of
from tests.security.compiled import compiled
from tests.security.estates import edge, estates


@settings(max_examples=some_of(25))
@given(estates())
def test_the_same_estate_gives_the_same_bytes(estate: Estate) -> None:
    once, again = compiled(edge(estate)), compiled(edge(estate))
    assert once.files == again.files
    assert once.digest == again.digest


@settings(max_examples=some_of(40))
@given(estates(), st.randoms(use_true_random=False))
def test_the_order_of_declaration_changes_nothing(estate: Estate, chance: random.Random) -> None:
    other = shuffled(estate, chance)
    assert compiled(edge(other)).files == compiled(edge(estate)).files


@settings(max_examples=some_of(40))
@given(estates(), st.integers(1, 10_000))
def test_reformatting_a_file_changes_nothing(estate: Estate, by: int) -> None:
    moved = elsewhere(estate, by)
    assert moved.organization is not None
    assert estate.organization is not None
    assert moved.organization.places.origin != estate.organization.places.origin
    assert compiled(edge(moved)).digest == compiled(edge(estate)).digest


@settings(max_examples=some_of(25))
@given(estates(), estates())
def test_another_digest_means_other_bytes(one: Estate, other: Estate) -> None:
    made, another = compiled(edge(one)), compiled(edge(other))
    assert (made.digest == another.digest) == (made.files == another.files)


def shuffled(estate: Estate, chance: random.Random) -> Estate:
    """The same, with everything that has no order of its own in another one."""

    def mixed(items: Any) -> Any:
        pairs = list(items.items() if isinstance(items, dict) else items)
        chance.shuffle(pairs)
        return dict(pairs) if isinstance(items, dict) else tuple(pairs)

    def api(one: Api) -> Api:
        return replace(one, allow=None if one.allow is None else mixed(one.allow))

    def partner(one: Partner) -> Partner:
        apis = {k: None if v is None else mixed(v) for k, v in mixed(dict(one.apis)).items()}
        certificates = one.certificates
        if certificates is not None:
            certificates = PartnerCertificates(
                sha256=mixed(certificates.sha256), ca=certificates.ca
            )
        return replace(one, apis=apis, sunsets=mixed(dict(one.sunsets)), certificates=certificates)

    organization = estate.organization
    assert organization is not None
    internal = replace(
        organization.internal, mesh_proxies=mixed(organization.internal.mesh_proxies)
    )
    return replace(
        estate,
        organization=replace(organization, issuers=mixed(organization.issuers), internal=internal),
        apis=mixed({name: api(one) for name, one in estate.apis.items()}),
        services=mixed(dict(estate.services)),
        partners=mixed({name: partner(one) for name, one in estate.partners.items()}),
        plans=mixed(dict(estate.plans)),
    )


def elsewhere(value: Any, by: int) -> Any:
    """The same value, written so many lines further down."""
    match value:
        case Span():
            return Span(value.path, value.line + by, value.column)
        case Places():
            return Places(elsewhere(value.origin, by))
        case dict():
            return {key: elsewhere(inner, by) for key, inner in value.items()}
        case tuple():
            return tuple(elsewhere(inner, by) for inner in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            moved = {f.name: elsewhere(getattr(value, f.name), by) for f in fields(value)}
            return replace(value, **moved)
        case _:
            return value
