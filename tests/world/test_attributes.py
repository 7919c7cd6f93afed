"""What the world claims of residents beyond the census."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.randomness import Draws
from commsim.world.attributes import add_attributes, adults, retired
from commsim.world.records import Addresses, BehaviouralType, Column, Domain, Registration, Role, Tenure
from commsim.world.scores import probabilities_of_share, rank_within
from tests.shared_data import require_shared_data
from tests.world.made_town import MadeScenario, made_town

SHARES = {
    BehaviouralType.CONDITIONAL_COOPERATOR: 0.55,
    BehaviouralType.FREE_RIDER: 0.23,
    BehaviouralType.HUMP_SHAPED: 0.12,
    BehaviouralType.OTHER: 0.10,
}
DTYPES = {
    "party": "bool",
    "years_here": "uint8",
    "income": "float32",
    "giving_capacity": "int64",
    "free_hours": "float32",
    "needs": "float32",
    "type": "uint8",
    "schedule_slope": "float32",
    "schedule_base": "float32",
    "schedule_peak": "float32",
    "role": "uint8",
    "belief": "float32",
    "trust_committee": "float32",
    "trust_fund": "float32",
    "efficacy": "float32",
    "habit": "float32",
    "known": "bool",
    "reach": "float32",
    "may_vote": "bool",
    "voice": "float32",
}
MISSES = {
    BehaviouralType.CONDITIONAL_COOPERATOR: 0.04,  # slopes above 1 are cut where others give all
    BehaviouralType.FREE_RIDER: 1e-9,
    BehaviouralType.HUMP_SHAPED: 0.09,  # real humps end at 0; a mirrored line with a late peak does not get there
    BehaviouralType.OTHER: 0.19,  # two standard errors of the mean of 14 people
}
"""How far the mean schedule of a type may lie from the measured one, as a share of what could be given."""
Town = tuple[dict[str, Column], Addresses, dict[str, Column]]


@pytest.fixture(scope="module")
def town() -> Town:
    """Some fifty thousand residents with their attributes."""
    columns, addresses = made_town(committees=12, estates=4, buildings=10, households=35, persons=3)
    return columns, addresses, add_attributes(columns, addresses, MadeScenario(), Draws(1))


def _made(overrides: Mapping[str, float], draws: Draws | None = None) -> dict[str, Column]:
    columns, addresses = made_town()
    return add_attributes(columns, addresses, MadeScenario(dict(overrides)), draws or Draws(1))


def test_every_column_has_its_dtype_and_a_row_per_resident(town: Town) -> None:
    columns, addresses, made = town
    assert {name: str(column.dtype) for name, column in made.items()} == DTYPES
    assert all(len(column) == addresses.residents for column in made.values())
    assert made["needs"].shape == (addresses.residents, len(Domain))


def test_shares_and_levels_lie_between_zero_and_one(town: Town) -> None:
    made = town[2]
    for name in ("needs", "schedule_peak", "belief", "trust_committee", "trust_fund", "efficacy", "habit"):
        assert 0.0 <= made[name].min() and made[name].max() <= 1.0, name


def test_behavioural_types_come_in_the_published_shares(town: Town) -> None:
    counted = np.bincount(town[2]["type"], minlength=4) / len(town[2]["type"])
    assert counted == pytest.approx(list(SHARES.values()), abs=0.005)


def test_shares_of_types_follow_the_registry_when_one_moves_alone() -> None:
    made = _made({"attributes.share_cc": 0.65})
    expected = 0.65 / 1.10
    spread = np.sqrt(expected * (1 - expected) / len(made["type"]))
    assert abs(np.mean(made["type"] == 0) - expected) < 4 * spread


def test_mean_schedules_are_those_measured_by_fischbacher_and_gaechter(town: Town) -> None:
    """The mean schedule of each type, made against measured, at every average of the others."""
    with require_shared_data("fg2010", "FG2010.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["period"] == "1"]
    believed = np.arange(21) / 20
    made = town[2]
    for kind in BehaviouralType:
        own = made["type"] == kind
        gives = _schedule(made, own, believed).mean(axis=0)
        measured = np.array(
            [[float(row[f"b{i}"]) / 20 for i in range(21)] for row in rows if row["preftype"] == str(kind + 1)]
        )
        assert np.abs(gives - measured.mean(axis=0)).max() < MISSES[kind], kind


def _schedule(made: Mapping[str, Column], own: np.ndarray, believed: np.ndarray) -> np.ndarray:
    peak = made["schedule_peak"][own][:, None]
    reached = np.where(believed <= peak, believed, 2 * peak - believed)
    return np.clip(made["schedule_base"][own][:, None] + made["schedule_slope"][own][:, None] * reached, 0, 1)


def test_cooperators_slopes_have_the_published_mean_and_median(town: Town) -> None:
    made = town[2]
    slopes = made["schedule_slope"][made["type"] == BehaviouralType.CONDITIONAL_COOPERATOR]
    assert slopes.mean() == pytest.approx(0.74, abs=0.01)
    assert np.median(slopes) == pytest.approx(0.93, abs=0.05)


def test_free_riders_give_nothing_whatever_they_believe(town: Town) -> None:
    made = town[2]
    own = made["type"] == BehaviouralType.FREE_RIDER
    assert not _schedule(made, own, np.linspace(0, 1, 5)).any()


def test_first_beliefs_have_the_published_mean(town: Town) -> None:
    columns, addresses, made = town
    plain = addresses.building_leader[columns["building"]] < 2
    assert made["belief"][plain].mean() == pytest.approx(9.80 / 20, abs=0.01)
    assert made["belief"][~plain].mean() > made["belief"][plain].mean() + 0.1


def test_income_keeps_the_two_published_bands(town: Town) -> None:
    columns, _, made = town
    adult = adults(columns, MadeScenario().parameters)
    income = made["income"][adult]
    assert np.mean((income > 2300) & (income <= 4500)) == pytest.approx(0.415, abs=0.015)
    assert np.mean((income > 4500) & (income <= 8500)) == pytest.approx(0.360, abs=0.015)
    assert not made["income"][~adult].any() and not made["giving_capacity"][~adult].any()


def test_capacity_to_give_is_whole_fen_and_the_registrys_share_of_income(town: Town) -> None:
    made = town[2]
    yearly = made["income"].astype(float).sum() * 1200
    assert made["giving_capacity"].sum() / yearly == pytest.approx(0.005, rel=0.03)
    assert made["giving_capacity"].min() >= 0


def test_three_in_ten_adults_are_known_and_party_members_are_as_many_as_the_registry_says(town: Town) -> None:
    columns, _, made = town
    adult = adults(columns, MadeScenario().parameters)
    assert made["known"][adult].mean() == pytest.approx(0.30, abs=0.01)
    assert made["party"][adult].mean() == pytest.approx(0.11, abs=0.01)
    assert not made["known"][~adult].any() and not made["party"][~adult].any()


HERE, ABROAD = Registration.HERE, Registration.OTHER_PROVINCE


def test_who_is_registered_here_or_owns_is_likelier_known_and_reached(town: Town) -> None:
    columns, _, made = town
    adult = adults(columns, MadeScenario().parameters)
    origin, owns = columns["registration"], columns["tenure"] == Tenure.OWNED
    for name in ("known", "reach"):
        by_origin = [made[name][adult & (origin == one)].mean() for one in Registration]
        assert by_origin[HERE] > max(by_origin[1:]) and min(by_origin) == by_origin[ABROAD]
        assert made[name][adult & owns].mean() > made[name][adult & (columns["tenure"] == Tenure.RENTED)].mean()
    assert made["reach"][adult].mean() == pytest.approx(1, abs=1e-4)


NO_EFFECT = {
    **dict.fromkeys(("attributes.known_registered", "attributes.known_other_province", "attributes.known_owner"), 0.0),
    **dict.fromkeys(("attributes.known_decade_here", "attributes.known_party"), 0.0),
    **dict.fromkeys((f"attributes.reach_{name}" for name in ("registered_elsewhere", "other_province", "renter")), 0.0),
    "attributes.vote_asked_share": 1.0,
    "attributes.vote_years_here": 0.0,
}


def test_without_their_effects_registration_and_tenure_change_nothing() -> None:
    columns, addresses = made_town(committees=12, estates=4, buildings=10, households=35, persons=3)
    made = add_attributes(columns, addresses, MadeScenario(NO_EFFECT), Draws(1))
    adult = adults(columns, MadeScenario().parameters)
    assert np.ptp([made["known"][adult & (columns["registration"] == one)].mean() for one in Registration]) < 0.02
    assert np.ptp(made["reach"]) < 1e-6
    assert (made["may_vote"] == adult).all()


def test_all_adults_registered_here_may_vote_and_of_the_others_those_who_asked(town: Town) -> None:
    columns, _, made = town
    adult, here = adults(columns, MadeScenario().parameters), columns["registration"] == HERE
    assert made["may_vote"][adult & here].all() and not made["may_vote"][~adult].any()
    assert not made["may_vote"][~here & (made["years_here"] < 1)].any()
    assert made["may_vote"][adult & ~here & (made["years_here"] >= 1)].mean() == pytest.approx(0.2, abs=0.02)


def test_the_retired_have_most_free_hours_and_small_children_none(town: Town) -> None:
    columns, _, made = town
    parameters, age = MadeScenario().parameters, columns["age"]
    stopped = retired(columns, parameters) & (age < 80)
    working_age = (age >= 18) & ~retired(columns, parameters)
    assert made["free_hours"][stopped].mean() > 2 * made["free_hours"][working_age].mean()
    assert made["free_hours"][stopped].mean() == pytest.approx(20, rel=0.05)
    assert not made["free_hours"][age < 12].any()


def test_nobody_lives_here_longer_than_they_live(town: Town) -> None:
    columns, _, made = town
    assert (made["years_here"] <= columns["age"]).all()
    owner = columns["tenure"] == Tenure.OWNED
    assert made["years_here"][owner].mean() > made["years_here"][columns["tenure"] == Tenure.RENTED].mean() + 2


def test_each_building_group_with_a_leader_has_exactly_one_and_the_others_none(town: Town) -> None:
    columns, addresses, made = town
    leaders = (made["role"] & Role.BUILDING_LEADER) > 0
    of_building = np.bincount(columns["building"], weights=leaders, minlength=addresses.buildings)
    assert (of_building == (addresses.building_leader > 0)).all()
    assert (columns["age"][leaders] >= 18).all()


def test_a_committee_has_a_representative_per_forty_households(town: Town) -> None:
    columns, addresses, made = town
    representatives = (made["role"] & Role.REPRESENTATIVE) > 0
    households = (len(addresses.household_start) - 1) / addresses.committees
    assert (np.bincount(columns["committee"], weights=representatives) == round(households / 40)).all()


def test_fifteen_percent_of_residents_are_registered_volunteers(town: Town) -> None:
    volunteers = (town[2]["role"] & Role.VOLUNTEER) > 0
    assert volunteers.mean() == pytest.approx(0.15, abs=0.01)
    assert (town[0]["age"][volunteers] >= 12).all()


def test_those_who_hold_roles_are_known_more_often_than_others(town: Town) -> None:
    columns, _, made = town
    adult = columns["age"] >= 18
    holds = (made["role"] & (Role.BUILDING_LEADER | Role.REPRESENTATIVE)) > 0
    assert made["known"][holds].mean() > made["known"][adult & ~holds].mean() + 0.15


def test_voice_is_standard_among_adults_and_rises_with_schooling(town: Town) -> None:
    columns, _, made = town
    adult = columns["age"] >= 18
    assert made["voice"][adult].mean() == pytest.approx(0, abs=1e-3)
    assert made["voice"][adult].std() == pytest.approx(1, abs=1e-3)
    assert np.corrcoef(made["voice"][adult], columns["education"][adult])[0, 1] > 0.3


def test_changing_one_assumption_moves_no_other_columns_luck() -> None:
    usual, other = _made({}), _made({"attributes.hours_retired": 30.0})
    differing = {name for name in usual if not np.array_equal(usual[name], other[name])}
    assert differing == {"free_hours"}


def test_another_replicate_has_other_residents_and_the_same_one_the_same() -> None:
    first, again, other = _made({}, Draws(1, 0)), _made({}, Draws(1, 0)), _made({}, Draws(1, 1))
    assert all(first[name].tobytes() == again[name].tobytes() for name in first)
    drawn = set(first) - {"reach"}  # follows from the census columns
    assert all(not np.array_equal(first[name], other[name]) for name in drawn)


@given(
    score=st.lists(st.floats(-5, 5), min_size=1, max_size=50),
    share=st.floats(0.001, 0.999),
)
def test_probabilities_have_the_share_as_mean_and_keep_the_odds_between_residents(
    score: list[float], share: float
) -> None:
    probabilities = probabilities_of_share(np.array(score), share)
    assert probabilities.mean() == pytest.approx(share, abs=1e-6)
    odds = np.log(probabilities / (1 - probabilities)) - np.array(score)
    assert np.ptp(odds) < 1e-6


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 3)), max_size=40))
def test_ranks_agree_with_sorting_each_unit_by_hand(rows: list[tuple[int, int]]) -> None:
    unit = np.array([row[0] for row in rows], dtype=np.int64)
    score = np.array([row[1] for row in rows], dtype=float)
    expected = np.zeros(len(rows), dtype=np.int64)
    for one in set(unit.tolist()):
        inside = [i for i in range(len(rows)) if unit[i] == one]
        for rank, position in enumerate(sorted(inside, key=lambda i: (-score[i], i))):
            expected[position] = rank
    assert rank_within(unit, score).tolist() == expected.tolist()
