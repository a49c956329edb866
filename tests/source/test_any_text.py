"""Whatever a file holds, reading it gives values and located mistakes, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.diagnostics import has_errors
from forecourt.source.estate import read_estate
from forecourt.source.tree import parse

CASES = Path(__file__).parent / "cases"
EXAMPLES = CASES / "the_examples_of_the_format_read_without_error"
FILES = {
    path.relative_to(EXAMPLES).as_posix(): path.read_text()
    for path in sorted(EXAMPLES.rglob("*.yaml"))
}
READ = sorted(path for path in FILES if "/changes/" not in path)

# What YAML, URLs, paths, numbers and dates are made of, and what breaks them.
PIECES = st.one_of(
    st.sampled_from(
        [
            *":-{}[],'\"#|?%~\\/@<0 \n\t\0\ud800\u2028\ufeff\u0663\u017f",
            *("- ", "&a ", "*a", "<<: ", "!x ", "!!str ", "---\n", "...\n", "null", "..", "${"),
            *("1e999", "2024-13-99", "NaN", "[::1", "spiffe://", "http://", "http://["),
            *("9" * 30, "A" * 300),
        ]
    ),
    st.text(max_size=8),
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """A text in which some places were overwritten, doubled, cut out or swapped."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        match draw(st.sampled_from(["overwrite", "double", "swap", "shorten"])):
            case "overwrite":
                text = text[:start] + draw(PIECES) + text[end:]
            case "double":
                text = text[:end] + text[start:]
            case "swap":
                text = text[:start] + text[end:] + text[start:end]
            case _:
                text = text[:start] + text[end:]
    return text


def check(files: dict[str, str | bytes], environment: str | None = None) -> None:
    estate, diagnostics = read_estate(files, environment)
    assert estate is not None
    for diagnostic in diagnostics:
        assert diagnostic.span.line >= 1
        assert diagnostic.span.column >= 1
        assert str(diagnostic).isprintable()
        assert diagnostic.help is None or diagnostic.help.isprintable()
        text = files.get(diagnostic.span.path)
        if isinstance(text, str):
            assert diagnostic.span.line <= len(text.splitlines()) + 1


@pytest.mark.parametrize("path", READ)
@given(data=st.data())
def test_a_mutated_file_is_read_or_refused(path: str, data: st.DataObject) -> None:
    text = data.draw(mutated(FILES[path]))
    files: dict[str, str | bytes] = {**FILES, path: text}
    check(files)
    estate, diagnostics = read_estate(files)
    if any(d.span.path == path for d in diagnostics) and has_errors(diagnostics):
        assert "users" in estate.apis or path == "apis/users/api.yaml"


@given(data=st.data())
def test_a_mutated_environment_is_read_or_refused(data: st.DataObject) -> None:
    over = (
        "listeners: {external: {hosts: [api.acme.com]}}\n"
        'upstreams: {payments: {url: https://a.example, versions: {"1": {url: http://b.example}}}}\n'
    )
    files: dict[str, str | bytes] = {**FILES, "forecourt.prod.yaml": data.draw(mutated(over))}
    check(files, data.draw(st.sampled_from([None, "prod", "test"])))


@given(data=st.binary(max_size=60), path=st.sampled_from(READ))
def test_any_bytes_are_read_or_refused(data: bytes, path: str) -> None:
    check({**FILES, path: data})


# `EstateFolder` lets no other paths through.
PRINTABLE = st.characters(exclude_categories=["C", "Z"])


@given(path=st.text(PRINTABLE, max_size=40), environment=st.text(max_size=10))
def test_any_path_and_environment_is_read_or_refused(path: str, environment: str) -> None:
    check({**FILES, path: "a: 1", f"apis/{path}/api.yaml": "", f"{path}.yaml": ""}, environment)


@given(text=st.lists(PIECES, max_size=30).map("".join), path=st.sampled_from(["a.yaml", "a.json"]))
def test_any_text_is_a_tree_or_a_mistake(text: str, path: str) -> None:
    node, diagnostics = parse(text, path)
    assert (node is None) <= bool(diagnostics)
