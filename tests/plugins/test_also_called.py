"""Claims about other names of rules: a rule says itself how else it is called, and no list knows it in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.errors import RuleError
from commsim.plugin_host.loader import load_catalogue

PLUGIN = """
from commsim.rules import Award, Bilingual, Rule, hookimpl


class Ostrich(Rule):
    id = "mine.bird"
    title = Bilingual(en="Bird", zh="鸟")
    also_called = {names}

    def settle(self, view):
        return Award(paid=view.proposals.ask * 0, reasons=("nothing",) * len(view.proposals))


@hookimpl
def commsim_register_rules(register):
    register(Ostrich)
"""


def _written(folder: Path, names: str) -> Path:
    path = folder / "bird.py"
    path.write_text(PLUGIN.format(names=names), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("pb.method_of_equal_shares", "pb.mes"),
        ("Rule X", "pb.mes"),
        ("抽签", "lottery.full"),
        ("pb.pav", "committee.pav"),
    ],
)
def test_a_rule_is_found_by_what_the_literature_calls_it(asked: str, meant: str) -> None:
    with pytest.raises(RuleError, match=f"Did you mean '{meant}'"):
        load_catalogue(entry_points=False).entry(asked)


def test_a_rule_of_a_file_is_found_by_its_other_names_too(tmp_path: Path) -> None:
    catalogue = load_catalogue([_written(tmp_path, '("struthio camelus",)')], entry_points=False)
    with pytest.raises(RuleError, match="Did you mean 'mine.bird'"):
        catalogue.entry("Struthio_camelus")


def test_names_that_are_no_list_of_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="bird.py.*`also_called` has to be a list of names"):
        load_catalogue([_written(tmp_path, '"struthio"')], entry_points=False)


def test_no_two_rules_are_called_alike() -> None:
    catalogue = load_catalogue(entry_points=False)
    names = [name for rule_id in catalogue for name in vars(catalogue[rule_id]).get("also_called", ())]
    assert names and len(names) == len(set(names))
