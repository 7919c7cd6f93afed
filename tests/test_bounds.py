"""Numbers beyond what is meant, sizes beyond memory and messages beyond a screen are told at once, in words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from commsim import load_scenario
from commsim.calling.plugin_texts import trace_of
from commsim.contracts import Terms
from commsim.errors import CommsimError, InvalidInput, NoSpace, RuleError
from commsim.evaluation.evaluate import evaluate
from commsim.i18n import _, cut
from commsim.lab.files import load_experiment
from commsim.lab.population import Population
from commsim.memory import BYTES_A_RESIDENT, processes_that_fit, too_many_processes, too_much_memory
from commsim.money import LARGEST_YUAN, fen
from commsim.plugin_host.loader import load_catalogue
from commsim.scenario.problems import SHOWN_PROBLEMS, InvalidFile, Problem
from commsim.study.design import make_design
from commsim.study.runner import worker_count
from commsim.whole_files import replace_text

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


def test_processes_side_by_side_multiply_and_are_as_many_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMSIM_MEMORY_GB", "2")
    assert too_many_processes(2, 1_100_000, BYTES_A_RESIDENT) is None
    assert processes_that_fit(1_100_000, BYTES_A_RESIDENT) == 2
    assert "COMMSIM_MEMORY_GB" in str(too_many_processes(4, 1_100_000, BYTES_A_RESIDENT))


def test_a_comparison_refuses_more_workers_than_fit_and_takes_fewer_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMSIM_MEMORY_GB", "0.3")
    scenario, catalogue = load_scenario("tutorial", ["months=1"]), load_catalogue()
    design = make_design(scenario, ["basic.equal_split"], 4, "basic.none", None, catalogue)
    assert worker_count(design, None) == 1 == worker_count(design, 1)
    with pytest.raises(InvalidInput, match="COMMSIM_MEMORY_GB"):
        worker_count(design, 4)


def test_a_population_of_listed_households_is_estimated_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMSIM_MEMORY_GB", "0.0001")
    with pytest.raises(InvalidInput, match=r"population\.places: .*COMMSIM_MEMORY_GB"):
        load_scenario("tutorial")


def test_a_network_of_a_file_is_estimated_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMSIM_MEMORY_GB", "0.1")
    file = tmp_path / "ties.yaml"
    file.write_text(
        "protocol: Diffusion\narms: {a: {network: {watts_strogatz_graph: {n: 900000, k: 4, p: 0.1, seed: 1}}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidInput, match="watts_strogatz_graph: 900,000 people would take"):
        load_experiment(file)


@pytest.mark.parametrize("override", ["extends=x", "extends.=x", "extends.0=x", " extends.a.b=x"])
def test_nothing_of_extends_is_set_from_outside(override: str) -> None:
    with pytest.raises(InvalidInput, match="read from a file only"):
        load_scenario("tutorial", [override])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ("a: " * 1 + "{a: " * 3_000 + "1" + "}" * 3_000, "nested too deeply"),
        ("a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(30)), "aliases"),
        ("# nothing\n" * 5_000_000, "larger than 2 MB"),
    ],
    ids=["brackets", "braces", "aliases", "50 MB"],
)
@pytest.mark.parametrize("load", [load_scenario, load_experiment])
def test_files_that_would_take_for_ever_are_refused_in_words(
    text: str, said: str, load: Callable[[Path], object], tmp_path: Path
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=said) as refused:
        load(file)
    assert len(str(refused.value)) < 20_000


def test_thousands_of_unknown_keys_are_told_in_some_lines(tmp_path: Path) -> None:
    file = tmp_path / "keys.yaml"
    file.write_text("extends: tutorial\n" + "".join(f"key{n}: 1\n" for n in range(5_000)), encoding="utf-8")
    with pytest.raises(InvalidInput, match="4,950 more") as refused:
        load_scenario(file)
    assert len(str(refused.value)) < 20_000


def test_a_file_that_cannot_be_replaced_keeps_what_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "registry.yaml"
    replace_text(file, "first\n")

    def full(*_names: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for step in ("fsync", "replace"):
        with monkeypatch.context() as broken:
            broken.setattr(os, step, full)
            with pytest.raises(NoSpace, match="no space left"):
                replace_text(file, "second\n")
    assert file.read_text(encoding="utf-8") == "first\n" and list(tmp_path.iterdir()) == [file]


def test_another_place_that_is_set_from_outside_is_held_against_the_units() -> None:
    with pytest.raises(InvalidInput, match=r"--set place=.*another place is named here, but the units"):
        load_scenario("jingan-pilot", ["place={en: Elsewhere, zh: 别处}"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("globals().clear(); return Award()", "NameError"),
        ("raise ValueError('x' * 10_000_000)", "ValueError"),
        ("raise type('E' * 1_000_000, (Exception,), {})('a')", "EEE"),
        ("return self.settle(view)", "RecursionError"),
        ("raise MemoryError", "MemoryError"),
        (
            "return Award(np.zeros(len(view.proposals), np.int64), ('x' * 10_000_000,) * len(view.proposals))",
            "10,000,000 letters",
        ),
    ],
)
def test_what_a_plugin_does_in_a_round_is_told_as_its_fault_with_its_line_in_a_short_message(
    body: str, kind: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.py"
    text = FAULTY_RULE.replace("return None", body)
    file.write_text(text, encoding="utf-8")
    rule = load_catalogue([file]).make("own.rule")
    with pytest.raises(RuleError) as told:
        evaluate(rule, {"budget": 100, "projects": {"a": 10, "b": 20}})
    assert re.search(r"own\.py:\d+", str(told.value)) and kind in str(told.value) and len(str(told.value)) < 2_000
    assert len(trace_of(told.value)) < 100_000


FAULTY_RULE = """
import numpy as np
from commsim.contracts import Award, Bilingual, Rule, hookimpl

class Own(Rule):
    id = "own.rule"
    title = Bilingual(en="Own", zh="自定")
    summary = Bilingual(en="Own rule.", zh="自定规则。")
    source = "own"

    def settle(self, view):
        return None

@hookimpl
def commsim_register_rules(register):
    register(Own)
"""
