"""Nothing that breaks the contract reaches the ledger, and the message tells who broke it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commsim.calling.call import call_rule
from commsim.calling.checks import check_award, check_quote, check_review, check_terms
from commsim.contracts import Award, Ballot, Review, RoundView, Rule, Terms
from commsim.errors import RuleError
from commsim.i18n import LANGUAGES, Bilingual, Language, Text, current_language, use_language
from commsim.plugin_host.loader import load_catalogue, load_specification
from tests.plugin_host.test_loader import GOOD, line_of, write
from tests.plugins.rounds import CATALOGUE, a_round


class Sound(Rule):
    id = "test.sound"
    title = Bilingual(en="Sound", zh="合规")
    needs = frozenset({"pledges"})


VIEW = a_round(Sound)
GOOD_AWARD = Award(
    paid=np.array([500_000, 0, 400_000]),
    reasons=("half", "none", "all"),
    refunds=np.array([0, 5_000, 50_000]),
    tranches=(0.1, 0.2, 0.7),
    waitlist=("p2",),
    carry=100_000,
    diagnostics={"scale": 1.0},
)


def test_a_sound_award_passes() -> None:
    check_award(Sound(), GOOD_AWARD, VIEW)
    check_award(Sound(), replace(GOOD_AWARD, paid=np.array([600_000, 0, 400_000]), carry=0), VIEW)


class Unshowable:
    """Something that a plugin may hand over, and that fails whoever looks at it."""

    def __repr__(self) -> str:
        raise OSError

    def __iter__(self) -> Any:
        raise OSError("no look inside")


AWARD_FAULTS: dict[str, tuple[Any, str]] = {
    "another type": ([1, 2, 3], "settle returned list, expected an Award"),
    "a list": (replace(GOOD_AWARD, paid=[1, 2, 3]), "paid is list; expected int64 fen, shape (3,)"),
    "floats": (replace(GOOD_AWARD, paid=np.array([1.0, 2.0, 3.0])), "paid is float64"),
    "NaN": (
        replace(GOOD_AWARD, paid=np.array([0, np.nan, 0])),
        "paid is float64 (3,); expected int64 fen, shape (3,); paid[1] is nan. Look for a division by zero",
    ),
    "half a fen": (
        replace(GOOD_AWARD, paid=np.array([1.0, 2.0, 0.5])),
        "expected int64 fen, shape (3,); paid[2] is 0.5. Divide with commsim.rules.largest_remainder",
    ),
    "whole floats": (replace(GOOD_AWARD, paid=np.array([1.0, 2.0, 3.0])), "The values are whole: convert them"),
    "words": (replace(GOOD_AWARD, paid=[1, "ten", 3]), "paid[1] is 'ten'. Give whole fen there"),
    "fractions in a list": (replace(GOOD_AWARD, paid=[1, 2.25, 3]), "paid[1] is 2.25. Divide with"),
    "one number": (replace(GOOD_AWARD, paid=3), "paid is int; expected int64 fen, shape (3,). Give an array"),
    "a list too short": (replace(GOOD_AWARD, paid=[1]), "1 values came for 3. Give one amount for each"),
    "bools": (replace(GOOD_AWARD, paid=np.array([True, False, True])), "paid is bool"),
    "int32": (replace(GOOD_AWARD, paid=np.array([1, 2, 3], np.int32)), "paid is int32"),
    "too short": (replace(GOOD_AWARD, paid=np.array([1, 2])), "expected int64 fen, shape (3,)"),
    "negative": (replace(GOOD_AWARD, paid=np.array([1, -2, 3])), "paid[1] is -2 fen"),
    "overspent": (replace(GOOD_AWARD, paid=np.array([600_000, 0, 400_000]), carry=1), "the budget of 10,000 yuan"),
    "above the ask": (
        replace(GOOD_AWARD, paid=np.array([0, 500_001, 0]), carry=0),
        "paid[1] is 5,000.01 yuan for proposal 'p2', which asks for 5,000 yuan. Pay at most the ask",
    ),
    "wrapping round": (replace(GOOD_AWARD, paid=np.array([2**62, 2**62, 2**62])), "more than the budget"),
    "carry": (replace(GOOD_AWARD, carry=-1), "carry is -1"),
    "carry as float": (replace(GOOD_AWARD, carry=1.0), "carry is 1.0"),
    "reasons missing": (replace(GOOD_AWARD, reasons=("a", "b")), "2 reasons came for 3 proposals"),
    "reasons in one string": (replace(GOOD_AWARD, reasons="abc"), "reasons came for 3 proposals"),
    "empty reason": (replace(GOOD_AWARD, reasons=("a", " ", "c")), "the reason for 'p2' is ' '"),
    "refund too large": (
        replace(GOOD_AWARD, refunds=np.array([0, 5_001, 0])),
        "refund 1 is 50.01 yuan for a pledge of 50",
    ),
    "refunds by project": (replace(GOOD_AWARD, refunds=np.array([0.0, 1.0, 2.0])), "refunds is float64"),
    "refund negative": (replace(GOOD_AWARD, refunds=np.array([0, -1, 0])), "refunds[1] is -1"),
    "tranches": (replace(GOOD_AWARD, tranches=(0.5, 0.4)), "expected shares of 0 or more that sum to 1"),
    "tranches negative": (replace(GOOD_AWARD, tranches=(1.5, -0.5)), "expected shares"),
    "no tranche": (replace(GOOD_AWARD, tranches=()), "expected shares"),
    "unknown proposal": (
        replace(GOOD_AWARD, waitlist=("p22",)),
        "waitlist names 'p22', which is no proposal of this round. Did you mean 'p2'? Use ids",
    ),
    "proposal far from any": (
        replace(GOOD_AWARD, waitlist=("library",)),
        "names 'library', which is no proposal of this round. Use ids from view.proposals.id",
    ),
    "half a character": (
        replace(GOOD_AWARD, reasons=("a", "\ud800", "c")),
        r"the reason for 'p2' is '\ud800', which holds half a character (a lone surrogate)",
    ),
    "half a character as a name": (replace(GOOD_AWARD, diagnostics={"\ud800": 1.0}), "expected finite numbers"),
    "carry that cannot be shown": (replace(GOOD_AWARD, carry=Unshowable()), "what came back cannot be shown"),
    "diagnostics": (replace(GOOD_AWARD, diagnostics={"leverage": float("inf")}), "expected finite numbers"),
}


@pytest.mark.parametrize("name", AWARD_FAULTS)
def test_an_award_that_breaks_the_contract_is_refused(name: str) -> None:
    award, expected = AWARD_FAULTS[name]
    with pytest.raises(RuleError) as caught:
        check_award(Sound(), award, VIEW)
    text = str(caught.value)
    assert expected in text
    assert "rule 'test.sound'" in text and "test_checks.py:" in text and "self_governance/jingansi/2017" in text


def test_refunds_need_pledges() -> None:
    class Blind(Sound):
        needs = frozenset()

    with pytest.raises(RuleError, match="does not need pledges"):
        check_award(Blind(), GOOD_AWARD, a_round(Blind))


TERMS_FAULTS: dict[str, tuple[Callable[[], Any], str]] = {
    "another type": (lambda: {"match_rate": 1}, "open_round returned dict"),
    "bool rate": (lambda: Terms(match_rate=True), "terms.match_rate is True"),
    "NaN bonus": (lambda: Terms(refund_bonus=float("nan")), "refund_bonus must be a number of 0 or more"),
    "float cap": (lambda: Terms(match_cap=10.5), "terms.match_cap is 10.5"),  # type: ignore[arg-type]
    "negative pool": (lambda: Terms(match_pool=-1), "terms.match_pool is -1"),
    "float thresholds": (lambda: Terms(threshold=np.ones(3)), "terms.threshold is float64 (3,); expected"),  # type: ignore[arg-type]
    "short thresholds": (
        lambda: Terms(threshold=np.ones(2, np.int64)),
        "terms.threshold is int64 (2,); expected int64 fen, shape (3,); 2 values came for 3. Give one amount for each",
    ),
    "thresholds in a list": (lambda: Terms(threshold=[1, 2, 3]), "convert them with np.array"),  # type: ignore[arg-type]
    "negative threshold": (lambda: Terms(threshold=np.array([1, -2, 3])), "terms.threshold[1] is -2 fen; expected 0"),
    "rate as word": (lambda: Terms(match_rate="2"), "terms: match_rate must be a number of 0 or more; '2' came"),  # type: ignore[arg-type]
    "no votes": (lambda: Terms(min_votes=None), "min_votes must be a number of 0 or more; None came"),  # type: ignore[arg-type]
    "ballots unseen": (lambda: Terms(ballot=Ballot()), "List 'ballots' in `needs`, or leave `ballot` out"),
    "splits unseen": (lambda: Terms(ballot=Ballot("split", over="areas")), "List 'splits' in `needs`"),
    "vouchers unseen": (lambda: Terms(vouchers=100), "terms ask residents for 'vouchers', but the rule does not see"),
    "seed beyond the budget": (lambda: Terms(seed_announced=400_000), "terms announce 12,000 yuan of seed money"),
    "refund as word": (lambda: Terms(refund="yes"), "terms.refund is 'yes'"),  # type: ignore[arg-type]
    "ballot as word": (lambda: Terms(ballot="approval"), "terms.ballot is 'approval'"),  # type: ignore[arg-type]
    "odds": (lambda: Terms(odds=1.5), "between 0 and 1"),
    "odds NaN": (lambda: Terms(odds=float("nan")), "terms.odds is nan"),
    "deadline of no month": (lambda: Terms(deadline=0), "terms.deadline is 0 months"),
    "deadline as date": (lambda: Terms(deadline="2017-05"), "terms.deadline is '2017-05'"),  # type: ignore[arg-type]
    "votes": (lambda: Terms(min_votes=1.5), "terms.min_votes is 1.5"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", TERMS_FAULTS)
def test_terms_that_residents_could_not_rely_on_are_refused(name: str) -> None:
    make, expected = TERMS_FAULTS[name]
    with pytest.raises(RuleError) as caught:
        check_terms(Sound(), make(), VIEW)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Terms(love=3)", "Terms has no word 'love', so nobody could react to it. Known words: match_rate, quoted"),
        ("Terms(treshold=3)", "Did you mean 'threshold'?"),
        ("Ballot(maximum=3)", "Ballot has no word 'maximum'"),
        ("Ballot('approval', most=2, least=3)", "at most as many as it allows (2); least=3 came"),
        ("Ballot('approval', least=0)", "least=0 came"),
        ("Ballot('split', over='domains')", "a ballot over 'domains' came; known are proposals, areas, categories"),
    ],
)
def test_an_unknown_word_of_terms_is_refused_with_those_that_are_known(
    tmp_path: Path, statement: str, expected: str
) -> None:
    words = ("def open_round(self, view):", "    from commsim.contracts import Ballot, Terms", f"    {statement}")
    opening = "".join(f"    {line}\n" for line in words)
    source = GOOD.replace("    def settle", f"{opening}\n    def settle")
    rule = load_catalogue([write(tmp_path, source)], entry_points=False).make("mine.even")
    with pytest.raises(RuleError) as caught:
        call_rule(rule, "open_round", a_round(rule))
    assert expected in str(caught.value) and f"my_rule.py:{line_of(source, statement)}" in str(caught.value)


QUOTES: list[tuple[Any, str]] = [
    ([1, 2, 3], "quote is list; expected int64 fen, shape (3,). The values are whole: convert them"),
    (
        np.zeros(0, np.int64),
        "quote is int64 (0,); expected int64 fen, shape (3,); 0 values came for 3. Give one amount",
    ),
    (np.array([0, np.nan, 0]), "quote[1] is nan. Look for a division by zero"),
    (np.array([0.0, 0.5, 0]), "quote[1] is 0.5. Divide with"),
    (np.array([0, 2_000_000, 0]), "quote[1] is 20,000 yuan, more than the budget"),
    (5, "quote is int; expected int64 fen, shape (3,). Give an array"),
]


@pytest.mark.parametrize(("quoted", "expected"), QUOTES)
def test_a_quote_that_is_no_whole_fen_is_refused_as_an_award_is(quoted: Any, expected: str) -> None:
    with pytest.raises(RuleError) as caught:
        check_quote(Sound(), quoted, VIEW)
    assert expected in str(caught.value)


@pytest.mark.parametrize("quoted", [None, np.array([5, -3, 0])])
def test_a_quote_may_be_left_to_the_core_or_be_negative(quoted: Any) -> None:
    check_quote(Sound(), quoted, VIEW)


def test_sound_terms_pass() -> None:
    class Voted(Sound):
        needs = frozenset({"pledges", "ballots"})

    check_terms(Sound(), Terms(), VIEW)
    full = Terms(
        match_rate=1,
        match_cap=1,
        threshold=np.array([1, 2, 3]),
        seed_announced=1,
        ballot=Ballot(),
        odds=0.5,
        min_votes=1,
        deadline=2,
    )
    check_terms(Voted(), full, VIEW)


def test_a_review_reclaims_only_from_the_round_and_says_why() -> None:
    check_review(Sound(), Review(("p2",), ("stopped",)), VIEW)
    for review, expected in (
        (Review(("p9",), ("stopped",)), "reclaim names 'p9'"),
        (Review(("p2",), ()), "0 reasons came for 1"),
        (None, "review returned NoneType"),
    ):
        with pytest.raises(RuleError, match=expected):
            check_review(Sound(), review, VIEW)


class Silent(Exception):
    def __str__(self) -> str:
        raise OSError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Silent(), "Silent: it cannot say what is wrong: its __str__ raises OSError. Correct the rule"),
        (ValueError("\ud800"), r"ValueError: \ud800. Correct the rule"),
    ],
)
def test_an_exception_that_cannot_be_shown_is_told_all_the_same(error: Exception, expected: str) -> None:
    class Fails(Sound):
        def settle(self, view: RoundView) -> Award:
            raise error

    with pytest.raises(RuleError) as caught:
        call_rule(Fails(), "settle", VIEW)
    assert expected in str(caught.value) and "settle failed at test_checks.py:" in str(caught.value)


def test_an_award_that_fails_whoever_looks_into_it_is_refused() -> None:
    class Odd(Sound):
        def settle(self, view: RoundView) -> Award:
            return replace(GOOD_AWARD, waitlist=Unshowable())  # type: ignore[arg-type]

    with pytest.raises(RuleError, match=r"what settle returned cannot be read \(OSError: no look inside\)"):
        call_rule(Odd(), "settle", VIEW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Bilingual(en="a", zh=""), "Bilingual(en='a', zh='')"),
        (Bilingual(en=" ", zh="甲"), "Bilingual(en=' ', zh='甲')"),
        (Bilingual(en="a", zh=None), "Bilingual(en='a', zh=None)"),  # type: ignore[arg-type]
        (Text("{lost}", {}), "Text('{lost}')"),
    ],
)
def test_a_reason_is_there_in_both_languages_whichever_is_spoken(
    reason: Text, expected: str, language: Language
) -> None:
    before = current_language()
    use_language(language)
    try:
        with pytest.raises(RuleError) as award:
            check_award(Sound(), replace(GOOD_AWARD, reasons=("a", reason, "c")), VIEW)
        with pytest.raises(RuleError) as review:
            check_review(Sound(), Review(("p2",), (reason,)), VIEW)
        assert all("'p2'" in str(one.value) and expected in str(one.value) for one in (award, review))
    finally:
        use_language(before)


def test_an_exception_in_a_plugin_is_told_with_its_line(tmp_path: Path) -> None:
    source = GOOD.replace("n = len(view.proposals)", "n = len(view.proposals) / 0")
    rule = load_catalogue([write(tmp_path, source)], entry_points=False).make("mine.even")
    with pytest.raises(RuleError) as caught:
        call_rule(rule, "settle", a_round(rule))
    text = str(caught.value)
    assert "rule 'mine.even'" in text and "round self_governance/jingansi/2017" in text
    assert f"my_rule.py:{line_of(source, '/ 0')}: ZeroDivisionError" in text


def test_an_exception_without_words_is_told_by_its_kind(tmp_path: Path) -> None:
    source = GOOD.replace("n = len(view.proposals)", "n = len(view.proposals); assert False")
    rule = load_catalogue([write(tmp_path, source)], entry_points=False).make("mine.even")
    with pytest.raises(RuleError, match=r"my_rule\.py:\d+: AssertionError\. Correct the rule"):
        call_rule(rule, "settle", a_round(rule))


def test_who_writes_into_the_view_is_told_to_copy(tmp_path: Path) -> None:
    source = GOOD.replace("n = len(view.proposals)", "n = len(view.proposals); view.proposals.ask[0] = 0")
    rule = load_catalogue([write(tmp_path, source)], entry_points=False).make("mine.even")
    with pytest.raises(RuleError, match=r"my_rule\.py:\d+: ValueError.*work on a copy \(array\.copy\(\)\)"):
        call_rule(rule, "settle", a_round(rule))


def test_a_rule_cannot_end_the_program_behind_everybodys_back(tmp_path: Path) -> None:
    source = GOOD.replace("n = len(view.proposals)", "n = len(view.proposals); __import__('os')._exit(0)")
    rule = load_catalogue([write(tmp_path, source)], entry_points=False).make("mine.even")
    with pytest.raises(RuleError) as caught:
        call_rule(rule, "settle", a_round(rule))
    assert f"my_rule.py:{line_of(source, '_exit')}: SystemExit: os._exit(0)" in str(caught.value)


def test_messages_of_a_running_rule_are_the_same_in_every_process(tmp_path: Path) -> None:
    source = GOOD.replace("n = len(view.proposals)", "n = len(view.proposals) / 0")
    here = load_catalogue([write(tmp_path, source)], entry_points=False)
    texts = set()
    for catalogue in (here, load_specification(here.specification())):
        rule = catalogue.make("mine.even")
        with pytest.raises(RuleError) as caught:
            call_rule(rule, "settle", a_round(rule))
        texts.add(str(caught.value))
    assert len(texts) == 1 and str(tmp_path) not in texts.pop()


def test_a_hidden_column_is_told_with_the_line_that_read_it(tmp_path: Path) -> None:
    source = GOOD.replace("n = len(view.proposals)", "n = len(view.ballots.amount)")
    rule = load_catalogue([write(tmp_path, source)], entry_points=False).make("mine.even")
    with pytest.raises(RuleError) as caught:
        call_rule(rule, "settle", a_round(rule))
    assert f"my_rule.py:{line_of(source, 'view.ballots')}: view.ballots is hidden" in str(caught.value)
    assert "'ballots' in its `needs`" in str(caught.value)


def test_a_rule_that_forces_its_way_into_the_view_is_found_out() -> None:
    class Forcing(Sound):
        def settle(self, view: RoundView) -> Award:
            view.proposals.ask.base.flags.writeable = True
            view.proposals.ask.base[0] = 1
            return GOOD_AWARD

    with pytest.raises(RuleError, match="settle changed the view"):
        call_rule(Forcing(), "settle", a_round(Forcing))


def test_calls_are_checked_and_their_result_comes_back() -> None:
    class Overspending(Sound):
        def settle(self, view: RoundView) -> Award:
            return Award(paid=view.proposals.ask.copy(), reasons=("all",) * 3)

    with pytest.raises(RuleError, match="more than the budget"):
        call_rule(Overspending(), "settle", a_round(Overspending))
    rule = CATALOGUE.make("match.linear")
    terms = call_rule(rule, "open_round", a_round(rule))
    assert terms.match_rate == 1.0 and terms.match_pool == 1_000_000
    assert call_rule(rule, "after_pledges", a_round(rule)) is None
    assert call_rule(rule, "review", a_round(rule)) == Review()
