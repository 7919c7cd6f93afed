"""Claims about plain inputs: plugins bring them by a hook, for their own rules, and only `evaluate` opens them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from commsim.errors import RuleError
from commsim.evaluation.evaluate import evaluate
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.plain_inputs import opened

RULE = """
import numpy as np

from commsim.contracts import Award, Bilingual, PlainFunction, PlainInput, Rule, hookimpl


class Halves(Rule):
    id = "{id}"
    title = Bilingual(en="Halves", zh="一半")

    def settle(self, view):
        paid = np.minimum(view.proposals.ask // 2, view.budget // max(len(view.proposals), 1))
        return Award(paid=paid, reasons=("half",) * len(paid))


@hookimpl
def commsim_register_rules(register):
    register(Halves)
"""
OFFER = """

@hookimpl
def commsim_plain_inputs(register):
    for offered in ({offers},):
        register(offered)
"""
HALVES = 'PlainInput("{id}", lambda rule, known: [wish / 2 for wish in known["wishes"]], reads="wishes")'


def _plugin(folder: Path, *offers: str, id: str = "mine.halves") -> Path:
    path = folder / f"halves_{len(list(folder.iterdir()))}.py"
    text = RULE.format(id=id) + (OFFER.format(offers=", ".join(offers)) if offers else "")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plugin_brings_words_of_its_own_for_its_rule(tmp_path: Path) -> None:
    rule = load_catalogue([_plugin(tmp_path, HALVES.format(id="mine.halves"))]).make("mine.halves")
    assert evaluate(rule, {"wishes": [3, 5]}) == [1.5, 2.5]


def test_the_form_of_another_plugin_does_not_answer_for_a_rule(tmp_path: Path) -> None:
    # "pb." is a form of the built-in family; a rule of a file whose id begins so is shown a made round.
    rule = load_catalogue([_plugin(tmp_path, id="pb.halves")]).make("pb.halves")
    assert evaluate(rule, {"budget": 10, "projects": {"a": 4}}) == {"a": 2.0}


def test_a_formula_of_a_plugin_is_known_by_its_name(tmp_path: Path) -> None:
    offer = 'PlainFunction("mine.double", lambda known, words: 2 * known["stake"], reads="stake")'
    offered = opened(load_catalogue([_plugin(tmp_path, offer)]).plain_inputs)
    formula = offered.function("mine.double")
    assert formula is not None and formula.function({"stake": 4}, {}) == 8
    assert list(offered)[-1] == "mine.double"  # in the order in which plugins came
    with pytest.raises(RuleError, match="no plain input 'mine.doubel'. Did you mean 'mine.double'"):
        offered["mine.doubel"]


@pytest.mark.parametrize(
    ("offers", "problem"),
    [
        ((HALVES.format(id="mine."), HALVES.format(id="mine.")), "there are two plain inputs 'mine.'"),
        (("Halves",), "registers a PlainInput or a PlainFunction"),
        (("1 / 0",), "hook 'commsim_plain_inputs' failed"),
    ],
)
def test_what_is_wrong_with_an_offer_is_told_with_its_file(
    tmp_path: Path, offers: tuple[str, ...], problem: str
) -> None:
    path = _plugin(tmp_path, *offers)
    rule = load_catalogue([path]).make("mine.halves")
    with pytest.raises(RuleError, match=problem) as caught:
        evaluate(rule, {"wishes": [3, 5]})
    assert path.name in str(caught.value)


def test_a_class_of_a_family_is_known_though_no_rules_were_loaded_before() -> None:
    code = (
        "from commsim.evaluation.evaluate import evaluate; from commsim.plugins.quadratic import QuadraticFunding\n"
        "assert evaluate(QuadraticFunding, {'contributions': {'a': [1, 4]}, 'pool': 'infinite'}) == {'a': 4.0}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_loading_rules_opens_no_plain_input() -> None:
    code = (
        "import sys; from commsim.plugin_host.loader import load_catalogue; load_catalogue(entry_points=False)\n"
        "assert not [name for name in sys.modules if name.endswith('.plain_input') and '.plugins.' in name]\n"
        "assert 'commsim.evaluation' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
