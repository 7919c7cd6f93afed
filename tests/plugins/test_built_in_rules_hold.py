"""`commsim rules check ID` for every built-in rule: the contract, determinism, what it claims, and its time."""

from __future__ import annotations

import pytest

from commsim.authoring.check import check_rule, check_written
from commsim.contracts import Rule
from commsim.plugin_host.loader import load_catalogue

CATALOGUE = load_catalogue(entry_points=False)


@pytest.mark.study
@pytest.mark.parametrize("rule_id", list(CATALOGUE))
def test_every_built_in_rule_passes_its_check(rule_id: str) -> None:
    findings = check_rule(CATALOGUE[rule_id])
    assert len(findings) >= 4
    assert [(str(one.name), str(one.detail)) for one in findings if not one.passed] == []


@pytest.mark.parametrize("rule_id", ["perf.renewal", "pb.mes", "lottery.weighted"])
def test_rules_that_need_little_seen_columns_luck_or_ballots_pass_on_small_rounds(rule_id: str) -> None:
    findings = check_rule(CATALOGUE[rule_id], large=(20, 60))
    assert [(str(one.name), str(one.detail)) for one in findings if not one.passed] == []


OWN_QUOTE = [rule_id for rule_id in CATALOGUE if CATALOGUE[rule_id].quote is not Rule.quote]
POTS = ["unsaturated=keep", "unsaturated=scale_log", "unsaturated=scale_up", "unsaturated=scale_up,cap_yuan=1000"]


@pytest.mark.parametrize("pot", POTS)
@pytest.mark.parametrize("rule_id", OWN_QUOTE)
def test_every_built_in_quote_is_what_settling_twice_finds(rule_id: str, pot: str) -> None:
    findings = check_written(CATALOGUE, f"{rule_id}:{pot}", large=(20, 60))
    assert [one.passed for one in findings if "quote" in str(one.name)] == [True]
    assert [(str(one.name), str(one.detail)) for one in findings if not one.passed] == []
