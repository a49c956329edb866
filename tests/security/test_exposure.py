"""Whatever the compiler makes of an estate is closed, by a judgement that knows nothing of it."""

from __future__ import annotations

from hypothesis import given, settings

from forecourt.actions.guarded_apis import as_published, guarded_apis, names_inside
from forecourt.edge.exposure.proof import prove
from forecourt.estate.model import Estate
from tests.examples import some_of
from tests.security.compiled import compiled
from tests.security.estates import Narrowings, edge, estates, narrowings


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_what_is_compiled_is_closed(estate: Estate, narrowed: Narrowings) -> None:
    of = edge(estate, narrowed)
    declared = guarded_apis(estate, {}, narrowed)
    for apis in (declared, as_published(declared, of.apis)):
        proof = prove(compiled(of).files, apis, never=names_inside(estate, apis))
        assert proof.openings == ()
        assert proof.routes > 0
