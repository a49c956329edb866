--- What the words of a bundle mean: compiler/bundle/layout.py says the same.
local _M = {}

--- Where a number is meant and none is there.
_M.NONE = -1

--- The schemas that every bundle begins with.
_M.ANYTHING = 0
_M.NOTHING = 1

--- The words of a schema's header.
_M.HEADER = 8
_M.KINDS = 0
_M.STRING = 1
_M.NUMBER = 2
_M.ARRAY = 3
_M.OBJECT = 4
_M.ENUM = 5
_M.WHOLE = 6
_M.MORE = 7

--- Among the kinds of `MORE`: some values are not for the audience.
_M.NARROWED = 128

--- Comparisons of numbers.
_M.MINIMUM = 1
_M.MAXIMUM = 2
_M.EXCLUSIVE_MINIMUM = 3
_M.EXCLUSIVE_MAXIMUM = 4
_M.MULTIPLE = 5

--- Schemas about the same value.
_M.ALL = 1
_M.ANY = 2
_M.ONE = 3
_M.NOT = 4
_M.IF = 5
_M.HELD = 6
_M.SEEN = 7

--- Flags of a property.
_M.REQUIRED = 1
_M.DECLARED = 2
_M.WITHHELD = 4
_M.REFUSED = 8

--- Flags of an object.
_M.DECLARES = 1
_M.HIDES = 2

return _M
