"""`forecourt leaks`: what a service sends beyond its contract."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forecourt.actions.leak import Leak, LeakCount, LeakKind, LeakPlace
from forecourt.bootstrap import opened_world
from forecourt.cli.leak_table import leak_lines, what
from forecourt.settings import read_settings
from tests.actions.builders import NOW
from tests.cli.command import told
from tests.cli.estates import Estate
from tests.store.test_leaks import a_place


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    estate.publish()
    return estate


def leaked(folder: Path, *counts: tuple[LeakPlace, int]) -> None:
    async def add() -> None:
        async with opened_world(read_settings(folder)) as world:
            await world.store.leaks.add([LeakCount(at=p, times=n) for p, n in counts], NOW)
            later = [LeakCount(at=p, times=1) for p, _ in counts]
            await world.store.leaks.add(later, NOW + timedelta(hours=1))

    asyncio.run(add())


def test_lists_where_how_often_since_when_and_what_became_of_it(
    estate: Estate, tmp_path: Path
) -> None:
    leaked(tmp_path, (a_place("/rare", version="1"), 1), (a_place("/margin", version="1"), 1233))
    result = estate.run("leaks", "payments")
    assert result.exit_code == 0, told(result)
    head, first, second = result.stdout.splitlines()
    assert head.split() == [
        *("version", "operation", "status", "what", "times", "since", "last", "and", "so", "it"),
    ]
    expected = f"1 GET /payments/{{id}} 200 /margin 1,234 {NOW:%Y-%m-%d %H:%M}"
    assert " ".join(first.split()).startswith(expected)
    assert first.endswith("was removed")
    assert "/rare" in second


def test_has_one_version_alone_and_a_form_for_programs(estate: Estate, tmp_path: Path) -> None:
    leaked(tmp_path, (a_place("/a", version="1"), 1), (a_place("/b", version="gone"), 1))
    result = estate.run("leaks", "payments@1", "--format", "json")
    assert result.exit_code == 0, told(result)
    (found,) = json.loads(result.stdout)
    assert found["place"] == "/a"
    assert (found["times"], found["check"], found["kind"]) == (2, "filter", "undeclared")


def test_forgets(estate: Estate, tmp_path: Path) -> None:
    leaked(tmp_path, (a_place(), 1))
    result = estate.run("leaks", "payments", "--forget")
    assert result.stdout == "forgot 1 place of payments\n"
    result = estate.run("leaks", "payments")
    assert result.stdout == ""
    assert result.stderr == "nothing of payments was seen that its contract does not declare\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("paymants", "no API `paymants` is published; did you mean `payments`?"),
        ("payments@9", "`payments` has no version `9`; leave the version out"),
        ("@1", "name the API: `forecourt leaks payments`"),
    ],
)
def test_suggests_what_was_meant(estate: Estate, name: str, hint: str) -> None:
    result = estate.run("leaks", name)
    assert result.exit_code == 2, told(result)
    assert hint in result.stderr


@pytest.mark.parametrize("kind", LeakKind, ids=lambda kind: kind.value)
def test_has_words_for_every_kind(kind: LeakKind) -> None:
    leak = Leak(at=replace(a_place("/x"), kind=kind.value), times=1, since=NOW, last=NOW)
    assert what(leak)
    assert len(list(leak_lines([leak]))) == 2
