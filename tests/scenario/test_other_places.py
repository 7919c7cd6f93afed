"""Any city's places are welcome, and what a scenario borrows from Jing'an is told and not cited as its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.errors import InvalidInput
from commsim.randomness import Draws
from commsim.report import caveats
from commsim.scenario import InvalidFile, Scenario, dump_resolved, load_scenario
from commsim.scenario.borrowing import borrowed_census, has_local_record
from commsim.scenario.notes import scenario_notes
from commsim.world.build import build_world
from commsim.world.population import check_population, make_population
from tests.shared_data import PROJECT

CHENGDU = Path(__file__).parent / "places" / "made-up-chengdu.yaml"
MARGINS = "population:\n  margins:\n    - {id: "
EMPTY_AGES = [0] * 4 + [100] * 32


def loaded(folder: Path, text: str) -> Scenario:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def notes(scenario: Scenario) -> str:
    return "\n".join(note.to("en") for note in scenario_notes(scenario))


def page_words(scenario: Scenario) -> str:
    limits = caveats.of(scenario)
    return "\n".join([*(text.to("en") + text.to("zh") for text in limits.CANNOT), *limits.SOURCES])


def test_a_made_up_district_of_chengdu_is_built_with_its_own_names() -> None:
    world = build_world(load_scenario(CHENGDU), Draws(1, 0))
    subdistricts = [one for one in world.institutions if one.kind == "subdistrict"]
    assert [one.attributes["former_district"] for one in subdistricts] == ["", "jinniu"]
    assert [one.name.to("zh") for one in subdistricts] == ["锦里巷街道", "竹门街道"]


def test_what_another_place_borrows_is_told_and_shimen_road_is_not_its_record() -> None:
    scenario = load_scenario(CHENGDU)
    (borrowed,) = borrowed_census(scenario).values()
    assert "age_sex" in borrowed
    assert "tenure" not in borrowed
    assert "age_sex" in notes(scenario)
    assert "local evidence" in notes(scenario)
    assert "Shimen" not in page_words(scenario)
    assert "石门二路" not in page_words(scenario)
    assert "those of Jing'an District" in page_words(scenario)


@pytest.mark.parametrize("name", ["jingan-2017", "jingan-pilot", "building-trial"])
def test_scenarios_of_jingan_borrow_nothing_and_cite_their_record(name: str) -> None:
    scenario = load_scenario(name)
    assert has_local_record(scenario)
    assert notes(scenario) == ""
    assert "Shimen Road" in page_words(scenario)


def test_units_of_ones_own_end_the_inherited_place(tmp_path: Path) -> None:
    own = "population: {places: [{id: shimenerlu, name: {en: Another, zh: 别处}}]}\n"
    assert loaded(tmp_path, "extends: jingan-pilot\n" + own).place is None
    assert has_local_record(loaded(tmp_path, "extends: jingan-pilot\nmonths: 36\n"))


@pytest.mark.parametrize(
    ("sizes", "borrowed"),
    [("{2020: 2.6}", True), ("{2010: 2.8, 2020: 2.6}", False), ("{2010: 2.8, 2015: 2.7, 2020: 2.6}", False)],
)
def test_a_mean_household_size_is_borrowed_until_all_its_years_are_replaced(
    tmp_path: Path, sizes: str, borrowed: bool
) -> None:
    own = f"population: {{places: [{{id: shimenerlu, name: {{en: Another, zh: 别处}}}}], mean_household_size: {sizes}}}"
    scenario = loaded(tmp_path, f"extends: jingan-pilot\n{own}\n")
    assert ("the mean household size is that of Jing'an" in notes(scenario)) == borrowed
    assert notes(loaded(tmp_path, dump_resolved(scenario))) == notes(scenario)


def test_another_place_with_the_units_of_the_old_one_is_refused_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="remove: all") as caught:
        loaded(tmp_path, "extends: jingan-pilot\nplace: {en: Chengdu, zh: 成都}\n")
    assert caught.value.problems[0].line == 2


def test_a_place_and_what_it_borrows_survive_being_shown_and_loaded(tmp_path: Path) -> None:
    scenario = load_scenario(CHENGDU)
    again = loaded(tmp_path, dump_resolved(scenario))
    assert again == scenario
    assert notes(again) == notes(scenario)


def test_margins_that_contradict_each_other_are_told_with_names_and_totals(tmp_path: Path) -> None:
    counts = [1000] * 36
    told = notes(loaded(tmp_path, f"extends: jingan-pilot\n{MARGINS}age_sex, counts: {{2010: {counts}}}}}\n"))
    assert "age_sex and collective" in told
    assert "36,000" in told
    assert "1,077,284" in told


def test_shares_and_counts_do_not_contradict(tmp_path: Path) -> None:
    text = f"extends: jingan-pilot\n{MARGINS}elders, counts: {{2010: [0.7, 0.2, 0.08, 0.02]}}}}\n"
    assert "add" not in notes(loaded(tmp_path, text))


def test_a_band_of_age_with_nobody_is_refused_with_margin_category_and_line(tmp_path: Path) -> None:
    counts = f"counts: {{2010: {EMPTY_AGES}, 2020: {EMPTY_AGES}}}"
    with pytest.raises(InvalidFile) as caught:
        loaded(tmp_path, f"extends: tutorial\n{MARGINS}age_sex, {counts}}}\n")
    first = caught.value.problems[0]
    assert first.line == 4
    assert "margin age_sex" in first.to("en")
    assert "men 5–9" in first.to("en")
    assert "age_sex" in first.to("zh")


def test_a_category_that_is_empty_in_another_year_only_is_fine(tmp_path: Path) -> None:
    text = f"extends: tutorial\nstart: 2015-01\n{MARGINS}age_sex, counts: {{2010: {EMPTY_AGES}}}}}\n"
    assert loaded(tmp_path, text).months == 24


def test_a_category_that_turns_out_to_be_needed_is_named_with_its_margin(tmp_path: Path) -> None:
    none = "counts: {2010: [987974, 0], 2020: [879524, 0]}"
    scenario = loaded(tmp_path, f"extends: tutorial\n{MARGINS}collective, {none}}}\n")
    with pytest.raises(InvalidInput, match=r"collective \(in collective households\)"):
        make_population(scenario, Draws(1, 0))


def test_categories_that_may_be_empty_stay_fine(tmp_path: Path) -> None:
    none = "counts: {2010: [283128, 65155, 38174, 0], 2020: [236942, 73931, 63175, 0]}"
    scenario = loaded(tmp_path, f"extends: tutorial\n{MARGINS}elders, {none}}}\n")
    _columns, _addresses, margins = make_population(scenario, Draws(1, 0))
    assert margins.shares("elders")[3] < 1e-6


def test_margins_that_no_households_meet_name_those_that_contradict(tmp_path: Path) -> None:
    old = "counts: {2010: [10, 20, 60, 10], 2020: [10, 20, 60, 10]}"  # more elders than age_sex has
    scenario = loaded(tmp_path, f"extends: tutorial\n{MARGINS}elders, {old}}}\n")
    with pytest.raises(InvalidInput, match=r"farthest off are .*elders \(") as caught:
        check_population(scenario, Draws(1, 0))
    assert "age_sex (" in str(caught.value)


@pytest.mark.parametrize("name", ["tutorial", "jingan-pilot", "building-trial", str(CHENGDU)])
def test_a_population_that_can_be_made_passes_the_check(name: str) -> None:
    check_population(load_scenario(name), Draws(1, 0))


def test_residents_that_do_not_fit_the_listed_households_are_refused_with_both(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="900,000 residents came for 1,020 listed households") as caught:
        loaded(tmp_path, "extends: tutorial\npopulation:\n  residents: 900000\n")
    assert caught.value.problems[0].line == 3


def test_counts_of_another_place_are_not_mixed_with_inherited_years_and_notes(tmp_path: Path) -> None:
    named = "place: {en: Chengdu, zh: 成都}, counts: {2020: [100, 200, 300, 400]}"
    scenario = loaded(tmp_path, f"extends: jingan-pilot\n{MARGINS}registration, {named}}}\n")
    margin = next(one for one in scenario.population.margins if one.id == "registration")
    assert dict(margin.counts) == {2020: (100, 200, 300, 400)}
    assert margin.note == ""
    assert "registration" in notes(scenario)  # another place's than the scenario's own


def test_some_years_of_ones_own_without_a_place_are_laid_over_the_inherited_ones(tmp_path: Path) -> None:
    text = f"extends: jingan-pilot\n{MARGINS}registration, counts: {{2020: [100, 200, 300, 400]}}}}\n"
    margin = next(one for one in loaded(tmp_path, text).population.margins if one.id == "registration")
    assert sorted(margin.counts) == [2010, 2020]
    assert margin.note


def test_categories_in_another_order_are_refused_and_other_names_are_fine(tmp_path: Path) -> None:
    order = "[{en: rented, zh: 租赁}, {en: owned, zh: 自有}, {en: other, zh: 其他}]"
    with pytest.raises(InvalidFile, match="keep the order owned, rented, other") as caught:
        loaded(tmp_path, f"extends: tutorial\n{MARGINS}tenure, categories: {order}}}\n")
    assert caught.value.problems[0].line == 4
    names = "[{en: bought, zh: 购买}, {en: let, zh: 承租}, {en: other, zh: 其他}]"
    assert loaded(tmp_path, f"extends: tutorial\n{MARGINS}tenure, categories: {names}}}\n").months == 24


def test_the_example_of_another_city_in_the_readme_can_be_run_as_it_stands(tmp_path: Path) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    example = readme.split("```yaml\n", 1)[1].split("```", 1)[0]
    scenario = loaded(tmp_path, example)
    check_population(scenario, Draws(1, 0))
    assert "tenure" not in str(borrowed_census(scenario))
    assert "age_sex" in str(borrowed_census(scenario))
    world = build_world(scenario, Draws(1, 0))
    assert "锦里巷街道" in [one.name.to("zh") for one in world.institutions]


def test_one_census_year_is_told_as_one(tmp_path: Path) -> None:
    text = dump_resolved(load_scenario(CHENGDU)).replace("start: 2019-01", "start: 2024-01")
    years = [line for line in text.splitlines() if line.strip() == "2010:"]
    assert years  # the scenario carries two years, so this is told as a range
    assert "run from 2010 to 2020" in notes(loaded(tmp_path, text))
    scenario = load_scenario(CHENGDU)
    margins = tuple(one.model_copy(update={"counts": {2020: one.counts[2020]}}) for one in scenario.population.margins)
    single = scenario.model_copy(update={"population": scenario.population.model_copy(update={"margins": margins})})
    assert "are of 2020 alone" in notes(single)
