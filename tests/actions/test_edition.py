from __future__ import annotations

import json
from typing import Any

from forecourt.actions.edition import Declared, Edition, NotRead, read_edition
from tests.contract.comparison.documents import answering
from tests.governance.builders import a_version, an_api

_PATH = "apis/shop/v1.json"


def _read(files: dict[str, Any], **options: Any) -> Edition | NotRead:
    texts = {path: json.dumps(written, indent=1) for path, written in files.items()}
    return read_edition("shop@1", _PATH, texts.get, **options)


def test_knows_where_everything_was_written() -> None:
    edition = _read({_PATH: answering({"type": "string"})})
    assert isinstance(edition, Edition)
    assert str(edition.place(("paths", "/things"))) == f"{_PATH}:8:3"


def test_says_in_which_revision_it_was_written() -> None:
    edition = _read({_PATH: answering({})}, revision="HEAD~1")
    assert isinstance(edition, Edition)
    assert str(edition.place(("info",))) == f"HEAD~1:{_PATH}:3:2"


def test_lays_over_it_what_its_version_lays() -> None:
    overlay = {
        "overlay": "1.0.0",
        "info": {"title": "Marks", "version": "1"},
        "actions": [{"target": "$.paths['/things']", "update": {"x-audience": "partner"}}],
    }
    version = a_version("1", contract=_PATH, overlays=("marks.json",))
    declared = Declared(api=an_api(versions=(version,)), version=version)
    edition = _read({_PATH: answering({}), "marks.json": overlay}, declared=declared)
    assert isinstance(edition, Edition)
    assert [str(mark.audience.value) for mark in edition.contract.marks] == ["partner"]


def test_says_what_is_wrong_where_there_is_no_contract() -> None:
    unread = _read({_PATH: {"swagger": "2.0"}})
    assert isinstance(unread, NotRead)
    assert unread.because == "`shop@1` is no contract"
    assert [d.name for d in unread.diagnostics] == ["openapi-2"]
    assert isinstance(_read({}), NotRead)
