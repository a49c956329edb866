"""What an option takes is said our way, whichever verb has it."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any

import pytest

from forecourt.cli.app import VERBS
from forecourt.cli.exit_codes import ExitCode
from tests.cli.command import forecourt


def _taking(kind: type) -> Iterator[tuple[str, str, str, type]]:
    """Each verb with a parameter of that kind: verb, subcommand, the parameter, its type."""
    for verb in VERBS:
        app = import_module(f"forecourt.cli.{verb}").app
        for command in app.registered_commands:
            hints = typing.get_type_hints(command.callback, include_extras=True)
            for name, hint in hints.items():
                if typing.get_origin(hint) is not typing.Annotated:
                    continue
                told = hint.__metadata__[0]
                types = [hint.__origin__, *typing.get_args(hint.__origin__)]
                for each in types:
                    if isinstance(each, type) and issubclass(each, kind) and each is not bool:
                        # In `Annotated`, what stands first is the option and not a default.
                        option = told.default if isinstance(told.default, str) else f"--{name}"
                        is_group = app.registered_callback or len(app.registered_commands) > 1
                        called = command.name or command.callback.__name__
                        named = called if is_group else ""
                        is_option = type(told).__name__ == "OptionInfo"
                        yield verb, named, option if is_option else told.metavar, each


_WORDS = list(_taking(Enum))
_NUMBERS = list(_taking(int))


def _said(verb: str, sub: str, option: str, value: str) -> Any:
    words = [verb, *([sub] if sub else [])]
    return forecourt(*words, *([option] if option.startswith("--") else []), value)


def test_there_are_some() -> None:
    assert ("contract", "--audience") in {(verb, option) for verb, _, option, _ in _WORDS}
    assert ("rollback", "REVISION") in {(verb, option) for verb, _, option, _ in _NUMBERS}


@pytest.mark.parametrize(("verb", "sub", "option", "words"), _WORDS)
def test_a_word_that_is_none_is_told_with_the_nearest(
    verb: str, sub: str, option: str, words: type[Enum]
) -> None:
    meant = [word.value for word in words][-1]
    result = _said(verb, sub, option, meant[:-2] + meant[-1])
    assert result.exit_code == ExitCode.USAGE
    assert result.output.startswith(
        f"error: `{option}` is `{meant[:-2] + meant[-1]}`, which is not"
    )
    assert f"did you mean `{meant}`?" in result.output


@pytest.mark.parametrize(("verb", "sub", "option", "words"), _NUMBERS)
@pytest.mark.parametrize("value", ["ten", "1.5", "9" * 5000], ids=["ten", "1.5", "5000 digits"])
def test_a_number_that_is_none_is_told_so(
    verb: str, sub: str, option: str, words: type, value: str
) -> None:
    result = _said(verb, sub, option, value)
    assert result.exit_code == ExitCode.USAGE
    assert result.output.startswith(f"error: `{option}` is `{value}`, which is not a whole number")
