"""Whatever an estate or a document holds, each verb that reads it says what is wrong, in time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from forecourt.estate.audience import Audience
from tests.cli.command import ESTATES, ORGANIZATION, forecourt
from tests.cli.mutations import Files, mutated_estate
from tests.examples import some_of

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"

# Small enough to be mutated and read a hundred times.
DOCUMENTS = ("museum/openapi.yaml", "realworld/openapi.yml", "adyen/BinLookupService-v54.yaml")
_NOT_OF_THE_ESTATE = {"expected.txt", "command", "README.md"}

# A check of the largest of these takes 0.05 s on one processor that is free.
_IN_TIME = 10.0


def files_of(folder: Path) -> Files:
    """An estate's files, without what a test keeps beside them."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _NOT_OF_THE_ESTATE and ".forecourt" not in path.parts
    }
    return {"forecourt.yaml": ORGANIZATION.encode(), **found}


def estates() -> dict[str, Files]:
    """The example, and every case."""
    cases = {path.name: files_of(path) for path in sorted(ESTATES.iterdir()) if path.is_dir()}
    return {"acme": files_of(ROOT / "examples" / "acme"), **cases}


@st.composite
def options(draw: st.DrawFn) -> list[str]:
    """The options of a command that makes sense."""
    return [
        *draw(st.sampled_from([[], ["--local"]])),
        *draw(st.sampled_from([[], ["--strict"]])),
        *draw(st.sampled_from([[], ["--env", "prod"], ["--env", "../x"]])),
        *draw(st.sampled_from([[], ["--at", "0001-01-01"], ["--at", "9999-12-31"]])),
    ]


@contextmanager
def written(files: Files) -> Iterator[str]:
    """A folder that holds them."""
    with TemporaryDirectory() as name:
        for path, content in files.items():
            file = Path(name) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        yield name


def ended(*words: str, state: Path | None = None, codes: Set[int]) -> Result:
    """How a command ended: in time, with one of these exit codes, and never in our code."""
    began = time.perf_counter()
    result = forecourt(*words, env={"FORECOURT_STATE": str(state or "")})
    took = time.perf_counter() - began
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in codes, result.stderr
    assert took < _IN_TIME
    assert "Traceback" not in result.output
    return result


def check(files: Files, words: list[str], form: str) -> None:
    """Every format is written; JSON's places are those of files, and the others are documents."""
    with written(files) as name:
        result = ended("check", name, *words, "--format", form, codes={0, 1})
    match form:
        case "json":
            _are_placed(json.loads(result.stdout)["diagnostics"], files)
        case "sarif":
            json.loads(result.stdout)
        case "junit":
            ET.fromstring(result.stdout)
        case "github":
            assert all(line.startswith("::") for line in result.stdout.splitlines())


def _are_placed(diagnostics: list[dict[str, object]], files: Files) -> None:
    for found in diagnostics:
        assert int(str(found["line"])) >= 1
        assert int(str(found["column"])) >= 1
        assert str(found["message"]).isprintable()
        assert found["help"] is None or str(found["help"]).isprintable()
        path = str(found["path"])
        assert path in files or path == "forecourt.yaml" or any(p.startswith(path) for p in files)


def compile_it(files: Files, state: Path) -> None:
    """It is compiled, or has mistakes."""
    with written(files) as name:
        ended("compile", name, "--local", "--out", f"{name}/.out", state=state, codes={0, 1, 2})


def show(files: Files, audience: Audience) -> None:
    """Each of its contracts is shown as that audience sees it, or the command says why not."""
    with written(files) as name:
        for path in files:
            if path.startswith("apis/") and path.endswith("/api.yaml"):
                api = path.split("/")[1]
                as_seen = ("--audience", audience.value, "--estate", name)
                ended("contract", api, *as_seen, codes={0, 1, 2})


