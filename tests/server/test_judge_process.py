"""What a process says of bodies, without the process."""

from __future__ import annotations

import io

import pytest

from forecourt.server.frames import frame, next_frame
from forecourt.server.judge_frames import Answer, Question, answer, written
from forecourt.server.judge_process import Bench, serve
from tests.server.judging import CONTRACT, exact

SCHEMAS = exact(text={"pattern": "^(?=a)"}, date={"format": "date"}, odd={"pattern": "("})


def asked(root: str, body: str, contract: str = CONTRACT) -> Question:
    return Question(contract=contract, root=root, body=body.encode())


def a_bench() -> Bench:
    bench = Bench()
    bench.answer(Question(contract=CONTRACT, schemas=SCHEMAS))
    return bench


@pytest.mark.parametrize(
    ("root", "body", "expected"),
    [
        ("text", '"ab"', Answer(verdict="kept")),
        ("text", "5", Answer(verdict="kept")),
        ("text", '"b"', Answer(verdict="broken", faults=(("", "pattern", "^(?=a)"),))),
        ("date", '"2024-02-30"', Answer(verdict="broken", faults=(("", "format", "date"),))),
        ("text", "{", Answer(verdict="no-json")),
        ("text", "[" * 5000, Answer(verdict="no-json")),
        ("nothing", '"a"', Answer(verdict="lost")),
        ("odd", '"a"', Answer(verdict="lost")),
    ],
)
def test_says(root: str, body: str, expected: Answer) -> None:
    assert a_bench().answer(asked(root, body)) == expected


def test_asks_for_schemas_that_it_does_not_have() -> None:
    assert a_bench().answer(asked("text", '"a"', "1" * 32)) == Answer(verdict="forgotten")


def test_forgets_what_nobody_asked_for_longest() -> None:
    bench = Bench(most=2)
    for contract in ("a", "b"):
        bench.answer(Question(contract=contract, schemas=SCHEMAS))
    bench.answer(asked("text", '"a"', "a"))
    bench.answer(Question(contract="c", schemas=SCHEMAS))
    verdicts = {c: bench.answer(asked("text", '"a"', c)).verdict for c in "abc"}
    assert verdicts == {"a": "kept", "b": "forgotten", "c": "kept"}


def test_takes_no_schemas_of_another_release() -> None:
    bench = Bench()
    bench.answer(Question(contract=CONTRACT, schemas=b'{"format": 0, "roots": {"text": true}}'))
    assert bench.answer(asked("text", '"a"')) == Answer(verdict="lost")


def test_answers_until_nobody_asks() -> None:
    questions = [Question(contract=CONTRACT, schemas=SCHEMAS), asked("text", '"b"')]
    heard = io.BytesIO()
    said = io.BytesIO(b"".join(frame(written(each)) for each in questions))
    serve(said, heard, Bench())
    heard.seek(0)
    verdicts = [answer(content).verdict for content in iter(lambda: next_frame(heard), None)]
    assert verdicts == ["kept", "broken"]
