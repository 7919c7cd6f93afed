"""Every parameter of the library is named and explained in both languages, with its unit and its bounds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commsim.contracts import Award, Modifier, RoundView, Rule, parameter
from commsim.i18n import Bilingual
from commsim.plugins.values import field_types
from tests.cli.test_run_and_compare import commsim
from tests.plugins.rounds import CATALOGUE

EVERY: list[tuple[type[Rule] | type[Modifier], str, Any]] = [
    (kind, name, facts)
    for kind in (*CATALOGUE.values(), *(entry.modifier for entry in CATALOGUE.modifiers.values()))
    for name, _default, facts in kind.parameters()
]


@pytest.mark.parametrize(("kind", "name", "facts"), EVERY, ids=lambda one: getattr(one, "id", None))
def test_a_parameter_has_label_words_unit_and_bounds(kind: Any, name: str, facts: Any) -> None:
    for words in (facts["label"], facts["doc"]):
        assert words.to("en") and words.to("zh") and words.to("en") != words.to("zh")
    assert len(facts["label"].to("en")) <= 28 and len(facts["label"].to("zh")) <= 12
    if field_types(kind.Params)[name].kind in (int, float):
        assert facts["unit"], "a number says what it counts: yuan, share, count, …"
        assert facts["ge"] is not None or facts["le"] is not None


def test_a_parameter_without_a_label_goes_by_its_name() -> None:
    @dataclass(frozen=True)
    class Params:
        most_share: float = parameter(0.5, doc=Bilingual(en="Most", zh="最多"))

    class Plain(Rule):
        id = "test.plain"
        title = Bilingual(en="Plain", zh="普通")

        def settle(self, view: RoundView) -> Award:
            raise NotImplementedError

    Plain.Params = Params
    ((_name, _default, facts),) = Plain.parameters()
    assert facts["label"].to("en") == "Most share"


def test_labels_are_shown_to_people_and_programs(tmp_path: Path) -> None:
    assert "Match rate" in commsim(tmp_path, "rules", "show", "match.linear").stdout
    assert "配比" in commsim(tmp_path, "--lang", "zh", "rules", "show", "match.linear").stdout
    document = json.loads(commsim(tmp_path, "rules", "show", "match.linear", "--json").stdout)
    assert document["parameters"][0]["label"] == {"en": "Match rate", "zh": "配比"}
