"""Every parameter of the library is named and explained in both languages, with its unit and its bounds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commsim.contracts import Award, Modifier, RoundView, Rule, parameter
from commsim.errors import RuleError
from commsim.i18n import Bilingual
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.values import field_types
from tests.cli.test_run_and_compare import commsim
from tests.plugin_host.test_loader import HEAD, HOOK, RULE, fault, line_of, write
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
            return Award(paid=np.zeros(len(view.proposals), np.int64), reasons=("nothing",) * len(view.proposals))

    Plain.Params = Params
    ((_name, _default, facts),) = Plain.parameters()
    assert facts["label"].to("en") == "Most share"


def test_labels_are_shown_to_people_and_programs(tmp_path: Path) -> None:
    assert "Match rate" in commsim(tmp_path, "rules", "show", "match.linear").stdout
    assert "配比" in commsim(tmp_path, "--lang", "zh", "rules", "show", "match.linear").stdout
    document = json.loads(commsim(tmp_path, "rules", "show", "match.linear", "--json").stdout)
    assert document["parameters"][0]["label"] == {"en": "Match rate", "zh": "配比"}


NUMBER = 'rate: float = parameter(1.0, doc=Bilingual(en="Rate", zh="比率"), {})'
WORD = 'kind: str = parameter("a", doc=Bilingual(en="Kind", zh="类别"), {})'


@pytest.mark.parametrize(
    ("field", "facts", "words"),
    [
        (NUMBER, "ge=float('nan')", "parameter 'rate': `ge` has to be a finite number; nan came"),
        (NUMBER, "le=float('inf')", "`le` has to be a finite number; inf came"),
        (NUMBER, "ge='0'", "`ge` has to be a finite number; '0' came"),
        (
            NUMBER,
            "ge=5, le=0",
            "`ge, le` has to be bounds of which the lower, ge, is not above the upper, le; ge=5, le=0",
        ),
        (NUMBER, "sweep=(3, 1)", "`sweep` has to be two numbers of which the lower comes first; (3, 1) came"),
        (NUMBER, "sweep=(0, 3), le=2", "`sweep` has to be within the bounds of the parameter; (0, 3) (ge=None, le=2)"),
        (NUMBER, "sweep=(-1, 1), ge=0", "within the bounds of the parameter; (-1, 1) (ge=0, le=None)"),
        (NUMBER, "sweep=3", "`sweep` has to be two finite numbers, as in sweep=(0, 2); 3 came"),
        (NUMBER, "sweep=(0, float('nan'))", "`sweep` has to be two finite numbers"),
        (NUMBER, "label='Rate'", "`label` has to be words in both languages"),
        (NUMBER, "unit=5", "`unit` has to be a word; 5 came"),
        (NUMBER, "reference=None", "`reference` has to be a word; None came"),
        (NUMBER, "choices=(1.0, 'two')", "`choices` has to be values that the parameter can have; 'two' came"),
        (NUMBER, "choices=1.0", "`choices` has to be a list of values"),
        (
            WORD,
            "choices='ab'",
            "parameter 'kind': `choices` has to be a list of values, as in choices=('a', 'b'); 'ab' came",
        ),
        (WORD, "choices=()", "`choices` has to be a list of values"),
        (WORD, "ge=0", "`ge` has to be left out: only numbers have bounds; 0 came"),
        (WORD, "sweep=(0, 1)", "`sweep` has to be left out: only numbers have a range to try"),
    ],
)
def test_a_parameter_that_is_declared_wrongly_is_refused_at_load(
    tmp_path: Path, field: str, facts: str, words: str
) -> None:
    params = f"@dataclass(frozen=True)\nclass Params:\n    {field.format(facts)}\n\n"
    text = HEAD + params + RULE.replace("    def settle", "    Params = Params\n\n    def settle") + HOOK
    message = fault(write(tmp_path, text))
    assert words in message
    assert f"my_rule.py:{line_of(text, 'class Even')}: rule 'mine.even'" in message


@pytest.mark.parametrize("facts", ["ge=0, le=2, sweep=(0, 2)", "ge=1, le=1", "choices=[1, 1.5]", "sweep=(1, 1)"])
def test_a_parameter_that_is_declared_soundly_is_taken(tmp_path: Path, facts: str) -> None:
    params = f"@dataclass(frozen=True)\nclass Params:\n    {NUMBER.format(facts)}\n\n"
    text = HEAD + params + RULE.replace("    def settle", "    Params = Params\n\n    def settle") + HOOK
    assert "mine.even" in load_catalogue([write(tmp_path, text)], entry_points=False)


@pytest.mark.parametrize(
    ("rule", "params", "words"),
    [
        ("match.linear", {"rate": 99}, "必须是不超过 10.0 的数；"),
        ("match.linear", {"rate": -1}, "必须是不小于 0.0 的数；"),
        ("pb.mes", {"utility": "x"}, "必须是 cost, cardinality, effort 之一；"),
    ],
)
def test_a_value_out_of_bounds_is_told_in_whole_chinese_sentences(rule: str, params: Any, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        CATALOGUE.make(rule, params)
    assert words in caught.value.text.to("zh")
