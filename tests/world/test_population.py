"""The made population: exactly as many as asked, as the census counts them, at addresses that hold together."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commsim.errors import InvalidInput
from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.world.margins import Margins, compare, counted, interpolate
from commsim.world.population import make_population
from commsim.world.records import Addresses, Education, EstateType, Tenure

SHIPPED = ("jingan-2017", "jingan-pilot", "tutorial", "building-trial")
Made = tuple[Mapping[str, Any], Addresses, Margins]
_made: dict[str, Made] = {}


def made(name: str) -> Made:
    if name not in _made:
        _made[name] = make_population(load_scenario(name), Draws(1))
    return _made[name]


def digest(population: Made) -> str:
    columns, addresses, _margins = population
    found = hashlib.sha256()
    for name in sorted(columns):
        found.update(name.encode() + str(columns[name].dtype).encode() + columns[name].tobytes())
    found.update(addresses.household_start.tobytes() + addresses.building_leader.tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("name", ["jingan-2017", "jingan-pilot"])
def test_every_margin_is_met_within_one_percent(name: str) -> None:
    columns, addresses, margins = made(name)
    found = compare(margins, columns, addresses)
    assert len(found) == 8
    for comparison in found:
        assert comparison.total_variation < 0.01, comparison


def test_the_recount_of_margins_agrees_with_counting_households_one_by_one() -> None:
    """An oracle for `counted`, written with loops, on the smallest scenario with and without collective residents."""
    columns, addresses, _margins = made("tutorial")
    sizes: dict[int, list[int]] = {}
    for resident, household in enumerate(columns["household"]):
        sizes.setdefault(int(household), []).append(resident)
    alone = sum(len(people) == 1 for people in sizes.values())
    elders = [sum(columns["age"][i] >= 65 for i in people) for people in sizes.values()]
    assert counted("one_person", columns, addresses).tolist() == [alone, len(sizes) - alone]
    assert counted("elders", columns, addresses).tolist() == [
        sum(n == 0 for n in elders),
        sum(n == 1 for n in elders),
        sum(n == 2 for n in elders),
        sum(n >= 3 for n in elders),
    ]


def test_a_wrong_population_is_seen_by_the_comparison() -> None:
    columns, addresses, margins = made("jingan-pilot")
    older = dict(columns) | {"age": np.minimum(columns["age"] + 10, 100).astype(np.uint8)}
    distance = {found.id: found.total_variation for found in compare(margins, older, addresses)}
    assert distance["age_sex"] > 0.05
    assert distance["elders"] > 0.05


@pytest.mark.parametrize(("name", "residents"), [("jingan-2017", 1_048_741), ("jingan-pilot", 104_874)])
def test_the_number_of_residents_is_exact(name: str, residents: int) -> None:
    columns, addresses, _margins = made(name)
    assert addresses.residents == residents
    assert {len(column) for column in columns.values()} == {residents}


def test_jingan_has_14_units_275_committees_and_one_village() -> None:
    addresses = made("jingan-2017")[1]
    assert len(addresses.subdistrict_ids) == len(addresses.subdistrict_names) == 14
    assert len(addresses.committee_ids) == len(set(addresses.committee_ids)) == 276
    assert [name for name in addresses.committee_ids if "village" in name] == ["pengpuzhen-village-1"]


def test_the_pilot_takes_one_committee_in_ten_of_the_district() -> None:
    district, pilot = made("jingan-2017")[1].committee_ids, made("jingan-pilot")[1].committee_ids
    first = district.index(pilot[0])
    assert pilot == district[first::10]
    assert first < 10


@pytest.mark.parametrize("name", SHIPPED)
def test_addresses_nest_cover_everybody_and_leave_no_unit_empty(name: str) -> None:
    columns, a, _margins = made(name)
    levels = [a.subdistrict_start, a.committee_start, a.estate_start, a.building_start, a.household_start]
    for upper, lower in zip(levels[:-1], levels[1:], strict=True):
        assert np.isin(upper, lower).all()
    for starts in levels:
        assert starts[0] == 0 and starts[-1] == len(columns["age"]) and (np.diff(starts) > 0).all()
    for column, starts in (
        ("household", a.household_start),
        ("building", a.building_start),
        ("estate", a.estate_start),
        ("committee", a.committee_start),
    ):
        assert (columns[column] == np.repeat(np.arange(len(starts) - 1), np.diff(starts))).all()
    for parent, child, of in (
        (a.subdistrict_start, a.committee_start, a.subdistrict_of_committee),
        (a.committee_start, a.estate_start, a.committee_of_estate),
        (a.estate_start, a.building_start, a.estate_of_building),
        (a.building_start, a.household_start, a.building_of_household),
    ):
        assert (of == np.searchsorted(parent, child[:-1], side="right") - 1).all()
    assert len(a.estate_type) == len(a.estate_start) - 1 and len(a.building_leader) == a.buildings


DTYPES = {
    **dict.fromkeys(("committee", "estate", "building", "household"), np.int32),
    **dict.fromkeys(("age", "sex", "registration", "education", "tenure", "household_size"), np.uint8),
    "collective": np.bool_,
}


@pytest.mark.parametrize("name", SHIPPED)
def test_columns_have_the_agreed_types_and_ranges(name: str) -> None:
    columns, addresses, _margins = made(name)
    assert {name: column.dtype for name, column in columns.items()} == {k: np.dtype(v) for k, v in DTYPES.items()}
    assert columns["age"].max() <= 100 and columns["sex"].max() == 1
    assert (columns["education"][columns["age"] < 6] == Education.NONE).all()
    assert (columns["education"][columns["age"] < 15] <= Education.JUNIOR_SECONDARY).all()
    size = np.diff(addresses.household_start)
    assert (columns["household_size"] == size[columns["household"]]).all()


def test_collective_residents_live_in_blocks_of_their_own_as_households_of_one() -> None:
    columns, addresses, _margins = made("jingan-pilot")
    in_block = addresses.estate_type[columns["estate"]] == EstateType.COLLECTIVE
    assert (in_block == columns["collective"]).all() and in_block.any()
    assert (columns["household_size"][in_block] == 1).all()
    blocks = addresses.estate_type[addresses.estate_of_building] == EstateType.COLLECTIVE
    assert not addresses.building_leader[blocks].any()


def test_no_child_lives_alone_and_members_of_a_household_share_tenure() -> None:
    columns, addresses, _margins = made("jingan-2017")
    alone = (columns["household_size"] == 1) & ~columns["collective"]
    assert columns["age"][alone].min() >= 18
    heads = columns["tenure"][addresses.household_start[:-1]]
    assert (columns["tenure"] == heads[columns["household"]]).all()


def test_committees_differ_in_age_and_tenure_more_than_by_chance() -> None:
    columns, addresses, _margins = made("jingan-2017")
    for trait in (columns["age"] >= 60, columns["tenure"] == Tenure.RENTED):
        people = np.diff(addresses.committee_start)
        share = np.add.reduceat(trait.astype(float), addresses.committee_start[:-1]) / people
        # Clusters of whole households: chance alone would give at most about √(3 p (1 − p) / n).
        chance = np.sqrt(3 * trait.mean() * (1 - trait.mean()) / people.mean())
        assert share.std() > 3 * chance
    old_in = {
        kind: (columns["age"][addresses.estate_type[columns["estate"]] == kind] >= 60).mean()
        for kind in (EstateType.LANES, EstateType.COMMERCIAL)
    }
    assert old_in[EstateType.LANES] > old_in[EstateType.COMMERCIAL] + 0.05


def test_committee_sizes_follow_the_recommended_mean_and_spread() -> None:
    """district-2.md A1, G1: a mean of about 1,400 households and a coefficient of variation of 0.4 in the district."""
    columns, addresses, _margins = made("jingan-2017")
    family = ~columns["collective"][addresses.household_start[:-1]]
    committee = columns["committee"][addresses.household_start[:-1]][family]
    sizes = np.bincount(committee)
    assert 1300 < sizes.mean() < 1550
    assert 0.32 < sizes.std() / sizes.mean() < 0.52


def test_the_building_trial_has_its_three_buildings_and_their_leaders() -> None:
    columns, addresses, _margins = made("building-trial")
    assert addresses.buildings == 3
    assert np.bincount(addresses.building_of_household).tolist() == [81, 80, 80]
    assert addresses.building_leader.tolist() == [2, 1, 0]
    assert not columns["collective"].any()


def test_family_households_alone_keep_the_census_s_household_margins() -> None:
    margins = made("tutorial")[2]
    census = interpolate(load_scenario("tutorial").population, 2017)
    for question in ("one_person", "elders", "tenure"):
        assert margins.shares(question) == pytest.approx(census.shares(question), abs=1e-6)
    assert margins.collective == 0 and margins.residents == census.family_residents


@pytest.mark.parametrize("residents", [101_001, 250_007])
def test_any_number_of_residents_is_met_to_the_person(residents: int) -> None:
    scenario = load_scenario("jingan-2017", overrides=[f"population.residents={residents}"])
    columns, addresses, _margins = make_population(scenario, Draws(3, 1))
    assert addresses.residents == len(columns["age"]) == residents


def test_fewer_households_than_committees_are_refused() -> None:
    with pytest.raises(InvalidInput, match="too few for 276 committees"):
        make_population(load_scenario("jingan-2017", overrides=["population.residents=300"]), Draws(1))


SCRIPT = """
from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.world.population import make_population
from tests.world.test_population import digest
print(digest(make_population(load_scenario("jingan-pilot"), Draws(1))))
"""


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert run.stdout.strip() == digest(made("jingan-pilot"))


def test_another_replicate_and_another_seed_give_other_people() -> None:
    scenario = load_scenario("tutorial")
    digests = {digest(make_population(scenario, draws)) for draws in (Draws(1), Draws(1, 1), Draws(2))}
    assert len(digests) == 3
