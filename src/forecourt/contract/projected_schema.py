"""What the keywords of a schema say of each other, for one audience."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.contract.components import Components
from forecourt.contract.references import look_up
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, child, descend, is_among
from forecourt.contract.words import Words

Keyed = dict[str, Json]

# Extensions that say something of each value of an `enum`, in order.
_OF_VALUES = frozenset(
    {"x-enumNames", "x-enum-varnames", "x-enum-descriptions", "x-enumDescriptions", "x-ms-enum"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectedSchema:
    """Mends the copy of a schema whose hidden parts were left out."""

    sight: Sight
    root: Json
    known: frozenset[str]

    def finish(
        self, written: Keyed, copied: Keyed, *, words: Words, components: Components
    ) -> None:
        """Takes hidden names and values out of keywords that name them."""
        seen, hidden = self.sight.choices(written)
        words.seen.update(v for v in seen if isinstance(v, str))
        if hidden:
            words.hidden.update(v for v in hidden if isinstance(v, str))
            copied["enum"] = seen
            for key in _OF_VALUES & copied.keys():
                del copied[key]
        self._names(written, copied)
        if isinstance(discriminator := copied.get("discriminator"), dict):
            self._discriminator(discriminator, copied, words, components)

    def _names(self, written: Keyed, copied: Keyed) -> None:
        hidden = self.sight.hidden_names(written) | self.known
        if isinstance(required := copied.get("required"), list):
            copied["required"] = [n for n in required if not is_among(n, hidden)]
            if not copied["required"]:
                del copied["required"]
        if isinstance(dependents := copied.get("dependentRequired"), dict):
            copied["dependentRequired"] = {
                name: [n for n in needed if not is_among(n, hidden)]
                for name, needed in dependents.items()
                if name not in hidden and isinstance(needed, list)
            }
        if isinstance(dependents := copied.get("dependentSchemas"), dict):
            kept = {name: v for name, v in dependents.items() if name not in hidden}
            copied["dependentSchemas"] = kept
        if is_among(child(copied.get("discriminator"), "propertyName"), hidden):
            del copied["discriminator"]

    def _discriminator(
        self, discriminator: Keyed, copied: Keyed, words: Words, components: Components
    ) -> None:
        mapping = discriminator.get("mapping")
        if not isinstance(mapping, dict):
            return
        kept: Keyed = {}
        for value, target in mapping.items():
            at = self._mapped(target)
            if at is None:
                kept[value] = target
            elif self.sight.hides_place(at) or self.sight.hides_schema(descend(self.root, at)):
                words.hidden.update((value, *at[-1:]))
            else:
                kept[value] = components.reference("schema", at)
        copied["discriminator"] = {**discriminator, "mapping": kept}

    def _mapped(self, target: Json) -> Pointer | None:
        """A schema by a reference, or by its name among the components."""
        if not isinstance(target, str):
            return None
        reference = target if target.startswith("#") else f"#/components/schemas/{target}"
        found = look_up(self.root, reference)
        return None if found is None else found.at
