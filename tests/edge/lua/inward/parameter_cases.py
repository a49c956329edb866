"""Parameters as callers write them, and what the contract says of them: style, place and type.

The same cases are judged by Lua alone and by the real Envoy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
TEXT = {"type": "string"}
TRUTH = {"type": "boolean"}
INTEGERS = {"type": "array", "items": INTEGER}
TEXTS = {"type": "array", "items": {"type": "string", "minLength": 2}}
COLOR = {
    "type": "object",
    "properties": {"R": INTEGER, "G": INTEGER, "name": TEXT},
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request with one parameter declared, `p`, and the rules that it breaks.

    `sent` is the query, the segment of the path, the header's value or the cookie field.
    """

    claim: str
    where: str
    schema: Mapping[str, Any] | None
    sent: str
    breaks: tuple[str, ...] = ()
    declared: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parameter(self) -> dict[str, Any]:
        is_in_path = self.where == "path"
        written = {"name": "p", "in": self.where, "required": is_in_path, **self.declared}
        return written if self.schema is None else {**written, "schema": self.schema}


def _of(where: str, **declared: Any) -> Any:
    def case(claim: str, schema: Mapping[str, Any] | None, sent: str, *breaks: str) -> Case:
        return Case(
            claim=f"{where}: {claim}",
            where=where,
            schema=schema,
            sent=sent,
            breaks=breaks,
            declared=declared,
        )

    return case


query = _of("query")
unexploded = _of("query", explode=False)
spaces = _of("query", style="spaceDelimited", explode=False)
pipes = _of("query", style="pipeDelimited", explode=False)
deep = _of("query", style="deepObject", explode=True)
encoded = _of("query", content={"application/json": {"schema": COLOR}})
required = _of("query", required=True)
may_be_empty = _of("query", allowEmptyValue=True)
path = _of("path")
path_exploded = _of("path", explode=True)
label = _of("path", style="label")
label_exploded = _of("path", style="label", explode=True)
matrix = _of("path", style="matrix")
matrix_exploded = _of("path", style="matrix", explode=True)
header = _of("header")
header_exploded = _of("header", explode=True)
cookie = _of("cookie")

