"""Who lives in which unit: residents, migrants and registered people of each as its figures say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.scenario.places import PlaceSpec
from commsim.scenario.schema import Scenario
from commsim.world.by_place import origins_wanted
from commsim.world.population import make_population
from commsim.world.records import Registration

DISTRICT = load_scenario("jingan-2017")


def place(number: int, **values: Any) -> PlaceSpec:
    name = {"en": f"P{number}", "zh": f"街道{number}"}
    return PlaceSpec.model_validate({"id": f"p{number}", "name": name, "committees": 3} | values)


@lru_cache
def by_unit() -> dict[str, np.ndarray]:
    """Residents of each unit of the district by where they are registered."""
    return registered(DISTRICT)


def registered(scenario: Scenario) -> dict[str, np.ndarray]:
    columns, addresses, _margins = make_population(scenario, Draws(scenario.seed))
    parts = np.split(columns["registration"], addresses.subdistrict_start[1:-1])
    return {name: np.bincount(part, minlength=4) for name, part in zip(addresses.subdistrict_ids, parts, strict=True)}


def test_a_unit_has_the_residents_of_the_table() -> None:
    for unit in DISTRICT.population.places:
        assert by_unit()[unit.id].sum() == pytest.approx(unit.residents_weight, rel=0.03), unit.id


def test_a_unit_has_its_own_share_of_migrants_against_the_others() -> None:
    """The table's 23.2% stand against the census's 25.1%: odds between units are the table's, the total is not."""
    shares = {name: counts[Registration.OTHER_PROVINCE] / counts.sum() for name, counts in by_unit().items()}
    told = {unit.id: unit.migrant_share or 0.0 for unit in DISTRICT.population.places}
    odds = {name: shares[name] / (1 - shares[name]) / (told[name] / (1 - told[name])) for name in told}
    assert np.ptp(list(odds.values())) < 0.01
    assert all(abs(shares[name] - told[name]) < 0.03 for name in told)


def test_where_more_are_registered_more_of_the_local_residents_are_registered_where_they_live() -> None:
    local = {
        name: counts[Registration.HERE] / counts[: Registration.OTHER_PROVINCE].sum()
        for name, counts in by_unit().items()
    }
    told = {
        unit.id: (unit.registered_share or 0.0) / (1 - (unit.migrant_share or 0.0))
        for unit in DISTRICT.population.places
    }
    order = sorted(told, key=lambda name: told[name])
    assert [local[name] for name in order] == sorted(local.values())
    assert local["beizhan"] > local["pengpuzhen"] + 0.1


def test_places_that_say_nothing_of_origins_differ_by_their_estates_only(tmp_path: Path) -> None:
    origins = [{"id": unit.id, "migrant_share": None, "registered_share": None} for unit in DISTRICT.population.places]
    file = tmp_path / "alike.yaml"
    file.write_text(f"extends: jingan-2017\npopulation:\n  places: {origins}\n".replace("None", "null"))
    shares = [counts[Registration.OTHER_PROVINCE] / counts.sum() for counts in registered(load_scenario(file)).values()]
    assert np.ptp(shares) < 0.04


def test_one_unit_s_figure_can_be_changed_and_moves_its_residents(tmp_path: Path) -> None:
    file = tmp_path / "linfen.yaml"
    file.write_text(
        "extends: jingan-2017\npopulation:\n  residents: 200000\n"
        "  places: [{id: linfenlu, migrant_share: 0.6, registered_share: 0.3}]\n"
    )
    before, after = (
        registered(load_scenario("jingan-2017", ["population.residents=200000"])),
        registered(load_scenario(file)),
    )
    migrants = [
        counts["linfenlu"][Registration.OTHER_PROVINCE] / counts["linfenlu"].sum() for counts in (before, after)
    ]
    assert migrants[0] < 0.2 and migrants[1] > 0.5
    assert sum(after.values())[Registration.OTHER_PROVINCE] == pytest.approx(
        sum(before.values())[Registration.OTHER_PROVINCE], rel=0.01
    )


shares = st.one_of(st.none(), st.floats(0.01, 0.99))
places = st.lists(st.tuples(shares, shares, st.integers(1, 10**5)), min_size=1, max_size=6)


@settings(deadline=None)
@given(places, st.lists(st.integers(1, 10**5), min_size=4, max_size=4))
def test_origins_by_place_add_up_to_places_and_to_the_district(
    asked: list[tuple[float | None, float | None, int]], origins: list[int]
) -> None:
    specs = [place(i, migrant_share=one, registered_share=two) for i, (one, two, _size) in enumerate(asked)]
    district = np.array(origins, dtype=np.float64)
    sizes = np.array([size for *_shares, size in asked], dtype=np.float64)
    residents = sizes * (district.sum() / sizes.sum())
    wanted = origins_wanted(district, residents, specs)
    assert (wanted >= 0).all()
    assert wanted.sum(axis=0) == pytest.approx(district, rel=1e-4)
    assert wanted.sum(axis=1) == pytest.approx(residents, rel=1e-4)
