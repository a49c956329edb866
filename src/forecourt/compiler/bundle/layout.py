"""How a bundle is laid out in words of 32 bits, for forecourt.contract.bundle to read.

The edge reads numbers out of flat memory, and nothing else: the same few loops judge every schema
(docs/decisions/0014). What the words of a section mean stands at each dataclass's fields, in order.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

# The bytes a bundle begins with; the number counts changes of the layout.
MAGIC = b"FCB2"

# An entry of a table that is absent where a number is meant.
NONE = -1

# The largest number that a count or bound may be; more is as good as endless.
MOST = 2**31 - 1

# The schemas that every bundle begins with.
ANYTHING = 0
NOTHING = 1

# Words of a schema: the kinds it admits, then where each section is, 0 for none.
HEADER = 8


class Kind(IntFlag):
    """What a value is; forecourt.json.memory has the same bits."""

    NULL = 1
    BOOLEAN = 2
    FRACTION = 4
    INTEGER = 8
    STRING = 16
    ARRAY = 32
    OBJECT = 64
    ANY = 127


class Slot(IntEnum):
    """The words of a schema's header."""

    KINDS = 0
    STRING = 1
    NUMBER = 2
    ARRAY = 3
    OBJECT = 4
    ENUM = 5
    WHOLE = 6
    # The kinds of values about which a section says more; and `NARROWED`.
    MORE = 7


# Among the kinds of `MORE`: some values of it are not for the audience.
NARROWED = 128


class Bound(IntEnum):
    """What a number is compared with: `[operation, double, text, exponent]`."""

    MINIMUM = 1
    MAXIMUM = 2
    EXCLUSIVE_MINIMUM = 3
    EXCLUSIVE_MAXIMUM = 4
    # `[operation, factor, text, exponent]`
    MULTIPLE = 5


class Whole(IntEnum):
    """A schema within a schema about the same value: `[operation, a, b]`."""

    ALL = 1  # a: schema
    ANY = 2  # a: place of a list, b: its length; then what tells them apart
    ONE = 3  # the same
    NOT = 4  # a: schema
    IF = 5  # a: place of if, then, else
    # What alternatives hide, whichever of them holds: a: place of a list (`held.py`).
    HELD = 6
    # Of several, some are hidden: a value that keeps none of the others is one of these, perhaps.
    # a: place of a list of those others, b: its length.
    SEEN = 7


class PropertyFlag(IntFlag):
    """What is said of a property."""

    REQUIRED = 1
    # Named under `properties`, and not in `required` alone.
    DECLARED = 2
    # Not for this audience or direction: as if it were not named on the way in, and then removed;
    # removed on the way out.
    WITHHELD = 4
    # Of the other side, and so refused on the way in: everybody may know of it.
    REFUSED = 8


class ObjectFlag(IntFlag):
    """What an object schema says of the members it allows."""

    DECLARES = 1
    # It names members that are not for the audience.
    HIDES = 2
