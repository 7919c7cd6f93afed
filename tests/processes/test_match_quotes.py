"""Residents are told what a gift would draw, month by month, where a rule's terms say so; and they react to it."""

import numpy as np
import pytest

from commsim.contracts import RoundView, Terms
from commsim.errors import RuleError
from commsim.plugins.quadratic.funding import QuadraticFunding
from commsim.processes import MONTH
from commsim.processes.rounds import Rounds
from tests.processes.runs import run

QUOTES: list[np.ndarray] = []


class Listening(Rounds):
    """Opens rounds, and notes what residents are told before they are asked."""

    def step(self, community, residents):  # type: ignore[no-untyped-def]
        super().step(community, residents)
        QUOTES.extend(
            unit.round.quoted_rates.copy()
            for fund in community.money.funds
            for unit in fund.units
            if unit.round is not None and unit.round.quoted_rates is not None
        )


class Silent(QuadraticFunding):
    """The same division, of which residents are told nothing."""

    def open_round(self, view: RoundView) -> Terms:
        return Terms(match_pool=view.budget)


class FailsWhileObserving(QuadraticFunding):
    def after_pledges(self, view: RoundView) -> None:
        raise ValueError("no")


SCARCE = ["months=12", "initiators=quota", "funds.self_governance.budget_per_committee_yuan=1000"]
"""Where every ask is met in full, one gift more draws nothing."""


def gifts(rule: object, *overrides: str) -> tuple[int, int]:
    projects = run(rule, overrides=[*SCARCE, "parameters.yes.transfer=1.5", *overrides]).projects.projects  # type: ignore[arg-type]
    return sum(one.people for one in projects), sum(one.pledged_fen for one in projects)


def test_quadratic_funding_quotes_nothing_at_first_and_more_where_neighbours_gave() -> None:
    QUOTES.clear()
    run("qf.clr", overrides=SCARCE, processes=[Listening if one is Rounds else one for one in MONTH])
    assert QUOTES and not QUOTES[0].any()  # nobody has given yet: a gift alone draws nothing
    assert max(one.max() for one in QUOTES) > 0


def test_residents_react_to_quotes_and_not_to_the_name_of_the_rule() -> None:
    told, untold = gifts("qf.clr"), gifts(Silent())
    assert told != untold
    assert gifts("qf.clr", "parameters.yes.transfer=0") == gifts(Silent(), "parameters.yes.transfer=0")


def test_a_rule_that_fails_while_it_observes_ends_the_run_or_its_round_as_the_scenario_says() -> None:
    with pytest.raises(RuleError, match="after_pledges failed"):
        run(FailsWhileObserving(), overrides=["months=12"])
    model = run(FailsWhileObserving(), overrides=["months=12", "funds.self_governance.on_rule_failure=skip_round"])
    skipped = [one for one in model.projects.projects if "the rule failed" in str(one.reason)]
    assert skipped and not any(one.award_fen for one in skipped)
