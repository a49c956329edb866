"""A document written anew for one audience: what it does not see is not copied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forecourt.contract.assembling import FILES
from forecourt.contract.components import SECTIONS, Components
from forecourt.contract.marks import OURS
from forecourt.contract.projected_schema import ProjectedSchema
from forecourt.contract.references import Lost, follow, look_up, reference_of
from forecourt.contract.shapes import METHODS, SHAPES, Form, Kind
from forecourt.contract.shown_values import ShownValues, Unshown
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, child
from forecourt.contract.words import Words, mentions, names_in

Keyed = dict[str, Json]

# What stands at a key of a schema that is hidden, where nothing would mean anything. The others go.
_NOTHING: Mapping[str, Json] = {
    **{k: {"not": {}} for k in ("items", "additionalItems", "patternProperties", "prefixItems")},
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "unevaluatedItems"), False),
}

# Where properties were, there are some, even if none of them is seen: nothing else leaves.
_MAY_BE_EMPTY = frozenset({"properties", "responses"})


@dataclass(slots=True, kw_only=True)
class Projecting:
    """One pass over a document. `served` are the methods and paths that the audience sees.

    `known` are the words of an earlier pass: what holds one of them is not copied where nothing
    says what it means, as in extensions. `words` are those that this pass meets.
    """

    root: Json
    sight: Sight
    served: frozenset[tuple[str, str]]
    ids: frozenset[str]
    known: frozenset[str] = frozenset()
    words: Words = field(default_factory=Words)
    # Identities of what is being copied, from the outside in.
    _around: set[int] = field(default_factory=set)
    values: ShownValues = field(init=False)
    components: Components = field(init=False)

    def __post_init__(self) -> None:
        self.values = ShownValues(sight=self.sight)
        written = child(self.root, "components")
        sections = written.items() if isinstance(written, dict) else ()
        self.components = Components(
            taken={s: set(names) for s, names in sections if isinstance(names, dict)}
        )

    def paths(self) -> Keyed:
        """The paths with what is served of them; each stands for itself, without a reference."""
        written = child(self.root, "paths")
        found: Keyed = {}
        methods: dict[str, set[str]] = defaultdict(set)
        for method, template in self.served:
            methods[template].add(method)
        for template, item in written.items() if isinstance(written, dict) else ():
            if template.startswith("x-"):
                self._extension(template, item, found)
            elif template in methods:
                found[template] = self._path(template, item, methods[template])
            else:
                self.words.hide(template, item)
        return found

    def webhooks(self) -> Keyed:
        """What is called, of those that call."""
        copied = self._form(Form("path item", "map"), child(self.root, "webhooks"))
        return copied if isinstance(copied, dict) else {}

    def work(self) -> dict[str, Json]:
        """The components that what was copied leads to, by section and name."""
        while self.components.waiting:
            kind, at, name = self.components.waiting.popleft()
            value = self.root
            for step in at:
                value = child(value, step)
            self.components.put(kind, name, self._thing(kind, value))
        return {
            section: dict(sorted(self.components.contents[section].items()))
            for section in SECTIONS.values()
            if section in self.components.contents
        }

    def _path(self, template: str, item: Json, methods: set[str]) -> Keyed:
        """What stands at the path itself goes before what it refers to."""
        referred = self.sight.within(item)
        around = {**referred, **{k: v for k, v in _mapping(item).items() if k != "$ref"}}
        for method in METHODS:
            if method in around and method.upper() not in methods:
                self.words.hide(f"{method.upper()} {template}", around.pop(method))
        copied = self._thing("path item", around)
        assert isinstance(copied, dict)
        return copied

    # --- things -----------------------------------------------------------------------------------

    def hides(self, kind: Kind, value: Json) -> bool:
        """Whether a thing is not copied."""
        if self.sight.hides(kind, value):
            return True
        if kind == "link":
            return self._leads_nowhere(self.sight.within(value))
        return kind == "callback" and mentions(list(self.sight.within(value)), self.known)

    def _leads_nowhere(self, link: Keyed) -> bool:
        """Whether a link is to an operation that is hidden, or speaks of what is."""
        named, reference = link.get("operationId"), link.get("operationRef")
        if isinstance(named, str) and named not in self.ids:
            return True
        if isinstance(reference, str) and reference.startswith("#"):
            found = look_up(self.root, reference)
            if found is None or len(found.at) != 3 or found.at[0] != "paths":
                return True
            if (found.at[2].upper(), found.at[1]) not in self.served:
                return True
        return mentions(link, self.known)

    def _thing(self, kind: Kind, value: Json) -> Json:
        """The copy of a thing that is seen; None of one of which nothing can be told."""
        if not isinstance(value, dict):
            return value
        if id(value) in self._around:  # it leads back to itself where no reference may stand
            return None
        self._around.add(id(value))
        try:
            return self._copy(kind, value)
        finally:
            self._around.remove(id(value))

    def _copy(self, kind: Kind, value: Keyed) -> Json:
        if (reference := reference_of(value)) is not None:
            return self._reference(kind, value, reference)
        if kind == "callback":
            return {
                k: self._thing("path item", v)
                for k, v in value.items()
                if not k.startswith("x-") and not self.hides("path item", v)
            }
        copied = self._fields(kind, value)
        self._finish(kind, value, copied)
        return copied

    def _fields(self, kind: Kind, value: Keyed) -> Keyed:
        copied: Keyed = {}
        for key, inner in value.items():
            field = SHAPES[kind].get(key)
            if key in OURS or key in ("$defs", "definitions", FILES):
                continue
            if key == "examples" and self.values.hides_anything(value.get("schema")):
                continue  # one that is kept elsewhere must not be copied as it is
            if field is None:
                self._extension(key, inner, copied)
            elif field.form is None:
                copied[key] = inner
            else:
                within = self._form(field.form, inner, key)
                is_whole = field.form.how == "one" or not inner or key in _MAY_BE_EMPTY
                if within is not None and (within or is_whole):
                    copied[key] = within
        return copied

    def _reference(self, kind: Kind, value: Keyed, reference: str) -> Json:
        if kind not in SECTIONS:
            return self._thing(kind, self.sight.within(value))
        found = look_up(self.root, reference)
        if found is None:
            return None
        # What stands beside it counts in 3.1, and is never read in 3.0.
        beside = {k: v for k, v in value.items() if k != "$ref"}
        return {"$ref": self.components.reference(kind, found.at), **self._fields(kind, beside)}

    def _form(self, form: Form, value: Json, key: str = "") -> Json:
        """The copy of one thing, a list or a mapping; None where nothing is left to say."""
        if form.how == "one":
            if key == "items" and isinstance(value, list):
                return self._form(Form("schema", "list"), value, key)
            if value is None or not self.hides(form.kind, value):
                return self._thing(form.kind, value)
            self.words.hidden.update(names_in(value))
            return _NOTHING.get(key)
        found = follow(self.root, value, ())
        if isinstance(found, Lost):
            return None
        if self.sight.hides_place(found.at):
            self.words.hidden.update(names_in({key: found.value}))
            return {}
        around = found.value
        if isinstance(around, list):
            items = [
                self._item(form.kind, item, key, at=found.at and (*found.at, str(number)))
                for number, item in enumerate(around)
            ]
            return [item for item in items if item is not None]
        if not isinstance(around, dict):
            return None
        copied: Keyed = {}
        for name, inner in around.items():
            if form.kind in ("response", "path item") and name.startswith("x-"):
                self._extension(name, inner, copied)
                continue
            at = found.at and (*found.at, name)
            if (within := self._item(form.kind, inner, key, name, at=at)) is not None:
                copied[name] = within
        return copied

    def _item(self, kind: Kind, value: Json, key: str, name: str = "", at: Pointer = ()) -> Json:
        """The copy of one of several. `at`: where a reference to all of them led, if one did."""
        if not self.hides(kind, value):
            if key == "properties":
                self.words.seen.add(name)
            if at and kind in SECTIONS:  # which may lead back here: it is written once
                return {"$ref": self.components.reference(kind, at)}
            return self._thing(kind, value)
        if key in ("allOf", "anyOf", "oneOf"):
            self.words.hide((reference_of(value) or "").rpartition("/")[2], value)
        else:
            self.words.hide(name, self.sight.root if value is None else value)
        return _NOTHING.get(key)

    def _extension(self, key: str, value: Json, around: Keyed) -> None:
        if key.startswith("x-") and not self.gives_away(key, value):
            around[key] = value

    def gives_away(self, key: str, value: Json) -> bool:
        """Whether an extension, of which nobody knows what it means, speaks of what is hidden."""
        return mentions({key: value}, self.known) or mentions(value, OURS)

    # --- what the fields of a thing say of each other ---------------------------------------------

    def _finish(self, kind: Kind, value: Keyed, copied: Keyed) -> None:
        match kind:
            case "schema":
                schema = ProjectedSchema(sight=self.sight, root=self.root, known=self.known)
                schema.finish(value, copied, words=self.words, components=self.components)
                self._show(copied, value, ("default", "example"), value)
                if isinstance(listed := value.get("examples"), list):
                    copied["examples"] = list(self._shown(listed, value))
            case "media type" | "parameter" | "header":
                self._examples(value, copied)
                hidden = self.sight.hidden_names(value.get("schema"))
                encoding = copied.get("encoding")
                if isinstance(encoding, dict):
                    copied["encoding"] = {k: v for k, v in encoding.items() if k not in hidden}
            case _:
                pass

    def _shown(self, values: list[Json], schema: Json) -> Iterator[Json]:
        for value in values:
            try:
                yield self.values.shown(value, schema)
            except Unshown:
                continue

    def _show(self, copied: Keyed, written: Keyed, keys: tuple[str, ...], schema: Json) -> None:
        for key in keys:
            if key in copied:
                del copied[key]
                for shown in self._shown([written[key]], schema):
                    copied[key] = shown

    def _examples(self, value: Keyed, copied: Keyed) -> None:
        """Examples beside a schema; one that is kept elsewhere comes here, if it must change."""
        schema = value.get("schema")
        self._show(copied, value, ("example",), schema)
        if not self.values.hides_anything(schema):
            return
        shown: Keyed = {}
        for name, written in self.sight.within(value.get("examples")).items():
            example = dict(self.sight.within(written))
            if "externalValue" in example:
                continue  # nobody looks into it
            for inner in self._shown([example.get("value")], schema):
                kept = {k: v for k, v in example.items() if k in ("summary", "description")}
                shown[name] = {**kept, "value": inner}
        if shown:
            copied["examples"] = shown


def _mapping(value: Json) -> Keyed:
    return value if isinstance(value, dict) else {}
