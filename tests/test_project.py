"""The project keeps its own rules: those that no linter knows."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "forecourt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {c["id"]: c for c in PROJECT["tool"]["importlinter"]["contracts"]}
LINES_OF_ONE_IDEA = 400


def _sources(*suffixes: str) -> list[Path]:
    return sorted(p for p in SRC.rglob("*") if p.suffix in suffixes)


def _packages() -> list[Path]:
    return sorted(p.parent for p in SRC.rglob("__init__.py"))


def _tracked() -> Iterator[tuple[str, str]]:
    """The path and text of each file that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for path in filter(None, listed.stdout.split("\0")):
        if (ROOT / path).is_file():  # not deleted since
            yield path, (ROOT / path).read_text(errors="replace")


def _places(pattern: re.Pattern[str], path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := pattern.search(line):
            yield f"{path}:{number}: {found[0]}"


# --- what src says --------------------------------------------------------------------------------


def test_nothing_in_src_is_left_for_later() -> None:
    unfinished = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    found = [
        place
        for source in _sources(".py", ".lua")
        for place in _places(unfinished, str(source.relative_to(ROOT)), source.read_text())
    ]
    assert found == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {p.parent for p in _sources(".py") if "migrations" not in p.parts}
    assert sorted(folders - set(_packages())) == []


@pytest.mark.parametrize("package", _packages(), ids=lambda p: str(p.relative_to(SRC.parent)))
def test_a_package_says_what_it_is_in_one_line(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text()), clean=False)
    assert docstring, "the package has no docstring"
    assert "\n" not in docstring, "its docstring has more than one line"
    assert docstring.endswith("."), "its docstring is not a sentence"


def test_a_module_holds_one_idea() -> None:
    long = {
        str(source.relative_to(ROOT)): lines
        for source in _sources(".py", ".lua")
        if (lines := len(source.read_text().splitlines())) > LINES_OF_ONE_IDEA
    }
    assert long == {}, f"more than {LINES_OF_ONE_IDEA} lines: search for a second idea"


def test_what_an_audience_means_is_decided_in_one_module() -> None:
    """`audience is Audience.PUBLIC` outside the table is a decision that leaked from it."""
    decides = re.compile(
        r"\b(?:if|elif|while)\b.*(?:\bis\b|\bin\b|[=!]=).*\bAudience\.[A-Z]+"
        r"|\bcase Audience\.[A-Z]+"
    )
    tables = {"estate/audience.py", "estate/posture.py"}
    leaked = [
        place
        for source in _sources(".py")
        if (path := source.relative_to(SRC).as_posix()) not in tables
        for place in _places(decides, path, source.read_text())
    ]
    assert leaked == []


# --- the layers -----------------------------------------------------------------------------------


def test_every_part_of_the_package_has_its_layer() -> None:
    layers = CONTRACTS["layers"]
    named = set(re.findall(r"\w+", " ".join(layers["layers"])))
    present = {
        p.stem
        for p in SRC.iterdir()
        if (p.suffix == ".py" or (p / "__init__.py").exists()) and p.name != "__init__.py"
    }
    assert layers["exhaustive"] is True
    assert sorted(present - named) == []


# What import-linter cannot see: a call that reaches the world through an innocent module.
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today", "read_text", "write_text"}


def _pure_modules() -> list[Path]:
    folders = [
        SRC.parent / name.removesuffix(".*").replace(".", "/")
        for name in CONTRACTS["pure"]["source_modules"]
    ]
    return sorted(p for folder in folders for p in folder.rglob("*.py"))


@pytest.mark.parametrize("module", _pure_modules(), ids=lambda p: str(p.relative_to(SRC)))
def test_a_pure_module_asks_the_world_nothing(module: Path) -> None:
    calls = [
        (node.lineno, name)
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call)
        if (name := getattr(node.func, "attr", getattr(node.func, "id", ""))) in IMPURE_CALLS
    ]
    assert calls == []


# --- what the repository says ---------------------------------------------------------------------


def test_every_dependency_has_its_reason() -> None:
    groups = [PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values()]
    declared = {re.split(r"[\[<>=~!; ]", d)[0] for group in groups for d in group}
    page = (ROOT / "docs/decisions/0001-dependencies.md").read_text()
    explained = set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE))
    assert sorted(declared - explained) == [], "no line in docs/decisions/0001-dependencies.md"
    assert sorted(explained - declared) == [], "explained there, but not a dependency"


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "requirements-conformance.lock"]
)
def test_a_lock_pins_by_digest_and_names_no_origin(lock: str) -> None:
    requirements = [
        r
        for r in (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
        if r.strip() and not r.lstrip().startswith("#")
    ]
    assert requirements
    loose = [r for r in requirements if not re.match(r"[\w.-]+==\S+.* --hash=sha256:", r)]
    assert loose == []


def test_the_lock_answers_every_runtime_dependency() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    declared = {re.split(r"[\[<>=]", d)[0] for d in PROJECT["project"]["dependencies"]}
    assert sorted(declared - set(locked)) == [], "run `make lock`"


def test_decisions_are_numbered_without_gaps() -> None:
    pages = sorted(p.name for p in (ROOT / "docs/decisions").glob("*.md"))
    assert [p[:5] for p in pages] == [f"{n:04}-" for n in range(len(pages))]


def test_a_changelog_fragment_is_named_for_its_kind() -> None:
    form = re.compile(r"[a-z0-9-]+\.(?:added|changed|deprecated|removed|fixed|security)\.md")
    names = [p.name for p in (ROOT / "changelog.d").iterdir() if p.name != "README.md"]
    assert [n for n in names if not form.fullmatch(n)] == []


def test_the_glossary_defines_each_term_once() -> None:
    text = (ROOT / "docs/glossary.md").read_text()
    terms = [term.lower() for term in re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)]
    assert terms
    assert sorted({t for t in terms if terms.count(t) > 1}) == []


# --- what it does not say -------------------------------------------------------------------------

# The folders of whoever runs this, and the usual homes of anyone else.
_HERE = [re.escape(str(p)) for p in (ROOT, Path.home()) if len(p.parts) > 2]
_ELSEWHERE = [r"/(?:root|work)/[.\w]", r"/(?:home|Users)/\w+/"]
MACHINE_PATH = re.compile(rf"(?<![\w.~$}}-])(?:{'|'.join([*_HERE, *_ELSEWHERE])})")
REGISTRY = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|crates|rubygems)\.(?:org|com|io)\b"
    r"|--(?:(?:extra-)?index-url|find-links|trusted-host)\b"
)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the checkout's list of files")
@pytest.mark.parametrize(
    "pattern", [MACHINE_PATH, REGISTRY], ids=["path of a machine", "host of a registry"]
)
def test_no_file_names_a(pattern: re.Pattern[str]) -> None:
    found = [place for path, text in _tracked() for place in _places(pattern, path, text)]
    assert found == []


@pytest.mark.parametrize("text", [f"{ROOT}/src", "cd /home/" + "ann/src", "'/root" + "/.ssh'"])
def test_recognises_the_path_of_a_machine(text: str) -> None:
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["GET /homepage", "https://acme.example/work/x", "~/work/x"])
def test_leaves_other_paths_alone(text: str) -> None:
    assert not MACHINE_PATH.search(text)


# --- what the tests rely on -----------------------------------------------------------------------


def test_a_test_reaches_no_other_machine() -> None:
    with socket.socket() as s, pytest.raises(RuntimeError, match="loopback only"):
        s.connect(("192.0.2.1", 80))  # RFC 5737: an address for documentation
