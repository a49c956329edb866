"""The changes of an estate: read with both contracts, and not twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.estate_files import files_below
from forecourt.actions.read_contracts import Reading
from forecourt.governance import UncoveredFact
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


class _Proofs:
    """Remembers all that it is told."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[UncoveredFact, ...]] = {}
        self.recalled = 0

    def recall_proof(self, digest: str) -> tuple[UncoveredFact, ...] | None:
        self.recalled += digest in self.known
        return self.known.get(digest)

    def remember_proof(self, digest: str, uncovered: tuple[UncoveredFact, ...]) -> None:
        self.known[digest] = uncovered


def test_what_was_proved_is_not_proved_again(files: dict[str, str | bytes]) -> None:
    proofs = _Proofs()
    for expected in (0, 1):
        examine(files, None, _DAY, reading=Reading(proofs=proofs), others=files_below(_ACME))
        assert (len(proofs.known), proofs.recalled) == (1, expected)


@pytest.mark.parametrize(
    ("path", "text", "other"),
    [
        (_CHANGES, "because: consistency", "because: order"),
        (_NEWER, "title: External Payment API", "title: Payments"),
        ("apis/payments/v1.openapi.yaml", "title: External Payment API", "title: Payments"),
        ("apis/payments/v2.overlay.yaml", "overlay: 1.0.0", "overlay: '1.0.0'"),
        ("apis/payments/api.yaml", "256 KB", "128 KB"),
    ],
)
def test_whatever_it_follows_from_is_proved_anew(
    files: dict[str, str | bytes], path: str, text: str, other: str
) -> None:
    proofs, reading = _Proofs(), Reading
    examine(files, None, _DAY, reading=reading(proofs=proofs))
    examine(_without(files, path, text, other), None, _DAY, reading=reading(proofs=proofs))
    examine(files, None, _DAY + timedelta(days=1), reading=reading(proofs=proofs))
    assert (len(proofs.known), proofs.recalled) == (3, 0)


def test_what_is_remembered_is_told(files: dict[str, str | bytes]) -> None:
    broken = _without(files, _CHANGES, "  - {rename: customer_id", "  # - {rename: customer_id")
    proofs = _Proofs()
    first = examine(broken, None, _DAY, reading=Reading(proofs=proofs))
    again = examine(broken, None, _DAY, reading=Reading(proofs=proofs))
    assert proofs.recalled == 1
    assert "FC315" in _codes(first)
    assert first.diagnostics == again.diagnostics
