"""Choosing rules and giving them parameters."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from commsim.errors import RuleError
from commsim.plugin_host.catalogue import Catalogue
from commsim.plugin_host.loader import load_catalogue, load_specification
from tests.plugin_host.test_loader import GOOD, write
from tests.plugins.rounds import CATALOGUE


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(entry_points=False)


def test_words_of_the_command_line_become_values_of_the_fields_type(catalogue: Catalogue) -> None:
    rule_id, params = catalogue.parse("match.linear:rate=1.5, cap_yuan=5000,pool=false")
    made = catalogue.make(rule_id, params).params
    assert (made.rate, made.cap_yuan, made.pool) == (1.5, 5000.0, False)
    assert type(made.cap_yuan) is float
    assert catalogue.make("match.linear", {"cap_yuan": "none"}).params.cap_yuan is None
    assert catalogue.make("pb.greedy_votes", {"approvals": "5"}).params.approvals == 5
    assert catalogue.make("match.linear", {"rate": 2}).params.rate == 2.0
    assert catalogue.parse("basic.none") == ("basic.none", {})


@pytest.mark.parametrize(
    ("rule_id", "params", "expected"),
    [
        ("match.liner", {}, "Did you mean 'match.linear'?"),
        ("match.linear", {"rates": 1}, "Did you mean 'rate'?"),
        ("basic.none", {"x": 1}, "has no parameter 'x'"),
        ("match.linear", {"rate": "much"}, "takes a number; 'much' came"),
        ("match.linear", {"rate": True}, "takes a number; True came"),
        ("match.linear", {"rate": float("nan")}, "takes a number; nan came"),
        ("match.linear", {"rate": "inf"}, "takes a number; 'inf' came"),
        ("match.linear", {"rate": -1}, "at least 0"),
        ("match.linear", {"rate": 11}, "at most 10"),
        ("match.linear", {"pool": 1}, "takes true or false; 1 came"),
        ("match.linear", {"cap_yuan": 0.005}, "whole fen"),
        ("pb.greedy_votes", {"approvals": 1.5}, "takes a whole number; 1.5 came"),
        ("pb.greedy_votes", {"approvals": "0"}, "at least 1"),
        ("seed.provision_point", {"rebate": "some"}, "one of none, proportional"),
        ("seed.provision_point", {"rebate": 1}, "takes a word"),
        ("seed.provision_point", {"threshold_share": None}, "takes a number; None came"),
    ],
)
def test_a_wrong_choice_says_what_was_expected(
    catalogue: Catalogue, rule_id: str, params: dict[str, Any], expected: str
) -> None:
    with pytest.raises(RuleError) as caught:
        catalogue.make(rule_id, params)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("match.linear:rate", "'rate' is not one parameter given once"),
        ("match.linear:=2", "is not one parameter"),
        ("match.linear:rate=1,rate=2", "'rate=2' is not one parameter given once"),
        ("match.linear：rate=1", "full-width"),
        ("nothing.here", "there is no rule 'nothing.here'"),
    ],
)
def test_a_misshapen_choice_is_explained(catalogue: Catalogue, text: str, expected: str) -> None:
    with pytest.raises(RuleError) as caught:
        catalogue.parse(text)
    assert expected in str(caught.value)


def test_an_error_about_a_built_in_rule_names_its_file_and_line(catalogue: Catalogue) -> None:
    with pytest.raises(RuleError) as caught:
        catalogue.make("match.linear", {"rat": 2})
    place = re.search(r"\((commsim/plugins/matching/linear\.py):(\d+)\)", str(caught.value))
    assert place is not None
    line = (Path(__file__).parents[2] / place[1]).read_text(encoding="utf-8").splitlines()[int(place[2]) - 1]
    assert line.startswith("class LinearMatch") or line.startswith("@"), line


def test_the_nearest_rule_comes_before_anything_else(catalogue: Catalogue) -> None:
    with pytest.raises(RuleError) as caught:
        catalogue.entry("match.liner")
    assert str(caught.value).startswith("there is no rule 'match.liner'. Did you mean 'match.linear'? List all")
    with pytest.raises(RuleError, match="Rules: bandit.eps, "):
        catalogue.entry("xyzzy")


def test_the_catalogue_travels_to_another_process_as_data(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    here = load_catalogue([path], entry_points=False)
    specification = pickle.loads(pickle.dumps(here.specification()))
    path.unlink()  # the file need not exist where the workers run
    there = load_specification(specification)
    assert list(there) == list(here)
    assert there.specification() == specification
    assert there.entry("mine.even").origin.version == here.entry("mine.even").origin.version


def test_a_process_with_other_rules_is_refused_by_name(tmp_path: Path) -> None:
    here = load_catalogue([write(tmp_path, GOOD)], entry_points=False).specification()
    changed = type(here)(here.rules, (("my_rule.py", GOOD + "\n# changed\n"),), here.distributions)
    with pytest.raises(RuleError, match=r"different or missing: mine\.even"):
        load_specification(changed)


def test_every_parameter_of_a_built_in_rule_is_documented_in_both_languages(catalogue: Catalogue) -> None:
    seen = 0
    for entry in catalogue.list():
        for _name, _default, metadata in entry.rule.parameters():
            assert metadata["doc"].to("en") != metadata["doc"].to("zh")
            seen += 1
    assert seen >= 100


def test_every_parameter_names_where_it_comes_from_and_every_number_its_unit() -> None:
    catalogue = load_catalogue(entry_points=False)
    classes = [*(entry.rule for entry in catalogue.list()), *(one.modifier for one in catalogue.modifiers.values())]
    lacking = [
        f"{one.id}.{name}"
        for one in classes
        for name, default, facts in one.parameters()
        if not facts["reference"] or (type(default) in (int, float) and not facts["unit"])
    ]
    assert lacking == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("pb.method_of_equal_shares", "pb.mes"),
        ("rule x", "pb.mes"),
        ("pb.phragmen", "pb.seq_phragmen"),
        ("quadratic_funding", "qf.clr"),
        ("CLR", "qf.clr"),
        ("cocm", "qf.cocm"),
        ("pb.utilitarian", "pb.knapsack"),
        ("knapsack", "pb.knapsack"),
        ("equal split", "basic.equal_split"),
        ("greedy", "pb.greedy_votes"),
    ],
)
def test_a_rule_is_suggested_by_the_name_that_it_goes_by(name: str, meant: str) -> None:
    with pytest.raises(RuleError, match=f"Did you mean '{meant}'"):
        CATALOGUE.entry(name)
