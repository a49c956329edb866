"""The functions that changes name, found in their files without running a line of them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from forecourt.diagnostics import Diagnostic, Span, has_errors
from forecourt.estate.changes import Changes, Function
from forecourt.source.codes import BAD_NAME, MISSING_FILE, UNUSABLE_FUNCTION
from forecourt.source.layout import function_file, is_of_functions
from forecourt.source.quoting import shown
from forecourt.source.supposing import Value
from forecourt.source.text import decode
from forecourt.source.vocabulary.spelling import nearest

# As much as anybody writes by hand; it travels to every machine, and is kept there in memory.
MOST_BYTES = 256 * 1024

# What a function may be called: its name goes by a header field, so Python's others may not.
FUNCTION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")

_Defined: TypeAlias = Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]


def with_functions(changes: Value[Changes], sources: Mapping[str, str | bytes]) -> Value[Changes]:
    """The changes with what stands in the files that they name.

    `sources` are those beside the file of the changes, by name. Where one cannot be used, nothing
    is sound of the changes.
    """
    sound = changes.sound
    if sound is None or not any(isinstance(lens, Function) for lens in sound.changes):
        return changes
    mistakes: dict[Diagnostic, None] = {}
    read = [
        _with_source(sound, lens, sources, mistakes) if isinstance(lens, Function) else lens
        for lens in sound.changes
    ]
    if has_errors(mistakes):
        return Value(supposed=sound, mistakes=(*changes.mistakes, *mistakes))
    return replace(changes, sound=replace(sound, changes=tuple(read)))


def files_of(changes: Changes) -> tuple[str, ...]:
    """The paths of the file of changes and of those it names, from the estate's root."""
    named = (function_file(changes, lens) for lens in changes.changes if isinstance(lens, Function))
    return (changes.places.origin.path, *dict.fromkeys(named))


def _with_source(
    changes: Changes,
    lens: Function,
    sources: Mapping[str, str | bytes],
    mistakes: dict[Diagnostic, None],
) -> Function:
    path = function_file(changes, lens)
    place = lens.places["function"]
    if "/" in lens.file or not is_of_functions(path):
        message = f"{shown(lens.file)} is no name of a Python file beside this one"
        way_out = "write it as `charges.py`; files of tests have no functions of changes"
        mistakes[BAD_NAME.at(place, message, help=way_out)] = None
        return lens
    if lens.file not in sources:
        close = nearest(lens.file, tuple(sources))
        way_out = f"write {shown(path)}" if close is None else f"did you mean `{close}`?"
        mistakes[MISSING_FILE.at(place, f"there is no file {shown(path)}", help=way_out)] = None
        return lens
    written = sources[lens.file]
    text, unread = decode(written, path) if isinstance(written, bytes) else (written, ())
    mistakes |= dict.fromkeys(unread)
    if text is None:
        return lens
    defined = _defined(text, path)
    if isinstance(defined, Diagnostic):
        mistakes[defined] = None
    else:
        mistakes |= dict.fromkeys(_misnamed(lens, path, defined))
    return replace(lens, source=text.encode())


def _defined(text: str, path: str) -> _Defined | Diagnostic:
    """The functions of a file by name, the last of each; or why it is none of Python's."""
    size = len(text.encode())
    if size > MOST_BYTES:
        message = f"this file has {size:,} bytes, and {MOST_BYTES:,} are the most"
        return UNUSABLE_FUNCTION.at(Span(path, 1, 1), message, help="keep data out of it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            whole = compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        place = Span(path, max(error.lineno or 1, 1), max(error.offset or 1, 1))
        return UNUSABLE_FUNCTION.at(place, f"this is not Python: {error.msg}")
    except (ValueError, RecursionError, MemoryError) as error:
        return UNUSABLE_FUNCTION.at(Span(path, 1, 1), f"this is not Python: {error}")
    assert isinstance(whole, ast.Module)
    return {
        each.name: each
        for each in whole.body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _misnamed(lens: Function, path: str, defined: _Defined) -> Iterator[Diagnostic]:
    for key, name in (("raise", lens.raises), ("lower", lens.lowers)):
        if name is None:
            continue
        function = defined.get(name)
        if FUNCTION_NAME.fullmatch(name) is None:
            message = f"{shown(name)} is no name of a function that can be called"
            plain = "call it by letters of ASCII, digits and `_`, 100 at most"
            yield UNUSABLE_FUNCTION.at(lens.places[key], message, help=plain)
        elif function is None:
            close = nearest(name, tuple(defined))
            way_out = f"write `def {name}(body):` there" if close is None else None
            message = f"{shown(path)} has no function {shown(name)}"
            yield UNUSABLE_FUNCTION.at(
                lens.places[key], message, help=way_out or f"did you mean `{close}`?"
            )
        elif (wrong := _uncallable(function)) is not None:
            place = Span(path, function.lineno, function.col_offset + 1)
            yield UNUSABLE_FUNCTION.at(
                place, f"{shown(name)} {wrong}", help=f"write `def {name}(body):`"
            )


def _uncallable(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Why it cannot be called with a body alone; None where it can."""
    if isinstance(function, ast.AsyncFunctionDef):
        return "is asynchronous, and nothing waits for it"
    given = function.args
    places = len(given.posonlyargs) + len(given.args)
    needed = places - len(given.defaults)
    if not places and given.vararg is None:
        return "takes no argument, and is called with the body"
    keywords = sum(default is None for default in given.kw_defaults)
    if needed > 1 or keywords:
        return f"needs {needed + keywords} arguments, and is called with the body alone"
    return None
