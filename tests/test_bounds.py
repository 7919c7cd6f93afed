"""Numbers beyond what is meant, sizes beyond memory and messages beyond a screen are told at once, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim import load_scenario
from commsim.contracts import Terms
from commsim.errors import CommsimError, InvalidInput, RuleError
from commsim.i18n import _, cut
from commsim.lab.population import Population
from commsim.memory import too_much_memory
from commsim.money import LARGEST_YUAN, fen
from commsim.plugins import load_catalogue
from commsim.plugins.evaluate import evaluate
from commsim.scenario.problems import SHOWN_PROBLEMS, InvalidFile, Problem

DIGITS = "9" * 400


@pytest.mark.parametrize(
    "amount",
    [10**400, 10**5000, LARGEST_YUAN + 1, 1e300, float("inf"), float("nan"), DIGITS],
    ids=["400 digits", "5000 digits", "one more", "1e300", "inf", "nan", "400 digits as a word"],
)
def test_an_amount_beyond_the_largest_is_no_money(amount: float | str) -> None:
    with pytest.raises(ValueError, match="at most 1,000,000,000,000 yuan"):
        fen(amount)


@pytest.mark.parametrize("amount", [DIGITS, "92233720368547758", "1e300", ".inf", ".nan", "9" * 5000])
@pytest.mark.parametrize(
    "path", ["funds.0.budget_per_committee_yuan", "funds.0.grant_typical_yuan", "parameters.money.hour_rate_yuan"]
)
def test_a_scenario_refuses_amounts_without_bounds_in_a_short_message(path: str, amount: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_scenario("tutorial", [f"{path}={amount}"])
    assert "--set" in str(refused.value) and len(str(refused.value)) < 1_000


@pytest.mark.parametrize("grant", ["0", "0.01", "5"])
def test_a_typical_grant_of_next_to_nothing_is_refused(grant: str) -> None:
    with pytest.raises(InvalidInput, match="at least 100 yuan"):
        load_scenario("tutorial", [f"funds.0.grant_typical_yuan={grant}"])


@pytest.mark.parametrize(
    "rule",
    [
        f"committee.cc:approvals={DIGITS}",
        "committee.cc:approvals=" + "9" * 5000,
        "match.linear:rate=1e300",
        f"match.linear:cap_yuan={DIGITS}",
        "match.linear:cap_yuan=1e13",
        "match.required_ratio:hour_yuan=0.123",
        "match.linear+min_match:hour_yuan=0.123",
    ],
)
def test_a_rule_refuses_a_parameter_beyond_its_meaning_when_it_is_read(rule: str) -> None:
    with pytest.raises(RuleError) as refused:
        load_catalogue().make_written(rule)
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("value", [10**400, 1e300], ids=["400 digits", "1e300"])
def test_a_rule_refuses_a_number_without_bounds_from_python(value: float) -> None:
    with pytest.raises(RuleError, match="at most|whole number"):
        load_catalogue().make("match.linear", {"rate": value})


def test_terms_refuse_a_rate_beyond_meaning() -> None:
    with pytest.raises(RuleError, match="up to 1,000,000,000,000"):
        Terms(match_rate=1e308)


def test_a_call_of_a_rule_is_given_a_month_at_most() -> None:
    with pytest.raises(InvalidInput):
        load_scenario("tutorial", ["rule_seconds=1e300"])


def test_evaluate_refuses_numbers_and_shapes_in_a_short_message() -> None:
    for pool, gifts in ((10**400, [[1]]), (1e300, [[1]]), (1, [[0.0] * 200_000])):
        with pytest.raises(CommsimError) as refused:
            evaluate("qf.clr", {"pool": pool, "contributions": gifts})
        assert len(str(refused.value)) < 600


def test_extends_is_not_set_from_outside() -> None:
    with pytest.raises(InvalidInput, match="read from a file only"):
        load_scenario("tutorial", ["extends=nope"])


def test_too_many_people_are_refused_until_the_limit_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMSIM_MEMORY_GB", raising=False)
    with pytest.raises(InvalidInput, match="COMMSIM_MEMORY_GB"):
        Population.sample(20_000_000)
    with pytest.raises(InvalidInput, match="COMMSIM_MEMORY_GB"):
        load_scenario("tutorial", ["population.residents=20000000"])
    monkeypatch.setenv("COMMSIM_MEMORY_GB", "8")
    assert too_much_memory(20_000_000, 200) is None


def test_of_thousands_of_problems_a_message_lists_the_first_and_says_how_many_more() -> None:
    error = InvalidFile([Problem("a.yaml", line, "x" * 5_000, _("words were expected")) for line in range(30_000)])
    assert str(error).endswith(f"… and {30_000 - SHOWN_PROBLEMS:,} more") and len(str(error)) < 20_000


def test_what_came_is_repeated_up_to_80_characters() -> None:
    assert cut("x" * 80) == "x" * 80 and cut("x" * 81) == "x" * 79 + "…"


@pytest.mark.parametrize(
    ("default", "facts", "line"),
    [
        ("1.0", "ge='x', sweep=(0, 1)", ""),
        ("10**400", "ge=0.0", ""),
        ("10**5000", "ge=0.0", ""),
        ("1.0", "ge=0.0", "raise ValueError('x' * 10_000_000)"),
    ],
)
def test_faults_of_a_plugin_are_told_as_the_plugins_in_a_short_message(
    tmp_path: Path, default: str, facts: str, line: str
) -> None:
    file = tmp_path / "own.py"
    file.write_text(OWN_RULE.format(default=default, facts=facts, line=line), encoding="utf-8")
    with pytest.raises(RuleError, match=r"own\.py") as refused:
        load_catalogue([file])
    assert len(str(refused.value)) < 1_500


OWN_RULE = """
from dataclasses import dataclass
from commsim.contracts import Bilingual, Rule, hookimpl, parameter

@dataclass(frozen=True)
class P:
    a: float = parameter({default}, doc=Bilingual(en="a", zh="甲"), {facts})

{line}

class Own(Rule):
    id = "own.rule"
    title = Bilingual(en="Own", zh="自定")
    summary = Bilingual(en="Own rule.", zh="自定规则。")
    source = "own"
    Params = P

    def settle(self, view):
        return None

@hookimpl
def commsim_rules():
    return [Own]
"""
