"""What was published, by its parts and by the routes that were made of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from forecourt.actions.parts import wanted_parts
from forecourt.actions.served_versions import served_by, served_versions
from forecourt.edge.served_policies import served_policies
from forecourt.estate.api import Scheme, Status
from forecourt.governance.rule import ServedVersion
from tests.compiler.builders import a_snapshot, lowered
from tests.governance.builders import a_version, an_api, an_estate

OLD = a_version("1", status=Status.DEPRECATED, deprecated=date(2023, 1, 1), sunset=date(2024, 7, 1))
ESTATE = an_estate(
    an_api(versions=(OLD, a_version("2"), a_version("3", status=Status.DRAFT))),
    an_api("users", "internal"),
    an_api("prices", "partner", scheme=Scheme.HEADER, versions=(a_version("1"), a_version("2"))),
)
SERVED = {
    "payments": (
        ServedVersion(name="1", sunset=date(2024, 7, 1), prefix="/payments/v1/"),
        ServedVersion(name="2", sunset=None, prefix="/payments/v2/"),
    ),
    "prices": (
        ServedVersion(name="1", sunset=None, prefix="/prices/"),
        ServedVersion(name="2", sunset=None, prefix="/prices/"),
    ),
}


def test_a_revision_says_it() -> None:
    assert served_versions(wanted_parts(ESTATE, {}, local=False)) == SERVED


def test_the_folder_that_the_edge_serves_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    for name, content in a_snapshot(lowered(ESTATE)).files.items():
        (tmp_path / "current" / name).write_bytes(content)
    found = served_by(served_policies(tmp_path) or ())
    in_order = {api: tuple(sorted(v, key=lambda v: v.name)) for api, v in found.items()}
    assert in_order == SERVED


def test_a_folder_that_nobody_serves_says_nothing(tmp_path: Path) -> None:
    assert served_policies(tmp_path) is None
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "routes-internal.json").write_text("{")
    assert served_policies(tmp_path) is None
    (tmp_path / "current" / "routes-internal.json").write_text(json.dumps({"resources": []}))
    assert served_policies(tmp_path) == ()
