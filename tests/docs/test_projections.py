"""The page about projections shows an estate that is right, and what its contract prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.cli.outcome import waiting_lines
from tests.actions.publishing import Acme
from tests.cli.command import forecourt, told
from tests.docs.estates import estate_files, write
from tests.docs.pages import blocks, page, runs
from tests.store.in_memory import InMemoryStore

PAGE = page("docs/projections.md")


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(PAGE, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def name_overlays(estate: Path) -> None:
    api = estate / "apis/shop/api.yaml"
    api.write_text(api.read_text() + "overlays: [audience.overlay.yaml]\n")


def test_nothing_is_wrong_with_or_without_the_overlay(estate: Path) -> None:
    (estate / "apis/shop/audience.overlay.yaml").rename(estate / "kept")
    assert forecourt("check", "--local", "--strict").exit_code == 0
    (estate / "kept").rename(estate / "apis/shop/audience.overlay.yaml")
    name_overlays(estate)
    result = forecourt("check", "--local", "--strict")
    assert result.exit_code == 0, told(result)


def test_prints_what_the_page_shows(estate: Path) -> None:
    (run,) = [run for block in blocks(PAGE, "console") for run in runs(block)]
    result = forecourt(*run.command.split()[1:])
    assert result.stdout == run.prints.strip() + "\n"


def test_the_overlay_hides_what_it_says(estate: Path) -> None:
    name_overlays(estate)
    assert "paths: {}" in forecourt("contract", "shop", "--audience", "public").stdout
    partner = forecourt("contract", "shop", "--audience", "partner").stdout
    assert "readOrder" in partner
    assert "margin" not in partner


async def test_a_mark_that_goes_is_told_as_the_page_says(estate: Path) -> None:
    acme = Acme(InMemoryStore())
    acme.files = {p: t for p, t in estate_files(PAGE).items() if "overlay" not in p}
    await acme.publish()
    path = "apis/shop/v1.openapi.yaml"
    shown = str(acme.files[path]).replace(
        "margin: {type: string, x-audience: partner}", "margin: {type: string}"
    )
    outcome = await acme.publish(path, shown)
    (listing,) = blocks(PAGE, "text")
    lines = list(waiting_lines(outcome, estate=Path()))
    assert lines[:3] == listing.text.splitlines()
