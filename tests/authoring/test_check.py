"""`commsim rules check` refutes claims that do not hold, says which it does not test, and tries shipped examples."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from commsim.authoring.check import check_rule_file, check_written
from commsim.authoring.findings import Finding
from commsim.authoring.properties import TESTED
from commsim.authoring.source_scan import hidden_luck
from commsim.authoring.template import new_rule
from commsim.contracts.properties import KNOWN
from commsim.errors import RuleError
from commsim.plugin_host.loader import load_catalogue
from tests.plugin_host.test_loader import HEAD, HOOK, write
from tests.plugins.rounds import CATALOGUE

RULE = """
class Even(Rule):
    id = "mine.even"
    title = Bilingual(en="Even", zh="均分")
    properties = frozenset({{{claims}}})

    def settle(self, view):
        n = len(view.proposals)
        part = view.budget // max(n, 1)
        {statement}
        return Award(paid=paid, reasons=("a part",) * n)

"""
EVEN = "paid = np.minimum(view.proposals.ask, part)"
LARGE = (20, 60)


def checked(folder: Path, claims: str = "", statement: str = EVEN) -> list[Finding]:
    path = write(folder, HEAD + RULE.format(claims=claims, statement=statement) + HOOK)
    return check_rule_file(path, large=LARGE)


def failed(findings: list[Finding]) -> str:
    return "; ".join(f"{one.name} {one.detail}" for one in findings if not one.passed)


def test_claims_that_hold_are_tested_and_pass(tmp_path: Path) -> None:
    claims = ("anonymous", "order_preserving", "within_budget", "scales_with_money", "pool_respected")
    findings = checked(tmp_path, ", ".join(map(repr, claims)))
    assert failed(findings) == ""
    for claim in claims:
        assert [one.tested for one in findings if claim in str(one.name)] == [True]


@pytest.mark.parametrize(
    ("claim", "statement", "expected"),
    [
        ("order_preserving", "paid = np.where(view.proposals.ask > part, 0, view.proposals.ask)", "asks for"),
        ("scales_with_money", "paid = np.minimum(np.minimum(view.proposals.ask, part), 1000)", "1000 times as much"),
        ("anonymous", "paid = np.where(np.arange(n) == 0, np.minimum(view.proposals.ask, part), 0)", "another order"),
        ("exhaustive", "paid = np.zeros(n, np.int64)", "fen were left"),
        ("within_budget", "paid = view.proposals.ask.copy()", "more than the budget"),
    ],
)
def test_a_claim_that_does_not_hold_is_refuted(tmp_path: Path, claim: str, statement: str, expected: str) -> None:
    assert expected in failed(checked(tmp_path, f'"{claim}"', statement))


def test_what_is_paid_beyond_an_announced_pool_is_found(tmp_path: Path) -> None:
    announced = "from commsim.contracts import Terms; return Terms(match_pool=view.budget // 2)"
    opening = f"\n    def open_round(self, view):\n        {announced}\n"
    rule = RULE.format(claims='"pool_respected"', statement=EVEN) + opening
    assert "announced pool" in failed(check_rule_file(write(tmp_path, HEAD + rule + HOOK), large=LARGE))


def test_a_known_claim_that_is_not_tested_here_says_so(tmp_path: Path) -> None:
    (one,) = [finding for finding in checked(tmp_path, '"self_dual"') if "self_dual" in str(finding.name)]
    assert one.passed and not one.tested and str(one.detail) == "known, not tested here"


def test_an_unknown_claim_fails_with_the_nearest_known_one(tmp_path: Path) -> None:
    assert "there is no property 'anonymus'. Did you mean 'anonymous'?" in failed(checked(tmp_path, '"anonymus"'))


def test_every_claim_of_the_library_is_known() -> None:
    claimed = {claim for rule in CATALOGUE.values() for claim in rule.properties}
    assert claimed <= set(KNOWN) and set(TESTED) <= set(KNOWN)


EXAMPLES = [
    {"input": {"budget": 1000, "projects": {"garden": 800, "lamps": 300}}, "expected": {"garden": 500, "lamps": 300}},
    {"input": {"budget": 100, "asks": [80, 80, 80]}, "expected": {"p1": 33.33, "p2": 33.33, "p3": 33.33}},
]


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_examples_beside_a_rule_are_tried(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"my_rule.examples.{ending}").write_text(json.dumps(EXAMPLES), encoding="utf-8")
    findings = checked(tmp_path)
    assert failed(findings) == ""
    assert sum(f"my_rule.examples.{ending}" in str(one.name) for one in findings) == 2


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ({**EXAMPLES[0], "expected": {"garden": 501, "lamps": 300}}, "'garden': 501"),
        ({**EXAMPLES[0], "rule": "mine.other"}, "which of mine.even"),
        ({"input": {}}, "is not {input"),
        ({"input": {"projects": {"a": 1}}, "expected": {}}, "needs 'budget'"),
    ],
)
def test_an_example_that_does_not_come_out_or_cannot_be_read_fails(
    tmp_path: Path, example: dict[str, Any], expected: str
) -> None:
    (tmp_path / "my_rule.examples.json").write_text(json.dumps([example]), encoding="utf-8")
    assert expected in failed(checked(tmp_path))


@pytest.mark.parametrize(
    "statement",
    [
        "import random",
        "import random as quiet",
        "from random import random",
        "import secrets",
        "import uuid",
        "import time",
        "from time import perf_counter as p",
        "import datetime",
        "from datetime import date",
        "import numpy.random",
        "from numpy import random as r",
        "from numpy.random import default_rng",
        "import numpy as N; N.random.rand()",
        "import numpy; numpy.random.default_rng()",
        "import numpy as N; getattr(N, 'random')",
        "import os as system; system.urandom(8)",
        "from os import urandom as noise",
        "import importlib; importlib.import_module('ran' + 'dom')",
        "__import__('random')",
        "from scipy import stats; stats.norm.rvs(3)",
    ],
)
def test_hidden_luck_is_found_whatever_it_is_called(statement: str) -> None:
    assert [line for line, _what in hidden_luck("x = 1\n" + statement.replace("; ", "\n"))]


def test_ordinary_code_has_no_hidden_luck() -> None:
    source = (
        "import numpy as np\nimport os.path\nrandom = np.sort\nrandom([2, 1])\nview.draw('a', ids)\nview.time.random\n"
    )
    assert list(hidden_luck(source)) == []


def test_the_rule_to_start_from_passes_its_own_check(tmp_path: Path) -> None:
    rule, _test = new_rule("even_parts", tmp_path)
    assert failed(check_rule_file(rule, large=LARGE)) == ""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("    def review(self, view):\n        return None\n", "expected a Review"),
        ("    def quote(self, view, amount):\n        return [1.0] * len(view.proposals)\n", "quote is list"),
    ],
)
def test_what_a_rule_answers_beside_settling_is_held_to_the_contract(tmp_path: Path, more: str, expected: str) -> None:
    path = write(tmp_path, HEAD + RULE.format(claims="", statement=EVEN) + more + HOOK)
    assert expected in failed(check_rule_file(path, large=LARGE))


def test_a_rule_that_keeps_something_between_rounds_is_found(tmp_path: Path) -> None:
    counting = "self.asked = getattr(self, 'asked', 0) + 1; paid = np.minimum(view.proposals.ask, part) // self.asked"
    assert "came out in two ways" in failed(checked(tmp_path, statement=counting))


BY_SET = """left = view.budget
        paid = np.zeros(n, np.int64)
        for name in {order}(set(map(str, view.proposals.id))):
            at = list(view.proposals.id).index(name)
            paid[at] = min(left, view.proposals.ask[at])
            left -= paid[at]"""


def test_a_rule_that_pays_in_the_order_of_a_set_is_found(tmp_path: Path) -> None:
    found = failed(checked(tmp_path, statement=BY_SET.format(order="list")))
    assert "mine.even: decides alike in every process" in found and "asked twice" not in found
    assert re.search(r"'p\d' gets [\d,.]+ yuan in one process and [\d,.]+ yuan in another", found)
    assert "break ties by id" in found and "do not rely on the order of a set" in found


def test_a_rule_that_sorts_a_set_decides_alike_in_every_process(tmp_path: Path) -> None:
    findings = checked(tmp_path, statement=BY_SET.format(order="sorted"))
    assert failed(findings) == "" and any(one.tested and "in every process" in str(one.name) for one in findings)


def test_reasons_in_the_order_of_a_set_are_found(tmp_path: Path) -> None:
    rule = RULE.format(claims="", statement=EVEN).replace('"a part"', '"a part, not " + str({"a", "b", "c", "d"})')
    found = failed(check_rule_file(write(tmp_path, HEAD + rule + HOOK), large=LARGE))
    assert "its reasons come out in two ways, one in each of two processes" in found


def test_what_a_plugin_prints_does_not_get_into_what_other_processes_answer(tmp_path: Path) -> None:
    noisy = "import os; os.write(1, b'{'); print('['); " + EVEN
    assert failed(checked(tmp_path, statement=noisy)) == ""


def test_a_rule_that_breaks_only_in_another_process_is_told_as_there(tmp_path: Path) -> None:
    here = f"import os; assert os.getpid() == {os.getpid()}, 'another process'; {EVEN}"
    assert "AssertionError: another process" in failed(checked(tmp_path, statement=here))


@pytest.mark.study
def test_built_in_rules_and_modifiers_are_asked_in_other_processes_too() -> None:
    findings = check_written(CATALOGUE, "pb.mes:completion=add1+cap:share=0.5", large=LARGE)
    assert [one.passed for one in findings if one.tested and "in every process" in str(one.name)] == [True]


FACTOR = """
@dataclass(frozen=True)
class Params:
    factor: float = parameter(1.0, doc=Bilingual(en="Factor", zh="倍数"), ge=0, le=2)

