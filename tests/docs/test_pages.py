"""What holds for every page that people read."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from tests.docs.pages import ROOT, anchors, links, page, pages

_WIDEST = 150


def _target(path: str, link: str) -> tuple[str, str]:
    """The file that a link leads to, from the root, and the place in it."""
    file, _, place = link.partition("#")
    if not file:
        return path, place
    found = (ROOT / PurePosixPath(path).parent / file).resolve()
    return found.relative_to(ROOT).as_posix(), place


@pytest.mark.parametrize("path", pages())
def test_every_link_leads_somewhere(path: str) -> None:
    for link in links(page(path)):
        if re.match(r"https?://", link):
            continue
        target, place = _target(path, link)
        assert (ROOT / target).exists(), f"{path}: {link}"
        if place:
            assert place in anchors(page(target)), f"{path}: {link}"


@pytest.mark.parametrize("path", pages())
def test_a_page_has_one_title(path: str) -> None:
    titles = re.findall(r"^# .+$", re.sub(r"```.*?```", "", page(path), flags=re.DOTALL), re.M)
    assert len(titles) == 1
    assert page(path).startswith(titles[0])


@pytest.mark.parametrize("path", pages())
def test_every_page_but_generated_ones_fits_an_editor(path: str) -> None:
    text = page(path)
    if "--update-golden -->" in text:
        pytest.skip("it is generated")
    prose = [line for line in text.splitlines() if not line.startswith("|") and "](" not in line]
    assert [line for line in prose if len(line) > _WIDEST] == []


def test_every_page_can_be_found_from_the_readme() -> None:
    seen: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.endswith(".md"):
            continue
        seen.add(path)
        for link in links(page(path)):
            if not re.match(r"https?://", link):
                target = _target(path, link)[0]
                inside = (ROOT / target).glob("*.md") if (ROOT / target).is_dir() else ()
                waiting += [target, *(p.relative_to(ROOT).as_posix() for p in inside)]
    assert sorted(set(pages()) - seen) == []
