"""Compiles the schemas of one document, for one view, into a bundle."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forecourt.compiler.bundle import layout
from forecourt.compiler.bundle.canonical import canonical
from forecourt.compiler.bundle.composition import whole_section
from forecourt.compiler.bundle.containers import array_section, is_schema, object_section
from forecourt.compiler.bundle.formats import FORMATS
from forecourt.compiler.bundle.held import Held
from forecourt.compiler.bundle.projection import View, is_withheld
from forecourt.compiler.bundle.references import References
from forecourt.compiler.bundle.sections import (
    enum_section,
    kinds,
    kinds_of,
    number_section,
    string_section,
)
from forecourt.compiler.bundle.words import Words
from forecourt.compiler.bundle.writing import ENDLESS, Bundle, Left, Root, bundle_of
from forecourt.contract.judgeable import DIALECTS
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect, plainly
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, descend

# Keywords about which the edge leaves the verdict to others (docs/decisions/0014).
_ELSEWHERE = (
    "$dynamicRef",
    "additionalItems",
    "dependencies",
)


def compile_bundle(
    document: Json,
    roots: Mapping[str, Pointer],
    *,
    view: View,
    dialect: Dialect,
    formats: frozenset[str] | None = None,
) -> Bundle:
    """The bundle of the schemas that stand at some places of a document, by name.

    Each schema that these lead to is compiled once, however many lead there, and refers to others
    by number: a circle stays one. `formats` are those that are asserted, of `FORMATS`: None for all
    of them on the way in and none on the way out. What the edge cannot judge exactly is a reason at
    each root that leads to it; nothing is approximated.
    """
    if formats is None:
        formats = frozenset(FORMATS if view.direction is Direction.REQUEST else ())
    references = References(document)
    compilation = Compilation(
        document=document,
        view=view,
        dialect=dialect,
        formats=formats,
        references=references,
        sight=Sight(root=document, audience=view.audience, target=references.target),
    )
    numbers = {name: compilation.number(roots[name]) for name in sorted(roots)}
    compilation.work()
    left, hiding = compilation.left(), compilation.hiding()
    found = [
        Root(name=name, schema=number, left=left.get(number, ()), hides=number in hiding)
        if is_schema(descend(document, roots[name]))
        else Root(name=name, schema=layout.NOTHING, left=(_no_schema(roots[name]),))
        for name, number in numbers.items()
    ]
    return bundle_of(compilation.words, compilation.headers, found)


def _no_schema(at: Pointer) -> Left:
    return Left(at=at, reason="no schema stands there")


@dataclass(slots=True, kw_only=True)
class Compilation:
    """Schemas that have a number, and those of them that are still to be compiled."""

    document: Json
    view: View
    dialect: Dialect
    formats: frozenset[str]
    references: References
    sight: Sight
    held: Held = field(init=False)
    words: Words = field(default_factory=Words)
    headers: list[list[int]] = field(default_factory=lambda: [[layout.Kind.ANY] + [0] * 7, [0] * 8])
    _numbers: dict[Pointer, int] = field(default_factory=dict)
    _waiting: deque[tuple[int, dict[str, Json], Pointer]] = field(default_factory=deque)
    _left: dict[int, set[Left]] = field(default_factory=lambda: defaultdict(set))
    _users: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _inside: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _hiding: set[int] = field(default_factory=set)
    # The schema being compiled, and its place; none while the roots get their numbers.
    _current: int = -1
    _at: Pointer = ()

    def __post_init__(self) -> None:
        self.held = Held(self)

    # --- numbers of schemas -----------------------------------------------------------------------

    def number(self, at: Pointer, *, is_same_value: bool = False) -> int:
        """The number of the schema at a place. `is_same_value`: about the value that is judged."""
        number = self._number(at)
        self._users[number].add(self._current)
        if is_same_value:
            self._inside[self._current].add(number)
        return number

    def _number(self, at: Pointer) -> int:
        at, schema = self._referred(at)
        if at in self._numbers:
            return self._numbers[at]
        if is_withheld(self.sight, schema, self.view):
            return layout.NOTHING
        if not isinstance(schema, dict):
            return layout.NOTHING if schema is False else layout.ANYTHING
        number = len(self.headers)
        self.headers.append([0] * layout.HEADER)
        self._numbers[at] = number
        self._waiting.append((number, schema, at))
        return number

    def _referred(self, at: Pointer) -> tuple[Pointer, Json]:
        """Past references that say nothing else, so that what they lead to is compiled once."""
        seen = {at}
        while True:
            schema = descend(self.document, at)
            if not isinstance(schema, dict):
                return at, schema
            said = plainly(schema, self.dialect)
            if set(said) != {"$ref"} or not isinstance(reference := said["$ref"], str):
                return at, schema
            target = self.references.target(reference)
            if target is None or target in seen:
                return at, schema
            seen.add(target)
            at = target

    # --- what cannot be judged here ---------------------------------------------------------------

    def inexact(self, reason: str) -> None:
        """The schema being compiled cannot be judged: the keyword it begins with, and why."""
        place = (*self._at, reason.partition(":")[0])
        self._left[self._current].add(Left(at=place, reason=reason))

    def left(self) -> dict[int, tuple[Left, ...]]:
        """For each schema that leads to one that cannot be judged, what that is."""
        if endless := self._endless():
            places = {number: at for at, number in self._numbers.items()}
            for number in endless:
                self._left[number].add(Left(at=places[number], reason=ENDLESS))
        found: dict[int, set[Left]] = defaultdict(set)
        for number, why in self._left.items():
            for each in _reached([number], self._users):
                found[each].update(why)
        return {number: tuple(sorted(why)) for number, why in found.items()}

    # --- what is hidden ---------------------------------------------------------------------------

    def hides(self) -> None:
        """The schema being compiled has members that are not for the audience."""
        self._hiding.add(self._current)

    def hiding(self) -> set[int]:
        """The schemas that hide members somewhere in their values."""
        return _reached(self._hiding, self._users)

    def _say_narrowed(self) -> None:
        """Says of each schema whether it, or one about the same value, hides some of its values."""
        around: dict[int, set[int]] = defaultdict(set)
        for number, inside in self._inside.items():
            for inner in inside:
                around[inner].add(number)
        own = [n for n, h in enumerate(self.headers) if h[layout.Slot.MORE] & layout.NARROWED]
        for number in _reached(own, around):
            if number >= 0:
                self.headers[number][layout.Slot.MORE] |= layout.NARROWED

    def _endless(self) -> list[int]:
        """Schemas that ask themselves about the same value."""
        done: set[int] = set()
        endless: list[int] = []
        for first in list(self._inside):
            path: list[tuple[int, Iterable[int]]] = [(first, iter(self._inside[first]))]
            on_path = {first}
            while path:
                number, rest = path[-1]
                following = next(iter(rest), None)
                if following is None:
                    path.pop()
                    on_path.discard(number)
                    done.add(number)
                elif following in on_path:
                    endless.append(following)
                elif following not in done:
                    path.append((following, iter(self._inside.get(following, ()))))
                    on_path.add(following)
        return endless

    # --- compiling --------------------------------------------------------------------------------

    def work(self) -> None:
        """Compiles what waits, and what that leads to."""
        while self._waiting:
            number, schema, at = self._waiting.popleft()
            self._current, self._at = number, at
            self.headers[number] = self._header(plainly(schema, self.dialect), at)
        self._say_narrowed()

    def _header(self, schema: dict[str, Json], at: Pointer) -> list[int]:
        for keyword in _ELSEWHERE:
            if keyword in schema:
                self.inexact(keyword)
        if isinstance(schema.get("items"), list):
            self.inexact("items: a list")
        dialect = schema.get("$schema")
        if isinstance(dialect, str) and dialect.rstrip("#") not in DIALECTS:
            self.inexact("$schema")
        words = self.words
        header = [0] * layout.HEADER
        header[layout.Slot.KINDS] = kinds(schema)
        header[layout.Slot.STRING] = string_section(schema, words, self.formats, self.inexact)
        header[layout.Slot.NUMBER] = number_section(schema, words, self.inexact)
        header[layout.Slot.ARRAY] = array_section(schema, at, self)
        header[layout.Slot.OBJECT] = object_section(schema, at, self)
        if (listed := self._choices(schema)) is not None:
            allowed, hidden = listed
            fallback = schema.get("x-enum-fallback") if hidden else None
            is_const = "const" in schema
            header[layout.Slot.ENUM] = enum_section(
                allowed, hidden, fallback, words, is_const=is_const
            )
            # No value of another kind is among them, whatever `type` says.
            header[layout.Slot.KINDS] &= kinds_of([*allowed, *hidden])
        header[layout.Slot.WHOLE] = whole_section(schema, at, self)
        header[layout.Slot.MORE] = _more(header)
        if (listed is not None and listed[1]) or self._narrows(header[layout.Slot.WHOLE]):
            header[layout.Slot.MORE] |= layout.NARROWED
        return header

    def _narrows(self, whole: int) -> bool:
        words = self.words.words
        operations = words[whole + 1 : whole + 1 + 3 * words[whole] : 3] if whole else ()
        return any(operation in (layout.Whole.HELD, layout.Whole.SEEN) for operation in operations)

    def _choices(self, schema: dict[str, Json]) -> tuple[list[Json], list[Json]] | None:
        """The values of which it must be one, and those that are not for this audience."""
        listed = schema.get("enum")
        if "const" in schema:
            only = schema["const"]
            if isinstance(listed, list) and canonical(only) not in map(canonical, listed):
                return [], []
            return [only], []
        if not isinstance(listed, list):
            return None
        return self.sight.choices(schema)


def _reached(first: Iterable[int], users: Mapping[int, set[int]]) -> set[int]:
    """These, and all that lead to them."""
    reached = set(first)
    waiting = list(reached)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in reached:
                reached.add(user)
                waiting.append(user)
    return reached


def _more(header: list[int]) -> layout.Kind:
    """About which kinds of values more is said than whether they are admitted."""
    more = layout.Kind(0)
    if header[layout.Slot.STRING]:
        more |= layout.Kind.STRING
    if header[layout.Slot.NUMBER]:
        more |= layout.Kind.INTEGER | layout.Kind.FRACTION
    if header[layout.Slot.ARRAY]:
        more |= layout.Kind.ARRAY
    if header[layout.Slot.OBJECT]:
        more |= layout.Kind.OBJECT
    if header[layout.Slot.ENUM] or header[layout.Slot.WHOLE]:
        more = layout.Kind.ANY
    return more
