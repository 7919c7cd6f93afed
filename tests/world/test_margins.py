"""Margins: interpolation between censuses, targets of a scenario, and the recount of a made population."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.scenario.loading import load_scenario
from commsim.scenario.population import PopulationSpec
from commsim.world.margins import age_band, between_years, interpolate
from tests.shared_data import require_shared_data


@pytest.fixture(scope="module")
def spec() -> PopulationSpec:
    return load_scenario("jingan-2017").population


def test_values_between_two_census_years_lie_on_the_line_and_are_held_beyond_them() -> None:
    by_year = {2010: (0.2, 0.8), 2020: (0.4, 0.6)}
    assert between_years(by_year, 2017).tolist() == pytest.approx([0.34, 0.66])
    assert between_years(by_year, 2005).tolist() == [0.2, 0.8]
    assert between_years(by_year, 2030).tolist() == [0.4, 0.6]


@given(st.integers(2000, 2030))
def test_shares_add_up_to_one_in_every_year(year: int) -> None:
    margins = interpolate(load_scenario("jingan-2017").population, year)
    assert all(np.isclose(margin.shares.sum(), 1) for margin in margins.questions.values())


def test_people_aged_sixty_and_over_are_28_percent_in_2017(spec: PopulationSpec) -> None:
    """district.md A2: linear interpolation of 19.8% (2010) and 31.6% (2020) gives about 28%."""
    shares = interpolate(spec, 2017).shares("age_sex")
    assert shares[2 * int(age_band(np.array([60]))[0]) :].sum() == pytest.approx(
        0.198 + 0.7 * (0.316 - 0.198), abs=1e-3
    )


def test_the_district_has_the_residents_of_its_units_and_a_tenth_of_it_a_tenth(spec: PopulationSpec) -> None:
    assert interpolate(spec, 2015).residents == sum(place.residents_weight for place in spec.places) == 1_048_741
    assert interpolate(spec.model_copy(update={"one_in": 10}), 2015).residents == 104_874


def test_households_times_their_mean_size_are_the_family_residents(spec: PopulationSpec) -> None:
    margins = interpolate(spec, 2015)
    assert margins.households * margins.mean_household_size == pytest.approx(margins.family_residents)
    assert margins.mean_household_size == pytest.approx((2.55245 + 2.33882) / 2, rel=1e-4)


def _census() -> dict[tuple[str, str], dict[str, float]]:
    path = require_shared_data("census", "jingan_census_2010_2020.csv")
    table: dict[tuple[str, str], dict[str, float]] = {}
    with Path(path).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                value = float(row["value"])
            except ValueError:
                continue
            table.setdefault((row["census"], row["area_zh"]), {})[row["variable_zh"]] = value
    return table


def _sum_2010(table: dict[tuple[str, str], dict[str, float]], *names: str) -> float:
    return sum(table["2010", area][name] for area in ("静安区", "闸北区") for name in names)


def _expected_2010(table: Any) -> dict[str, list[float]]:
    def of(*names: str) -> float:
        return _sum_2010(table, *names)

    away = [of(f"迁入人口（人）-{n}") for n in ("本县（市）/本市市区", "本省其他县（市）、市区", "外省")]
    old = [of(f"有65岁及以上老年人口的户数（户）-{n}") for n in ("有一个老人", "有二个老人", "有三个及以上老人")]
    levels = ("未上过学", "小学", "初中", "高中", "大学专科", "大学本科及以上")
    return {
        "collective": [of("人口数"), of("合计") - of("人口数")],
        "registration": [of("合计") - sum(away), *away],
        "one_person": [of("一人户"), of("户数") - of("一人户")],
        "elders": [of("户数") - sum(old), *old],
        "tenure": [of("住房来源-购买", "住房来源-自建"), of("住房来源-租赁"), of("住房来源-其他")],
        "education_sex": [of(f"{level}-{sex}") for level in levels for sex in "男女"],
    }


def _expected_2020(table: Any) -> dict[str, list[float]]:
    row = table["2020", "静安区"]
    away = [row[f"户口登记地在外乡镇街道人口_{n}"] for n in ("本县", "本省其他县", "省外")]
    old = [row[n] for n in ("有一个老人", "有二个老人", "有三个及以上老人")]
    owned = sum(row[f"住房来源_{n}"] for n in ("购买", "自建", "继承或赠予"))
    levels = ("未上过学", "小学", "初中", "高中", "大学专科", "本科及以上")
    return {
        "collective": [row["家庭户人口数"], row["人口数_合计"] - row["家庭户人口数"]],
        "registration": [row["人口数_合计"] - sum(away), *away],
        "one_person": [row["一人户数"], row["家庭户数"] - row["一人户数"]],
        "elders": [row["家庭户数"] - sum(old), *old],
        "tenure": [owned, row["住房来源_租赁"], row["住房来源_其他"]],
        "education_sex": [row[f"{level}_{sex}"] for level in levels for sex in "男女"],
    }


@pytest.mark.parametrize("year", [2010, 2020])
def test_the_counts_that_the_scenario_carries_are_the_census_s(spec: PopulationSpec, year: int) -> None:
    table = _census()
    expected = _expected_2010(table) if year == 2010 else _expected_2020(table)
    carried = {margin.id: list(margin.counts[year]) for margin in spec.margins}
    for question, counts in expected.items():
        assert carried[question] == counts, question


@pytest.mark.parametrize("year", [2010, 2020])
def test_the_age_table_that_the_scenario_carries_is_the_census_s(spec: PopulationSpec, year: int) -> None:
    table = _census()
    ages = next(margin for margin in spec.margins if margin.id == "age_sex").counts[year]
    for band, low in enumerate(range(10, 85, 5), start=2):
        for position, sex in enumerate("男女"):
            if year == 2020:
                expected = table["2020", "静安区"][f"{sex}_{low}到{low + 4}岁"]
            else:
                # Some headings of the 2010 volume close with a half-width bracket.
                names = (f"{low}-{low + 4}岁（{sex}）", f"{low}-{low + 4}岁（{sex})", f"{low}-{low + 4}岁（{sex}),")
                expected = sum(
                    next(row[name] for name in names if name in row)
                    for row in (table["2010", "静安区"], table["2010", "闸北区"])
                )
            assert ages[2 * band + position] == expected
    assert sum(ages) == (_sum_2010(table, "合计") if year == 2010 else table["2020", "静安区"]["人口数_合计"])