"""
TIMES = "paid = np.minimum(view.proposals.ask, int(self.params.factor * part))"


def with_factor(folder: Path) -> Path:
    """A rule that pays more than there is where its parameter is above 1."""
    rule = RULE.format(claims='"within_budget"', statement=TIMES).replace(
        "    def settle", "    Params = Params\n\n    def settle"
    )
    return write(folder, HEAD + FACTOR + rule + HOOK)


def test_a_rule_is_checked_at_the_values_that_are_written(tmp_path: Path) -> None:
    path = with_factor(tmp_path)
    assert failed(check_rule_file(path, large=LARGE)) == ""
    assert failed(check_rule_file(path, ":factor=0.5", large=LARGE)) == ""
    assert "more than the budget" in failed(check_rule_file(path, ":factor=2", large=LARGE))


def test_modifiers_are_checked_with_the_rule_and_its_claims_rest(tmp_path: Path) -> None:
    findings = check_rule_file(with_factor(tmp_path), ":factor=0.5+cap:share=0.1", large=LARGE)
    assert failed(findings) == "" and not any("within_budget" in str(one.name) for one in findings)
    assert "more than the budget" in failed(check_rule_file(tmp_path / "my_rule.py", ":factor=2+cap", large=LARGE))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (":facto=2", "has no parameter 'facto'. Did you mean 'factor'?"),
        (":factor=3", "at most 2"),
        (":factor", "is not one parameter given once"),
        ("+cp", "there is no modifier 'cp'"),
    ],
)
def test_what_a_rule_does_not_take_is_refused_before_it_is_checked(tmp_path: Path, chosen: str, expected: str) -> None:
    path = with_factor(tmp_path)
    with pytest.raises(RuleError) as caught:
        check_rule_file(path, chosen, large=LARGE)
    assert expected in str(caught.value)


def test_parameters_for_a_file_with_two_rules_need_the_id(tmp_path: Path) -> None:
    path = with_factor(tmp_path)
    more = """
