"""One rule of a comparison as an arm: plain data that travels, and the rule itself where it is run."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from commsim.contracts import Rule
from commsim.i18n import Bilingual, Text
from commsim.study.provenance import parameters_of, provenance
from commsim.study.simulation import choose_rule

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario


@dataclass(frozen=True)
class Arm:
    """One rule of a comparison. `rule` is set only for a Rule object that no catalogue knows; it must then pickle."""

    label: str
    rule_id: str
    parameters: tuple[tuple[str, Any], ...]
    title: Bilingual
    summary: Bilingual
    source: str | Text
    origin: tuple[tuple[str, str], ...]
    rule: Rule | None = None
    modifiers: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    family: str = ""
    ballot: str = "none"
    """The form of ballot that its rule announces: which call without money it is held against."""
    about: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """Its rule and modifiers with their parameters and where each came from (`provenance`)."""
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)
    """What is known of each parameter of its rule (see `parameter`), so that a report needs no plugin."""

    def make(self, catalogue: Catalogue) -> Rule:
        """The rule itself, in this process."""
        return (
            self.rule if self.rule is not None else catalogue.make(self.rule_id, dict(self.parameters), self.modifiers)
        )


def make_arm(rule: str | Rule | type[Rule], scenario: Scenario, catalogue: Catalogue) -> Arm:
    """One arm from "id", "id:k=v", a Rule or its class."""
    from commsim.calling.modified_rule import plain_rule, written_modifiers

    label, made = choose_rule(rule, scenario, catalogue)
    about = provenance(made, catalogue)
    known = about["origin"]["kind"] != "object"
    return Arm(
        label=label,
        rule_id=made.id,
        parameters=tuple(parameters_of(made).items()),
        title=made.title,
        summary=made.summary or Bilingual(en=inspect.getdoc(type(made)) or "", zh=""),
        source=made.source,
        origin=tuple(sorted(about["origin"].items())),
        rule=None if known else made,
        modifiers=tuple((written.id, written.params) for written in written_modifiers(made)),
        family=plain_rule(made).family,
        about=about,
        facts={name: facts for name, _default, facts in type(plain_rule(made)).parameters()},
    )