def wrap(document: bytes, audience: Audience) -> None:
    """It cannot be served, or what is written around it can."""
    with written({"openapi.yaml": document}) as name:
        around = ("--openapi", f"{name}/openapi.yaml", "--audience", audience.value)
        if ended("init", f"{name}/new", *around, codes={0, 1}).exit_code == 0:
            ended("check", f"{name}/new", "--local", codes={0, 1})


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `compile` keeps its keys, made once."""
    return tmp_path_factory.mktemp("state")


AUDIENCES = st.sampled_from(Audience)
FORMS = st.sampled_from(["json", "json", "sarif", "junit", "github", "framed", "concise"])
ESTATES_BY_NAME = estates()
_LARGE = (HealthCheck.too_slow, HealthCheck.data_too_large)


@pytest.mark.slow
@given(data=st.data(), words=options(), form=FORMS, audience=AUDIENCES)
@settings(suppress_health_check=_LARGE, max_examples=some_of(270))
def test_a_mutated_estate_is_judged(
    state: Path, data: st.DataObject, words: list[str], form: str, audience: Audience
) -> None:
    name = data.draw(st.sampled_from(sorted(ESTATES_BY_NAME)))
    files = data.draw(mutated_estate(ESTATES_BY_NAME[name]))
    match data.draw(st.sampled_from(["check", "check", "compile", "contract"])):
        case "compile":
            compile_it(files, state)
        case "contract":
            show(files, audience)
        case _:
            check(files, words, form)


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
@pytest.mark.parametrize("document", DOCUMENTS)
@given(data=st.data(), form=FORMS, audience=AUDIENCES)
@settings(suppress_health_check=_LARGE, max_examples=some_of(45))
def test_a_mutated_document_of_the_real_world_is_judged(
    state: Path, document: str, data: st.DataObject, form: str, audience: Audience
) -> None:
    api = b"name: a\naudience: %b\nowner: {team: a}\nupstream: {url: http://a:1}\n"
    around: Files = {
        "forecourt.yaml": ORGANIZATION.encode(),
        "apis/a/api.yaml": api % audience.value.encode() + b"contract: openapi.yaml\n",
    }
    contract: Files = {"apis/a/openapi.yaml": (DATA / document).read_bytes()}
    mutated = data.draw(mutated_estate(contract))
    match data.draw(st.sampled_from(["check", "compile", "contract", "init"])):
        case "compile":
            compile_it({**around, **mutated}, state)
        case "contract":
            show({**around, **mutated}, data.draw(AUDIENCES))
        case "init":
            wrap(mutated["apis/a/openapi.yaml"], audience)
        case _:
            check({**around, **mutated}, [], form)


_SERVICE = b"  s%d: {identyty: spiffe://acme.example/ns/shop/sa/s%d}\n"
_BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110)
)
FAR_TOO_MUCH: dict[str, Files] = {
    "10,000 misspelt keys": {"plans.yaml": b"".join(b"plan%d: 1\n" % n for n in range(10_000))},
    "5,000 services without identity": {
        "services.yaml": b"services:\n" + b"".join(_SERVICE % (n, n) for n in range(5_000))
    },
    "a list of 20,000": {
        "sla.yaml": b"tiers: {standard: {availability: 99%, credits: ["
        + b", ".join(b"{below: 1.%05d%%, credit: 10%%}" % n for n in range(20_000))
        + b"]}}\n"
    },
    "aliases of aliases": {"plans.yaml": _BOMB, "apis/a/api.yaml": _BOMB},
    "brackets in brackets": {"plans.yaml": b"[" * 100_000, "sla.yaml": b"{a: " * 100_000},
    "one long line": {"plans.yaml": b"plans: {" + b"a" * 1_000_000 + b": 1}"},
    "a number of a million digits": {
        "plans.yaml": b"plans: {free: {rate_limit: {requests_per_minute: " + b"9" * 10**6 + b"}}}"
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["concise", "framed", "sarif"])
@pytest.mark.parametrize("files", FAR_TOO_MUCH.values(), ids=FAR_TOO_MUCH)
def test_far_too_much_is_judged_in_time(files: Files, form: str) -> None:
    check({"forecourt.yaml": ORGANIZATION.encode(), **files}, [], form)