class Odd(Even):
    id = "mine.odd"

@hookimpl(specname="commsim_register_rules")
def also(register):
    register(Odd)
"""
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(RuleError, match=r"could be meant for any of mine\.even, mine\.odd\. Name one"):
        check_rule_file(path, ":factor=2", large=LARGE)
    catalogue = load_catalogue([path], entry_points=False)
    findings = check_written(catalogue, "mine.odd:factor=2", large=LARGE)
    assert "mine.odd" in failed(findings) and "more than the budget" in failed(findings)


MATCH = """
class Even(Rule):
    id = "mine.even"
    title = Bilingual(en="Match", zh="配捐")
    needs = frozenset({{"pledges"}})

    def matched(self, view, given):
        most = np.minimum(view.proposals.ask, view.budget // max(len(view.proposals), 1))
        return np.minimum(given, most)

    def settle(self, view):
        given = view.pledges.totals(len(view.proposals))
        return Award(paid=self.matched(view, given), reasons=("a match",) * len(given))

    def quote(self, view, amount):
        given = view.pledges.totals(len(view.proposals))
        return {answer}

"""


def quoting(folder: Path, answer: str) -> list[Finding]:
    path = write(folder, HEAD + MATCH.format(answer=answer) + HOOK)
    return [one for one in check_rule_file(path, large=LARGE) if "quote" in str(one.name)]


@pytest.mark.parametrize("off", [0, 2, -2])
def test_a_quote_that_is_what_settling_twice_finds_passes_rounding_included(tmp_path: Path, off: int) -> None:
    drawn = "self.matched(view, given + amount) - self.matched(view, given)"
    (one,) = quoting(tmp_path, f"np.clip({drawn} + {off}, -view.budget, view.budget)")
    assert one.passed and one.tested, str(one.detail)


@pytest.mark.parametrize(
    "answer",
    [
        "np.full(len(given), min(amount, view.budget))",  # as if there were no cap
        "self.matched(view, given + amount) - self.matched(view, given) + 3",
        "np.zeros(len(given), np.int64)",
    ],
)
def test_a_quote_that_settling_does_not_keep_is_found(tmp_path: Path, answer: str) -> None:
    (one,) = quoting(tmp_path, answer)
    assert not one.passed and str(one.name).startswith("mine.even: quote says")
    assert re.search(
        r"round \d+ one more donor gives [\d.]+ yuan to 'p\d': quote says that it draws [\d.]+ yuan, settling twice "
        r"gives [\d.]+ yuan more \(up to 2 fen are rounding\)\. Quote what settle pays more",
        str(one.detail),
    )


def test_a_quote_for_which_nobody_asks_is_said_not_to_be_tested(tmp_path: Path) -> None:
    answer = "    def quote(self, view, amount):\n        return view.proposals.ask * 0\n"
    path = write(tmp_path, HEAD + RULE.format(claims="", statement=EVEN) + answer + HOOK)
    (one,) = [finding for finding in check_rule_file(path, large=LARGE) if "quote" in str(finding.name)]
    assert one.passed and not one.tested and "'pledges' in its `needs`" in str(one.detail)


def test_a_rule_that_leaves_quotes_to_the_core_is_not_asked(tmp_path: Path) -> None:
    assert not [one for one in checked(tmp_path) if "quote" in str(one.name)]


def test_the_written_test_runs_without_pytest(tmp_path: Path) -> None:
    _rule, written = new_rule("even_parts", tmp_path)
    ran = subprocess.run([sys.executable, str(written)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "passed\n"), ran.stderr
