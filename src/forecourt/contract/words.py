"""Words of what is hidden: names that must not be read where nothing says what they are."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from forecourt.contract.values import Json


@dataclass(slots=True, kw_only=True)
class Words:
    """Names and values that an audience must not read, and those that it reads elsewhere anyway."""

    hidden: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def hide(self, name: str, value: Json) -> None:
        """A hidden thing, by its name; the names of what stands in it are hidden with it."""
        self.hidden.add(name)
        self.hidden.update(names_in(value))

    @property
    def secret(self) -> set[str]:
        """What is hidden wherever it stands."""
        return self.hidden - self.seen


def mentions(value: Json, words: Container[str]) -> bool:
    """Whether one of the words is a key or a text anywhere in a value, or a step of a pointer."""
    return any(word in words for text in texts(value) for word in (text, *_steps(text)))


def names_in(value: Json) -> Iterator[str]:
    """What is described in a value, by name: properties, choices, parameters, operations."""
    waiting = deque([value])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("properties", "patternProperties") and isinstance(inner, dict):
                    yield from inner
                elif key == "enum" and isinstance(inner, list):
                    yield from (choice for choice in inner if isinstance(choice, str))
                elif key in ("name", "operationId") and isinstance(inner, str):
                    yield inner
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def texts(value: Json) -> Iterator[str]:
    """Every key and text in a value."""
    waiting = deque([value])
    while waiting:
        value = waiting.popleft()
        match value:
            case str():
                yield value
            case dict():
                yield from value
                waiting.extend(value.values())
            case list():
                waiting.extend(value)
            case _:
                pass


def _steps(text: str) -> Iterator[str]:
    """The steps of a pointer, also of one in an expression: `$response.body#/id`."""
    if "#/" in text:
        for step in text.partition("#/")[2].rstrip("}").split("/"):
            yield step.replace("~1", "/").replace("~0", "~")
