"""The real Envoy takes what the compiler makes of any estate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from forecourt.edge.material import Authority, Material, MaterialFolder, Shown
from forecourt.edge.validation import validate
from forecourt.estate.model import Estate
from tests.security.compiled import compiled
from tests.security.estates import (
    EXTERNAL_HOST,
    INTERNAL_HOST,
    PARTNERS,
    Narrowings,
    edge,
    estates,
    narrowings,
)

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with every certificate that a generated estate may name."""
    folder = tmp_path_factory.mktemp("state")
    material = MaterialFolder(folder)
    material.make_folders()
    now = datetime.now(UTC)
    material.mesh.ensure(now)
    authority = Authority(path=material.mesh.certificate)
    material.provide(
        Material(
            shown=(
                Shown(name="external", hosts=(EXTERNAL_HOST,)),
                Shown(name="internal", hosts=(INTERNAL_HOST,)),
            ),
            mesh_authority=None,
            partner_authorities=dict.fromkeys(PARTNERS, authority),
        ),
        now,
    )
    return folder


@settings(max_examples=8, phases=[Phase.generate])
@given(estate=estates(), narrowed=narrowings())
def test_envoy_takes_the_snapshot_of_any_estate(
    state: Path, estate: Estate, narrowed: Narrowings
) -> None:
    validate(compiled(edge(estate, narrowed)).files, state)
