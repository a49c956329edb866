"""As what a request is sent on: the edge and `why` must say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.compiler.contracts.operations import CompiledOperation, NoSuchOperation
from forecourt.compiler.lenses.compile import compile_lenses
from forecourt.compiler.lenses.finding import CalledAs, Gone, find_raised
from tests.edge.lua.lens.lensing import EXAMPLE, Lenses, Refused

LENSES = compile_lenses((EXAMPLE,), prefix=lambda version: f"/v{version}/").content


def test_finds_what_the_service_is_called_with() -> None:
    found = find_raised(LENSES, None, "GET", "payments/p")
    assert found == CalledAs(method="GET", path="payments/{paymentId}")
    known = CompiledOperation(name="POST /charges", scopes=())
    assert find_raised(LENSES, known, "", "") == CalledAs(method="POST", path="payments")


@pytest.mark.parametrize(
    ("method", "path", "found", "reason"),
    [
        ("POST", "payments/p/void", Gone(because="refunds do this"), "operation-gone"),
        ("GET", "nothing", NoSuchOperation(), "no-such-operation"),
        ("PUT", "charges", NoSuchOperation(allow="POST"), "method-not-declared"),
    ],
)
def test_says_with_the_edge_what_is_not_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    found: object,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_raised(LENSES, None, method, path) == found
    refused = Lenses(tmp_path, EXAMPLE).raised(method, f"/{path}")
    assert isinstance(refused, Refused)
    assert refused.reason == reason