CASES: tuple[Case, ...] = (
    # --- one value --------------------------------------------------------------------------------
    query("an integer", INTEGER, "p=12"),
    query("an integer with a fraction that is none", INTEGER, "p=12.0"),
    query("a fraction is no integer", INTEGER, "p=12.5", "type"),
    query("a text is no integer", INTEGER, "p=twelve", "type"),
    query("zeros before a number", INTEGER, "p=012", "type"),
    query("a plus is a space", INTEGER, "p=+12", "type"),
    query("an integer of twenty digits", INTEGER, "p=12345678901234567890"),
    query("a bound on it", {"type": "integer", "maximum": 10}, "p=12345678901234567890", "maximum"),
    query("a number", NUMBER, "p=-1.5e3"),
    query("digits as a text", TEXT, "p=12"),
    query("a word of JSON as a text", TEXT, "p=null"),
    query("a truth value", TRUTH, "p=true"),
    query("another word for one", TRUTH, "p=yes", "type"),
    query("a value of a list", {"enum": ["a", "b"]}, "p=b"),
    query("a value of no list", {"enum": ["a", "b"]}, "p=c", "enum"),
    query("a number of a list", {"enum": [1, 2]}, "p=2"),
    query("a text too long", {"type": "string", "maxLength": 3}, "p=abcd", "maxLength"),
    query("characters, not bytes", {"type": "string", "maxLength": 3}, "p=%C3%A9%C3%A9%C3%A9"),
    query("a pattern", {"type": "string", "pattern": "^[a-z ]+$"}, "p=a+b%20c"),
    query("a broken pattern", {"type": "string", "pattern": "^[a-z]+$"}, "p=a%2Bb", "pattern"),
    query("a date", {"type": "string", "format": "date"}, "p=2024-02-29"),
    query("no date", {"type": "string", "format": "date"}, "p=2023-02-29", "format"),
    query("text or integer, as one", {"type": ["string", "integer"]}, "p=12"),
    query(
        "what breaks as a number and keeps as a text",
        {"anyOf": [{"type": "integer", "maximum": 9}, {"type": "string", "minLength": 2}]},
        "p=12",
    ),
    query("nothing where null may be", {"type": ["integer", "null"]}, "p="),
    query("nothing where it may not", INTEGER, "p=", "type"),
    query("nothing as a text", TEXT, "p="),
    query("a name alone", TEXT, "p"),
    query("no schema", {}, "p=anything"),
    query("nothing at all", INTEGER, ""),
    query("nothing but separators", INTEGER, "&&"),
    required("missing", INTEGER, "", "required"),
    may_be_empty("empty, as declared", INTEGER, "p="),
    may_be_empty("not empty", INTEGER, "p=x", "type"),
    # --- how it is encoded ------------------------------------------------------------------------
    query("an encoded name", INTEGER, "%70=12"),
    query("an unfinished escape", TEXT, "p=%4", "encoding"),
    query("a lone percent", TEXT, "p=100%", "encoding"),
    query("no hexadecimal", TEXT, "p=%zz", "encoding"),
    query("no UTF-8", TEXT, "p=%ff", "encoding"),
    query("a slash that is too long", TEXT, "p=%c0%af", "encoding"),
    query("half a surrogate pair", TEXT, "p=%ed%a0%80", "encoding"),
    query("an encoded NUL", TEXT, "p=a%00b", "encoding"),
    query("an encoded line end", TEXT, "p=a%0Ab"),
    query("decoded once", {"enum": ["%41"]}, "p=%2541"),
    query("not decoded twice", {"enum": ["A"]}, "p=%2541", "enum"),
    query("quotes and backslashes", {"enum": ['"\\']}, "p=%22%5C"),
    # --- more than one ----------------------------------------------------------------------------
    query("one value, twice", INTEGER, "p=1&p=2", "duplicate"),
    query("the same value twice", TEXT, "p=a&p=a", "duplicate"),
    query("twice, once in disguise", INTEGER, "p=1&%70=2", "duplicate"),
    query("a name of nobody", INTEGER, "p=1&q=2", "undeclared"),
    query("a name in other letters", INTEGER, "P=1", "undeclared"),
    query("a name in brackets where none are", INTEGER, "p[]=1", "undeclared"),
    # --- lists ------------------------------------------------------------------------------------
    query("a list, a name each", INTEGERS, "p=1&p=2"),
    query("a list of one", INTEGERS, "p=1"),
    query("an item of another type", INTEGERS, "p=1&p=x", "type"),
    query("a comma within an item", TEXTS, "p=a,b"),
    query("too many items", {**INTEGERS, "maxItems": 1}, "p=1&p=2", "maxItems"),
    query("a list or one value, one", {"anyOf": [INTEGER, INTEGERS]}, "p=1"),
    query("a list or one value, several", {"anyOf": [INTEGER, INTEGERS]}, "p=1&p=2"),
    unexploded("a list with commas", INTEGERS, "p=1,2,3"),
    unexploded("an encoded comma separates as well", INTEGERS, "p=1%2C2"),
    unexploded("an encoded comma may be an item's", {**TEXTS, "maxItems": 1}, "p=ab%2Ccd"),
    unexploded("an item of another type", INTEGERS, "p=1,x", "type"),
    unexploded("an item that is empty", INTEGERS, "p=1,,2", "type"),
    unexploded("no items", INTEGERS, "p="),
    unexploded("twice", INTEGERS, "p=1&p=2", "duplicate"),
    spaces("a list with spaces", INTEGERS, "p=1%202+3"),
    spaces("commas do not separate", INTEGERS, "p=1,2", "type"),
    pipes("a list with pipes", INTEGERS, "p=1%7C2%7c3"),
    pipes("an item of another type", INTEGERS, "p=1%7Cx", "type"),
    # --- objects ----------------------------------------------------------------------------------
    query("members under their own names", COLOR, "R=100&name=12"),
    query("a member of another type", COLOR, "R=x", "type"),
    query("a member of nobody", COLOR, "R=1&B=2", "additionalProperties"),
    query("a member twice", COLOR, "R=1&R=2", "duplicate"),
    query("what some servers take for two", TEXT, "p=a;q=1", "separator"),
    query("no two in an escape", TEXT, "p=a%3Bq=1"),
    unexploded("members in a row", COLOR, "p=R,100,name,12"),
    unexploded("a name without a value", COLOR, "p=R,100,G", "style"),
    unexploded("a member of another type", COLOR, "p=R,x", "type"),
    deep("members in brackets", COLOR, "p[R]=100&p%5Bname%5D=12"),
    deep("a member of another type", COLOR, "p[R]=x", "type"),
    deep("a member of nobody", COLOR, "p[B]=1", "additionalProperties"),
    deep("a member twice", COLOR, "p[R]=1&p[R]=2", "duplicate"),
    deep("a member and its own member", COLOR, "p[R]=1&p[R][x]=2", "duplicate"),
    deep("a bracket that does not close", COLOR, "p[R=1", "undeclared"),
    deep("a bracket after which more follows", COLOR, "p[R]x=1", "undeclared"),
    deep(
        "a list within, as clients write it",
        {"type": "object", "properties": {"ids": INTEGERS}},
        "p[ids][]=1&p[ids][]=2",
    ),
    deep(
        "a list within, with numbers",
        {"type": "object", "properties": {"ids": INTEGERS}},
        "p[ids][1]=1&p[ids][0]=x",
        "type",
    ),
    deep("a value or an object, a value", {"anyOf": [COLOR, INTEGER]}, "p=12"),
    deep("a value or an object, an object", {"anyOf": [COLOR, INTEGER]}, "p[R]=12"),
    deep("a value and an object", {"anyOf": [COLOR, INTEGER]}, "p=12&p[R]=12", "duplicate"),
    encoded("JSON", None, "p=%7B%22R%22%3A1%7D"),
    encoded("JSON that breaks its schema", None, "p=%7B%22R%22%3A%22x%22%7D", "type"),
    encoded("no JSON", None, "p=%7B", "syntax"),
    encoded("JSON with a name twice", None, "p=%7B%22R%22:1,%22R%22:2%7D", "duplicate"),
    # --- the path ---------------------------------------------------------------------------------
    path("an integer", INTEGER, "12"),
    path("a text is no integer", INTEGER, "x", "type"),
    path("a plus is a plus", {"enum": ["a+b"]}, "a+b"),
    path("an encoded space", {"enum": ["a b"]}, "a%20b"),
    path("a list", INTEGERS, "1,2"),
    path("an item of another type", INTEGERS, "1,x", "type"),
    path("members in a row", COLOR, "R,1,G,2"),
    path_exploded("members with names", COLOR, "R=1,G=2"),
    path_exploded("a member of another type", COLOR, "R=x", "type"),
    path_exploded("a member without a name", COLOR, "R", "style"),
    label("a value", INTEGER, ".12"),
    label("no dot", INTEGER, "12", "style"),
    label("a list", INTEGERS, ".1,2"),
    label_exploded("a list", INTEGERS, ".1.2"),
    label_exploded("members with names", COLOR, ".R=1.G=2"),
    label_exploded("a member of another type", COLOR, ".R=1.G=x", "type"),
    matrix("a value", INTEGER, ";p=12"),
    matrix("another name", INTEGER, ";q=12", "style"),
    matrix("no name", INTEGER, "12", "style"),
    matrix("a list", INTEGERS, ";p=1,2"),
    matrix("members in a row", COLOR, ";p=R,1,G,2"),
    matrix("a value of another type", INTEGER, ";p=x", "type"),
    matrix_exploded("a list", INTEGERS, ";p=1;p=2"),
    matrix_exploded("members with names", COLOR, ";R=1;G=2"),
    # --- headers and cookies ----------------------------------------------------------------------
    header("an integer", INTEGER, "12"),
    header("a text is no integer", INTEGER, "x", "type"),
    header("a percent is a percent", {"enum": ["%41"]}, "%41"),
    header("a comma in a text", {"enum": ["a,b"]}, "a,b"),
    header("a list", INTEGERS, "1, 2"),
    header("an item of another type", INTEGERS, "1, x", "type"),
    header_exploded("members with names", COLOR, "R=1,G=2"),
    cookie("an integer", INTEGER, "p=12"),
    cookie("a text is no integer", INTEGER, "p=x", "type"),
    cookie("one of several", INTEGER, "q=x; p=12; r"),
    cookie("one value, twice", INTEGER, "p=1; p=2", "duplicate"),
    cookie("a space behind the name", INTEGER, "p =x", "type"),
    cookie("a tab before the name", INTEGER, "q=1;\tp=x", "type"),
    cookie("one value, twice, once with a space", INTEGER, "p=1; p =2", "duplicate"),
    cookie("a plus is a plus", {"enum": ["a+b"]}, "p=a+b"),
)
