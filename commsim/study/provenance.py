"""Where the rules of a run come from: id, parameters, and the plugin's version or the digest of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from commsim.contracts import Modifier, Rule
from commsim.i18n import translated_if_known

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue


def parameters_of(made: Rule | Modifier) -> dict[str, Any]:
    """The parameters of a rule or modifier by name, defaults included."""
    return asdict(made.params) if is_dataclass(made.params) and not isinstance(made.params, type) else {}


def origin_of(made: Rule | Modifier, catalogue: Catalogue) -> dict[str, str]:
    """Kind, name and version of the plugin that brought a rule or modifier; an object made in code says its class."""
    if isinstance(made, Modifier):
        entry = catalogue.modifiers.get(made.id)
        if entry is not None and entry.modifier is type(made):
            return entry.origin.record()
    elif made.id in catalogue and catalogue[made.id] is type(made):
        return catalogue.entry(made.id).origin.record()
    return {"kind": "object", "name": type(made).__qualname__}


def provenance(rule: Rule, catalogue: Catalogue) -> dict[str, Any]:
    """What a manifest says of a rule: rule, parameters, modifiers (each with parameters and origin), source, origin."""
    from commsim.calling.modified_rule import ModifiedRule, plain_rule

    bare = plain_rule(rule)
    modifiers = rule.modifiers if isinstance(rule, ModifiedRule) else ()
    return {
        "rule": rule.id,
        "parameters": plain_values(parameters_of(bare)),
        "modifiers": [
            {
                "id": modifier.id,
                "params": plain_values(parameters_of(modifier)),
                "origin": origin_of(modifier, catalogue),
            }
            for modifier in modifiers
        ],
        "source": translated_if_known(rule.source).to("en") if rule.source else "",
        "origin": origin_of(bare, catalogue),
    }


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as JSON can hold them."""
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """A parameter's value as JSON can hold it."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
