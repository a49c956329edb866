"""What a process makes of bodies by functions of the estate, without the process."""

from __future__ import annotations

import io

import pytest

from forecourt.server.frames import frame, next_frame
from forecourt.server.function_frames import Answer, Question, answer, written
from forecourt.server.function_process import Shelf, serve

FILE = "0" * 32
SOURCE = b'''
"""How charges become payments."""
from decimal import Decimal

UNITS = 100


def raised(body):
    return {"amount": Decimal(body["amount"]) / UNITS}


def same(body):
    return body


def picky(body):
    raise ValueError("only  dollars\\ncan be said")


def wrong(body):
    return body["nothing"]


def endless(body):
    return {"again": endless}


def infinite(body):
    return float("inf")


def large(body):
    return "x" * (9 << 20)


def deep(body):
    return deep(body)
'''


def a_shelf() -> Shelf:
    shelf = Shelf()
    assert shelf.answer(Question(file=FILE, source=SOURCE)).outcome == "done"
    return shelf


def made(function: str, body: str = '{"amount": 4990}') -> Answer:
    return a_shelf().answer(Question(file=FILE, function=function, body=body.encode()))


def test_gives_what_a_function_makes_of_a_body() -> None:
    assert made("raised") == Answer(outcome="done", body=b'{"amount":49.9}')


@pytest.mark.parametrize("number", ["12345678901234567890", "1.10", "0.1", "-3"])
def test_keeps_every_digit_of_what_was_not_touched(number: str) -> None:
    assert made("same", f"[{number}]").body == f"[{number}]".encode()


def test_says_why_a_function_refused() -> None:
    assert made("picky") == Answer(outcome="refused", why="only dollars can be said")


@pytest.mark.parametrize(
    ("function", "body", "why"),
    [
        ("wrong", "{}", "KeyError: 'nothing'"),
        ("endless", "{}", "TypeError: function is no JSON"),
        ("infinite", "{}", "ValueError: Out of range float values are not JSON compliant"),
        ("same", "{", "JSONDecodeError: Expecting property name"),
        ("same", "[NaN]", "ValueError: NaN is no number of JSON"),
        ("large", "{}", "made 9437186 bytes"),
        ("deep", "{}", "RecursionError: maximum recursion depth"),
    ],
)
def test_a_function_that_fails_changes_nothing(function: str, body: str, why: str) -> None:
    found = made(function, body)
    assert (found.outcome, found.body) == ("failed", b"")
    assert found.why.startswith(why)


@pytest.mark.parametrize("function", ["nothing", "UNITS", "__name__"])
def test_finds_functions_only(function: str) -> None:
    assert made(function) == Answer(outcome="lost")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"def raised(:", "SyntaxError"),
        (b"import nothing_there", "ModuleNotFoundError"),
        (b"raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_says_for_every_body_why_a_file_cannot_be_run(source: bytes, why: str) -> None:
    shelf = Shelf()
    shelf.answer(Question(file=FILE, source=source))
    found = shelf.answer(Question(file=FILE, function="raised", body=b"{}"))
    assert found.outcome == "failed"
    assert found.why.startswith(why)


def test_files_know_nothing_of_each_other() -> None:
    shelf = a_shelf()
    shelf.answer(Question(file="1" * 32, source=b"def raised(body): return UNITS"))
    found = shelf.answer(Question(file="1" * 32, function="raised", body=b"{}"))
    assert found.why.startswith("NameError")


def test_forgets_the_file_that_nobody_asked_for_longest() -> None:
    shelf = Shelf(most=2)
    for file in ("a", "b"):
        shelf.answer(Question(file=file, source=SOURCE))
    shelf.answer(Question(file="a", function="same", body=b"1"))
    shelf.answer(Question(file="c", source=SOURCE))
    outcomes = {
        file: shelf.answer(Question(file=file, function="same", body=b"1")).outcome
        for file in "abc"
    }
    assert outcomes == {"a": "done", "b": "forgotten", "c": "done"}


def test_answers_until_nobody_asks() -> None:
    questions = [
        Question(file=FILE, source=SOURCE),
        Question(file=FILE, function="same", body=b"[1]"),
    ]
    heard = io.BytesIO()
    serve(io.BytesIO(b"".join(frame(written(each)) for each in questions)), heard, Shelf())
    heard.seek(0)
    bodies = [answer(content).body for content in iter(lambda: next_frame(heard), None)]
    assert bodies == [b"", b"[1]"]
