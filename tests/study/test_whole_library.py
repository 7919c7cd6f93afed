"""`--rule all` stands for the whole library, plugins included."""

from commsim.plugin_host.loader import load_catalogue
from commsim.scenario import load_scenario
from commsim.study.counterfactuals import COUNTERFACTUALS
from commsim.study.design import make_design


def test_all_stands_for_every_rule_of_the_catalogue() -> None:
    catalogue = load_catalogue()
    rules = ["all", "match.linear:rate=2"]
    design = make_design(load_scenario("tutorial"), rules, 1, "basic.none", 1, catalogue, counterfactuals=False)
    labels = [arm.label for arm in design.arms]
    assert set(labels) >= {entry.id for entry in catalogue.list()}
    assert len(labels) == len(catalogue.list()) + 1
    assert len(set(labels)) == len(labels)


def test_with_the_whole_library_each_form_of_ballot_has_its_call_without_money() -> None:
    design = make_design(load_scenario("tutorial"), ["all"], 1, "basic.none", 1, load_catalogue())
    calls = {dict(arm.parameters)["ballot"] for arm in design.arms if arm.rule_id == "basic.call_only"}
    assert calls >= {arm.ballot for arm in design.arms if arm.rule_id not in COUNTERFACTUALS}
    assert {"none", "approval", "split", "vouchers"} <= calls
