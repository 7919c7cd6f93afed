"""Claims about input that cannot be: refused in words that repeat no more than a line of what came."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.contracts import Rule
from commsim.errors import InvalidInput, RuleError
from commsim.rules import evaluate
from tests.plugins.rounds import CATALOGUE

VOTE = {"budget": 10, "projects": {"park": 4, "lamps": 3}, "approvals": [["park"], ["lamps"]]}
POINTS = {"budget": 10, "projects": {"park": 4, "lamps": 3}}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("claims.talmud", {"estate": -1, "claims": [1]}, "estate holds -1; expected a finite number of 0 or more"),
    ("claims.talmud", {"estate": 1, "claims": [1, -2]}, "claims holds -2; expected a finite number of 0 or more"),
    ("claims.talmud", {"estate": math.nan, "claims": [1]}, "estate holds nan"),
    ("claims.talmud", {"estate": 1, "claims": [math.nan]}, "claims holds nan"),
    ("claims.talmud", {"estate": "much", "claims": [1]}, "estate holds 'much'"),
    ("claims.talmud", {"estate": True, "claims": [1]}, "estate holds True"),
    ("claims.talmud", {"estate": 1, "claims": 5}, "claims holds 5; expected a list"),
    ("match.linear", {"pledges": [5, -1]}, "pledges holds -1"),
    (
        "match.linear(pool=abc)",
        {"pledges": [5]},
        "pool holds 'abc'; expected a finite number of 0 or more, or infinite",
    ),
    (
        "match.linear",
        {"pledges": [5, 6], "asks": [1]},
        r"pledges holds \[5.0, 6.0\]; expected 1 values, as many as asks",
    ),
    ("qf.clr", {"contributions": {"a": [1, -1]}}, "contributions holds -1"),
    ("qf.clr", {"contributions": {"a": [1]}, "pool": math.nan}, "pool holds nan"),
    ("qf.cocm", {"donations": [[1, 2], [1]], "clusters": [[1], [1]]}, "lists of equal length; their lengths are"),
    ("pb.mes", {**VOTE, "projects": {"park": -4, "lamps": 3}}, "projects holds -4"),
    ("pb.mes", {**VOTE, "approvals": [["park"], ["lamp"]]}, "voter 2 of approvals names 'lamp', which is no project"),
    ("pb.greedy_votes", {**VOTE, "approvals": [["parc"]]}, "voter 1 of approvals names 'parc'.* Did you mean 'park'"),
    ("pb.mes", {**VOTE, "approvals": ["park"]}, "approvals holds 'park'; expected a list of ids for each voter"),
    ("pb.cstv", {**POINTS, "points": [{"park": 1.5}]}, "points holds 1.5; expected a whole number"),
    ("pb.cstv", {**VOTE, "points": []}, "approvals, points say the same in two ways"),
    ("claims.cea", {"estate": 1, "budget": 1, "claims": [1]}, "budget, estate say the same in two ways"),
    ("pb.mes", {**VOTE, "claims": [1]}, "does not read 'claims'. It reads: approvals, budget, multiplicities"),
    ("basic.per_capita", {"budget": 1, "asks": [1], "population": [1], "need": [1]}, "does not read 'need'"),
    ("conviction.voting", {**VOTE, "pledges": [1, 2]}, "does not read 'pledges'"),
    ("pb.mes", {**VOTE, "weights": [1]}, "weights holds .*; expected 2 values, as many as voters"),
    ("pb.mes", {**VOTE, "weights": [1, 0.5]}, "weights holds 0.5; expected a whole number"),
    ("pb.mes", {**VOTE, "weights": [1, 10**9]}, "expected at most 10,000,000 ballots"),
    ("pb.mes", {**VOTE, "projects": {1: 4, "1": 3}}, "expected ids that differ as words; 1 and '1' do not"),
    ("claims.cea", {"estate": Fraction(10**400, 3), "claims": [1]}, "expected a number of at most 1,000,000,000,000"),
    ("claims.cea", {"estate": "999999999999999999/1", "claims": [1]}, "a number of at most 1,000,000,000,000"),
    ("pb.mes", {**VOTE, "budget": "1/0"}, "budget holds '1/0'"),
    ("pb.mes", {**VOTE, "budget": "999999999999999999/999999999999999989"}, "expected amounts with fewer digits"),
    ("conviction.voting", {**VOTE, "budget": "1/3"}, "expected yuan with at most two decimals"),
    ("pb.mes", {**VOTE, "aprovals": []}, "has no word 'aprovals'. Did you mean 'approvals'"),
    ("pb.mes", {**VOTE, "budget": math.inf}, "budget holds inf"),
    ("panel.mean", {"scores": {"a": [1, 2], "b": [1]}}, "lists of equal length; their lengths are"),
    ("panel.mean", {"scores": {"a": [1, math.nan], "b": [1, 2]}}, "scores holds nan"),
    ("divisible.mean", {"votes": [[0.5, 0.4]]}, "expected parts that sum to 1 for each resident"),
    ("divisible.mean", {"votes": [[1.5, -0.5]]}, "votes holds -0.5"),
    ("divisible.mean", {"votes": [[0.5, 0.5], [1.0]]}, "lists of equal length"),
    ("money.largest_remainder", {"total_cents": -5, "weights": [1]}, "total_cents holds -5"),
    ("money.largest_remainder", {"total_cents": 5, "weights": [1, -1]}, "weights holds -1"),
    ("divisible.median", {"votes": []}, "expected the parts that at least one resident wants"),
    ("pb.greedy_votes", {**POINTS, "points": [{"park": 10**18}]}, "expected at most 1,000,000,000 points"),
    ("conviction.level", {"stake": 1, "alpha": 1.5}, "alpha holds 1.5; expected a number from 0 to 1"),
    ("conviction.level", {"stake": "x", "alpha": 0.9}, "stake holds 'x'"),
    ("formula.linear", {"budget": 1, "indicators": {"a": [1, 2]}, "weights": {"b": 1}}, "formula.linear"),
]


@pytest.mark.parametrize(("rule", "given", "words"), REFUSED)
def test_input_that_cannot_be_is_refused_with_what_came(rule: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        evaluate(rule, given)
    assert str(caught.value).startswith("evaluate: rule ") and rule.split("(")[0] in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(
    rule=st.sampled_from(
        "claims.cea match.linear seed.lead seed.provision_point match.required_ratio qf.clr panel.mean pb.mes pb.cstv "
        "basic.per_capita basic.equal_split divisible.median voucher.democracy lottery.weighted perf.renewal".split()
    ),
    words=st.dictionaries(
        st.sampled_from(
            "budget estate claims asks pledges projects approvals points scores votes threshold ask population pool "
            "contributions tickets assigned last kpi".split()
        ),
        st.one_of(
            st.floats(),
            st.text(max_size=3),
            st.lists(
                st.one_of(st.floats(), st.integers(), st.text(max_size=2), st.lists(st.floats(0, 1), max_size=3)),
                max_size=3,
            ),
            st.dictionaries(st.sampled_from("ab"), st.one_of(st.floats(), st.integers(0, 9))),
        ),
        max_size=6,
    ),
)
def test_whatever_comes_is_answered_or_refused_in_words(rule: str, words: dict[str, Any]) -> None:
    try:
        evaluate(rule, words)
    except InvalidInput as refused:
        assert "{" not in str(refused).replace("{'", "").replace("{}", "")


LONG = "x" * 50_000


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("pb.mes", list(range(200_000))),
        ("claims.cea", {"estate": LONG, "claims": [1]}),
        ("claims.cea", {"estate": 1, LONG: 1}),
        ("claims.cea", {"estate": 1, "claims": "5" * 50_000}),
        ("pb.mes", {**VOTE, "approvals": [[LONG]]}),
        ("pb.mes", {**VOTE, "projects": {f"p{one}": 1 for one in range(20_000)}}),
        ("match.linear", {"pledges": [5.0] * 20_000, "asks": [1]}),
        (LONG, VOTE),
        (f"pb.mes(utility={LONG})", VOTE),
        (f"pb.mes({LONG}=1)", VOTE),
        (f"pb.mes({LONG}", VOTE),
        (f"pb.mes:{LONG}", VOTE),
        (f"pb.mes+{LONG}", VOTE),
    ],
)
def test_messages_repeat_no_more_than_a_line_of_what_came(rule: str, given: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        evaluate(rule, given)
    assert len(str(caught.value)) < 1_500


@pytest.mark.parametrize("rule", [None, 5, math, object, Rule, lambda view: None])
def test_what_is_no_rule_is_told_in_words(rule: Any) -> None:
    with pytest.raises(InvalidInput, match="a rule was expected: its id with parameters"):
        evaluate(rule, VOTE)


@pytest.mark.parametrize(
    ("rule", "params", "words"),
    [
        ("pb.mes", [1], r"`params` is a mapping by name.*; \[1\] came"),
        ("pb.mes", {1: 2}, "`params` is a mapping by name"),
        ("match.linear(rate=1)", {"rate": 2}, "parameter 'rate' is given twice"),
        ("match.linear(rate=1, rate=2)", None, "parameter 'rate' is given twice"),
        ("match.linear(rate=1_0)", None, "'rate' takes a number; '1_0' came"),
        (CATALOGUE.make("pb.mes"), {"completion": "none"}, "'pb.mes' is a made rule and has its parameters"),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(rule: Any, params: Any, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        evaluate(rule, {"pledges": [5]}, params)


def test_a_parameter_may_be_a_number_of_numpy_s() -> None:
    given = {"pledges": [5]}
    assert evaluate("match.linear", given, {"rate": np.float32(0.5)}) == [2.5]
    assert evaluate("pb.greedy_votes", VOTE, {"min_votes": np.int64(2)}) == []
