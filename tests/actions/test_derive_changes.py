"""The changes of an estate: read with both contracts, and not twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.estate_files import files_below
from forecourt.source.folder import EstateFolder

_ACME = Path(__file__).parents[2] / "examples" / "acme"
_DAY = date(2029, 3, 1)
_CHANGES = "apis/payments/changes/2.yaml"
_NEWER = "apis/payments/v2.openapi.yaml"


@pytest.fixture(scope="module")
def files() -> dict[str, str | bytes]:
    return EstateFolder(_ACME).read()[0]


def _examine(
    files: dict[str, str | bytes], before: Examined | None = None, today: date = _DAY
) -> Examined:
    return examine(files, None, today, before=before, others=files_below(_ACME))


def _codes(examined: Examined) -> set[str]:
    return {d.code for d in examined.diagnostics}


def _without(
    files: dict[str, str | bytes], path: str, text: str, other: str = ""
) -> dict[str, str | bytes]:
    content = files[path]
    assert isinstance(content, str)
    assert text in content
    return {**files, path: content.replace(text, other)}


def test_the_example_accounts_for_everything(files: dict[str, str | bytes]) -> None:
    examined = _examine(files)
    assert examined.diagnostics == ()
    (derived,) = examined.changes["payments"].changes
    assert derived.derived.mistakes == ()
    assert (derived.derived.hop.older, derived.derived.hop.newer) == ("1", "2")


def test_a_file_of_changes_that_is_new_is_derived(files: dict[str, str | bytes]) -> None:
    third = _without(
        files,
        "apis/payments/api.yaml",
        '"2": {contract: v2.openapi.yaml, overlays: [v2.overlay.yaml], status: current}',
        '"2": {contract: v2.openapi.yaml, overlays: [v2.overlay.yaml]}\n'
        '  "3": {contract: v2.openapi.yaml, overlays: [v2.overlay.yaml]}',
    )
    first = _examine(third)
    added = {
        **third,
        "apis/payments/changes/3.yaml": 'version: "3"\nsummary: Less\nchanges:\n'
        "  - {rename: nothing, to: anything, in: [Payment], because: none}\n",
    }
    assert "FC031" in _codes(_examine(added)) - _codes(first)
    assert "FC031" in _codes(_examine(added, first))


def test_a_version_that_cannot_be_read_any_more_is_told(files: dict[str, str | bytes]) -> None:
    first = _examine(files)
    broken = _without(files, "apis/payments/api.yaml", "status: current", "status: curent")
    assert _codes(_examine(broken, first)) == _codes(_examine(broken))


def test_what_has_not_changed_is_not_derived_again(files: dict[str, str | bytes]) -> None:
    first = _examine(files)
    again = _examine({**files, "notes.yaml": "a: b"}, first)
    assert again.changes["payments"] is first.changes["payments"]
    assert (
        _examine(files, first, _DAY + timedelta(days=1)).changes["payments"]
        is not (first.changes["payments"])
    )


def test_another_contract_is_proved_again(files: dict[str, str | bytes]) -> None:
    first = _examine(files)
    renamed = _without(files, _NEWER, "customerId, status, created]", "customerId, status]")
    again = _examine(renamed, first)
    assert "FC315" in _codes(again)
    assert _examine(files, again).diagnostics == ()


def test_other_changes_are_derived_again(files: dict[str, str | bytes]) -> None:
    first = _examine(files)
    again = _examine(_without(files, _CHANGES, "rename: customer_id", "rename: customer"), first)
    assert "FC031" in _codes(again)
    # Of changes with mistakes it is not said what they leave out.
    assert "FC315" not in _codes(again)


def test_an_api_of_which_not_all_is_known_has_no_changes_to_judge(
    files: dict[str, str | bytes],
) -> None:
    broken = _without(files, "apis/payments/api.yaml", "audience: public", "audience: publik")
    assert "payments" not in _examine(broken).changes
