from __future__ import annotations

from forecourt.server.fault_lines import fault_lines


def test_words_are_encoded_and_never_empty() -> None:
    lines = fault_lines(
        [("", "required", "a b"), ("/a~1b/0", "pattern", "^-\n$"), ("/-", "false", None)]
    )
    assert lines == "- required a%20b\n/a~1b/0 pattern %5E%2D%0A%24\n/%2D false -\n"
