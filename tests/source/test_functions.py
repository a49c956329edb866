"""The functions that changes name are found in their files, and never run."""

from __future__ import annotations

import pytest

from forecourt.estate.api import Api
from forecourt.estate.changes import Function
from forecourt.source.estate import EstateReader
from forecourt.source.functions import MOST_BYTES
from tests.source.builders import an_api, an_estate

_VERSIONS = 'versions: {"1": {contract: v1.openapi.yaml}, "2": {contract: v2.openapi.yaml}}'
_LENS = "{function: f.py, raise: up, lower: down, in: [charge], because: clarity}"
_GOOD = "def up(body):\n    return body\n\n\ndef down(body):\n    return body\n"
_HERE = "apis/shop/changes/"


def _files(lens: str = _LENS, **others: str | bytes) -> dict[str, str | bytes]:
    changes = f'version: "2"\nsummary: better\nchanges:\n  - {lens}\n'
    named = {f"{_HERE}{name}.py": text for name, text in others.items()}
    return an_estate(
        {
            "apis/shop/api.yaml": an_api("shop", _VERSIONS),
            f"{_HERE}2.yaml": changes,
            **named,
        }
    )


def _read(lens: str = _LENS, **others: str | bytes) -> tuple[Api | None, list[str]]:
    read = EstateReader().read(_files(lens, **others))
    said = [
        f"{d.span.path.removeprefix(_HERE)}:{d.span.line}:{d.span.column} {d.code} {d.message}"
        for d in read.mistakes
    ]
    return read.estate.apis.get("shop"), said


def _function(api: Api | None) -> Function:
    assert api is not None
    (lens,) = api.changes[0].changes
    assert isinstance(lens, Function)
    return lens


def test_a_change_has_what_stands_in_the_file_that_it_names() -> None:
    api, said = _read(f=_GOOD)
    assert said == []
    lens = _function(api)
    assert (lens.file, lens.raises, lens.lowers) == ("f.py", "up", "down")
    assert (lens.within, lens.source) == (("charge",), _GOOD.encode())


def test_another_text_in_the_file_is_another_change_of_the_same_reader() -> None:
    reader = EstateReader()
    first = reader.read(_files(f=_GOOD)).estate.apis["shop"]
    again = reader.read(_files(f=_GOOD + "# more\n")).estate.apis["shop"]
    assert first != again
    assert _function(again).source.endswith(b"# more\n")


def test_a_file_is_read_and_never_run() -> None:
    api, said = _read(f="raise SystemExit\n" + _GOOD)
    assert said == []
    assert _function(api).source.startswith(b"raise SystemExit")


@pytest.mark.parametrize(
    "head",
    [
        "def up(body, rate=2, *, mode='x'): ...",
        "def up(*bodies): ...",
        "def up(body, /, **more): ...",
        "def up(): ...\ndef up(body): ...",
    ],
)
def test_a_function_that_a_body_is_enough_for_may_be_called(head: str) -> None:
    lens = "{function: f.py, raise: up, in: [charge], because: x}"
    api, said = _read(lens, f=head)
    assert said == []
    assert _function(api).lowers is None


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("def up(body):\n  return (\n", "f.py:2:10 FC034 this is not Python: '(' was never closed"),
        ("x = 1\0", "f.py:1:1 FC034 this is not Python: "),
        ("(" * 5000, "f.py:1:"),
        (_GOOD.replace("up", "upp"), "2.yaml:4:29 FC034 `apis/shop/changes/f.py` has no function"),
        (_GOOD.replace("up(body)", "up()"), "f.py:1:1 FC034 `up` takes no argument"),
        (_GOOD.replace("down(body)", "down(a, b)"), "f.py:5:1 FC034 `down` needs 2 arguments"),
        (_GOOD.replace("up(body)", "up(a, *, b)"), "f.py:1:1 FC034 `up` needs 2 arguments"),
        ("async " + _GOOD, "f.py:1:1 FC034 `up` is asynchronous"),
        ("class up:\n  pass\n" + _GOOD.replace("up", "x"), "2.yaml:4:29 FC034"),
        (_GOOD + "#" * MOST_BYTES, "f.py:1:1 FC034 this file has"),
        (b"\xff", "f.py:1:1 FC003"),
    ],
)
def test_what_cannot_be_called_is_told_where_it_stands(file: str | bytes, message: str) -> None:
    api, said = _read(f=file)
    assert api is None
    assert any(each.startswith(message) for each in said), said


@pytest.mark.parametrize("name", ["größe", "a" * 101])
def test_a_name_is_one_that_the_edge_can_call(name: str) -> None:
    lens = _LENS.replace("raise: up", f"raise: {name}")
    api, (said,) = _read(lens, f=_GOOD.replace("def up", f"def {name}"))
    assert api is None
    assert said.startswith("2.yaml:4:29 FC034 ")
    assert said.endswith("is no name of a function that can be called")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("g.py", "2.yaml:4:16 FC025 there is no file `apis/shop/changes/g.py`"),
        ("../f.py", "2.yaml:4:16 FC014"),
        ("/etc/f.py", "2.yaml:4:16 FC014"),
        ("f.txt", "2.yaml:4:16 FC014"),
        ("test_f.py", "2.yaml:4:16 FC014"),
        ("deeper/f.py", "2.yaml:4:16 FC014"),
    ],
)
def test_a_file_stands_beside_the_changes(name: str, message: str) -> None:
    _, said = _read(_LENS.replace("f.py", name), f=_GOOD)
    assert any(each.startswith(message) for each in said), said


def test_a_file_that_no_change_names_is_told() -> None:
    _, said = _read(f=_GOOD, g=_GOOD, test_f="import f\n")
    assert said == [
        "g.py:1:1 FC024 no change names this file, so nothing calls its functions",
    ]
