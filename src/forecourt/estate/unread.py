"""What stands in the place of a value that a mistake keeps from being known."""

from __future__ import annotations

from typing import NoReturn


class Unknown(Exception):
    """Something was asked of a value that could not be read; `path` is the file that it is in."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Unread:
    """Stands where a value would, had it been read.

    Whatever is within it is unread, too. Anything else that is asked of it (whether it is equal, or
    empty, of what type, how it is written) raises Unknown, so that nothing follows from a value
    that nobody knows. It is never published.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __repr__(self) -> str:
        return f"Unread({self._path!r})"

    def __getattr__(self, name: str) -> Unread:
        if name.startswith("__"):  # what Python itself looks for
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Unread:
        return self

    def _refuse(self, *asked: object) -> NoReturn:
        raise Unknown(self._path)

    __class__ = property(_refuse)  # what `isinstance` asks for
    __bool__ = __hash__ = __eq__ = __ne__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __len__ = __iter__ = __contains__ = __call__ = _refuse
    __str__ = __format__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
