"""A rule that asks for it sees who applies and what is on record of them, and the indicators that plugins offer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import commsim
from commsim.contracts import Award, RoundView, Rule
from commsim.errors import RuleError
from commsim.i18n import Bilingual
from commsim.plugin_host.loader import load_catalogue
from tests.plugins.rounds import a_round
from tests.processes.runs import run


class Looking(Rule):
    id = "test.looking"
    title = Bilingual(en="Looking", zh="查看")
    needs = frozenset({"applicants", "writer"})

    def __init__(self, params: object = None) -> None:
        super().__init__(params)
        self.seen: list[RoundView] = []

    def settle(self, view: RoundView) -> Award:
        self.seen.append(view)
        n = len(view.proposals)
        return Award(paid=np.minimum(view.proposals.ask, view.budget // n), reasons=("part",) * n)


def test_proposals_point_to_who_applied_and_to_their_record() -> None:
    rule = Looking()
    model = run(rule)
    projects = {one.id: one for one in model.projects.projects}
    for view in rule.seen:
        table, of_proposal = view.applicants, view.proposals.applicant
        assert sorted(set(of_proposal.tolist())) == list(range(len(table)))
        assert table.type[of_proposal].tolist() == view.proposals.writer.tolist()
        assert np.isfinite(table.capacity[table.type == 1]).all() and np.isnan(table.age[table.type == 1]).all()
        applied = [projects[proposal].applicant for proposal in view.proposals.id]
        assert [table.id[at] for at in of_proposal] == applied
    first = [view for view in rule.seen if view.round.period == rule.seen[0].round.period]
    last = [view for view in rule.seen if view.round.period == rule.seen[-1].round.period]
    assert not any(view.applicants.past_awards.any() for view in first)
    assert any(view.applicants.past_awards.any() for view in last)
    rates = np.concatenate([view.applicants.delivery_rate for view in last])
    assert ((rates[~np.isnan(rates)] >= 0) & (rates[~np.isnan(rates)] <= 1)).all() and np.isfinite(rates).any()


def test_where_nothing_is_on_record_each_proposal_has_an_applicant_of_its_own() -> None:
    view = a_round(Looking)
    assert view.proposals.applicant.tolist() == [0, 1, 2] and view.applicants.id == view.proposals.id
    assert np.isnan(view.applicants.delivery_rate).all() and not view.applicants.past_awards.any()


PLUGIN = """
import numpy as np

from commsim.contracts import Award, Bilingual, Rule, hookimpl


class Central(Rule):
    id = "mine.central"
    title = Bilingual(en="Central", zh="中心")
    needs = frozenset({"indicator.degree"})

    def settle(self, view):
        degree = view.indicator("degree")[view.proposals.area]
        paid = np.where(degree > 0, np.minimum(view.proposals.ask, view.budget // len(view.proposals)), 0)
        return Award(paid=paid, reasons=tuple(f"degree {one:.0f}" for one in degree))


@hookimpl
def commsim_register_rules(register):
    register(Central)


def degree(network):
    return BODY


@hookimpl
def commsim_indicators(register):
    register("degree", degree)
"""


def simulated(folder: Path, body: str) -> commsim.RunResult:
    path = folder / "central.py"
    path.write_text(PLUGIN.replace("BODY", body), encoding="utf-8")
    catalogue = load_catalogue([path], entry_points=False)
    return commsim.simulate("tutorial", "mine.central", catalogue=catalogue)


def test_a_rule_reads_the_indicator_of_a_plugin_by_area(tmp_path: Path) -> None:
    result = simulated(tmp_path, "dict(network.degree())")
    reasons = [str(one) for one in result.projects["reason"] if str(one).startswith("degree ")]
    assert len(set(reasons)) > 1 and not {"degree 0", "degree nan"} & set(reasons)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1 / 0", "central.py:.*indicator 'degree' failed: ZeroDivisionError"),
        ("[1, 2]", "indicator 'degree' returned list; expected numbers"),
        ("network.clear() or {}", None),
    ],
)
def test_an_indicator_that_fails_names_its_plugin_and_none_can_change_the_network(
    tmp_path: Path, body: str, expected: str | None
) -> None:
    if expected is None:
        reasons = simulated(tmp_path, body).projects["reason"]
        assert any(str(one) == "degree nan" for one in reasons)
    else:
        with pytest.raises(RuleError, match=expected):
            simulated(tmp_path, body)
