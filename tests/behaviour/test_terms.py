"""Terms: one donor signal apart from price; crowding-out meets it in the same yuan; κ scales what is borrowed."""

from dataclasses import replace

import numpy as np
import pytest

from commsim.behaviour.terms_heard import TermsEffects, announced_share, donor_signal, see_terms, still_matched
from commsim.contracts import Terms

ASK = np.array([1_000_000, 500_000], dtype=np.int64)
EFFECTS = TermsEffects(transfer=1.0, signal=1.48, match_as_share=0.14, price=0.0, refund_size=0.2, crowding_out=-0.17)


def test_no_terms_change_nothing() -> None:
    seen = see_terms(Terms(), ASK, EFFECTS)
    assert seen.log_odds.tolist() == [0.0, 0.0] and seen.size_factor.tolist() == [1.0, 1.0]


def test_the_announced_seed_is_a_share_of_each_ask() -> None:
    assert announced_share(Terms(seed_announced=250_000), ASK).tolist() == [0.25, 0.5]


def test_a_match_counts_by_existing_not_by_its_rate() -> None:
    one, three = (see_terms(Terms(match_rate=rate), ASK, EFFECTS).log_odds for rate in (1.0, 3.0))
    assert one == pytest.approx(1.48 * 0.14) and three == pytest.approx(one)


def test_seed_and_match_are_one_signal_and_do_not_add_up() -> None:
    both = see_terms(Terms(match_rate=1.0, seed_announced=250_000), ASK, EFFECTS)
    assert both.log_odds == pytest.approx([1.48 * 0.25, 1.48 * 0.5])


def test_a_funds_seed_and_match_are_public_money_and_taken_for_a_donors_in_part() -> None:
    for terms in (Terms(seed_announced=250_000), Terms(match_rate=1.0)):
        whole, part = (see_terms(terms, ASK, replace(EFFECTS, public_signal=one)).log_odds for one in (1.0, 0.25))
        assert whole.min() > 0 and part == pytest.approx(0.25 * whole)


def test_beyond_the_largest_seed_that_was_tried_the_signal_fades_to_nothing_left_to_give() -> None:
    tried = replace(EFFECTS, seed_most=0.6)
    at = {share: float(donor_signal(share, 0.0, tried)) for share in (0.5, 0.6, 0.8, 1.0)}
    assert at == pytest.approx({0.5: 0.5, 0.6: 0.6, 0.8: 0.3, 1.0: 0.0})


def test_public_money_crowds_out_the_size_of_gifts() -> None:
    assert see_terms(Terms(seed_announced=500_000), ASK, EFFECTS).size_factor == pytest.approx([1 - 0.085, 1 - 0.17])


def test_a_refund_enlarges_gifts_only_where_there_is_a_threshold() -> None:
    assert see_terms(Terms(threshold=50_000), ASK, EFFECTS).size_factor == pytest.approx([1.2, 1.2])
    assert see_terms(Terms(threshold=50_000, refund=False), ASK, EFFECTS).size_factor == pytest.approx([1.0, 1.0])


def test_without_transfer_borrowed_effects_vanish() -> None:
    none = TermsEffects(0.0, 1.48, 0.14, 0.3, 0.2, -0.17)
    seen = see_terms(Terms(match_rate=2.0, threshold=1, seed_announced=500_000), ASK, none)
    assert seen.log_odds.tolist() == [0.0, 0.0] and seen.size_factor.tolist() == [1.0, 1.0]


def test_a_match_that_is_used_up_is_no_signal_any_more() -> None:
    capped = Terms(match_rate=1.0, match_cap=100)
    seen = see_terms(capped, ASK, EFFECTS, np.array([100, 0], dtype=np.int64))
    assert seen.log_odds == pytest.approx([0.0, 1.48 * 0.14])
    pooled = Terms(match_rate=2.0, match_pool=200)
    assert not still_matched(pooled, np.array([60, 40], dtype=np.int64)).any()


def test_a_quote_stands_in_for_the_rate_and_beyond_the_highest_tried_it_says_no_more() -> None:
    steep = TermsEffects(1.0, 1.48, 0.14, 0.3, 0.2, -0.17, match_most=3.0)
    quoted = see_terms(Terms(quoted=True), ASK, steep, quoted=np.array([3.0, 0.0]))
    announced = see_terms(Terms(match_rate=3.0), ASK, steep)
    assert quoted.log_odds == pytest.approx([announced.log_odds[0], 0.0])
    beyond = see_terms(Terms(quoted=True), ASK, steep, quoted=np.array([300.0, -1.0]))
    assert beyond.log_odds == pytest.approx(quoted.log_odds)


def test_odds_and_a_bonus_on_refunds_reach_residents() -> None:
    assert see_terms(Terms(odds=0.5), ASK, EFFECTS).log_odds == pytest.approx([np.log(0.5)] * 2)
    bonus = see_terms(Terms(threshold=1, refund_bonus=0.5), ASK, EFFECTS)
    assert bonus.size_factor == pytest.approx([1.3, 1.3])
