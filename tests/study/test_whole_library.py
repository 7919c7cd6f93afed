"""`--rule all` stands for the whole library, plugins included."""

from commsim.plugin_host.loader import load_catalogue
from commsim.scenario import load_scenario
from commsim.study.design import make_design


def test_all_stands_for_every_rule_of_the_catalogue() -> None:
    catalogue = load_catalogue()
    design = make_design(load_scenario("tutorial"), ["all", "match.linear:rate=2"], 1, "basic.none", 1, catalogue)
    labels = [arm.label for arm in design.arms]
    assert set(labels) >= {entry.id for entry in catalogue.list()}
    assert len(labels) == len(catalogue.list()) + 1
    assert len(set(labels)) == len(labels)
