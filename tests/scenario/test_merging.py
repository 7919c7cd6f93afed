"""`extends` merges lists whose items have ids by these ids: one margin, place or fund can be changed alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.scenario import InvalidFile, Scenario, dump_resolved, load_scenario
from commsim.scenario.marked_yaml import Node
from commsim.scenario.merging import merge
from commsim.scenario.problems import Place

HERE = Place("made.yaml", 1)


def loaded(folder: Path, text: str) -> Scenario:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def counts(scenario: Scenario, margin_id: str) -> dict[int, tuple[float, ...]]:
    return dict(next(margin.counts for margin in scenario.population.margins if margin.id == margin_id))


def test_one_margin_is_changed_alone(tmp_path: Path) -> None:
    base = load_scenario("tutorial")
    mine = loaded(
        tmp_path,
        "extends: tutorial\npopulation:\n  margins:\n    - {id: tenure, counts: {2010: [1, 2, 3], 2020: [4, 5, 6]}}\n",
    )
    assert counts(mine, "tenure") == {2010: (1, 2, 3), 2020: (4, 5, 6)}
    assert [margin.id for margin in mine.population.margins] == [margin.id for margin in base.population.margins]
    others = [margin for margin in mine.population.margins if margin.id != "tenure"]
    assert others == [margin for margin in base.population.margins if margin.id != "tenure"]


def test_a_place_of_a_new_id_is_appended_and_one_of_a_known_id_is_changed(tmp_path: Path) -> None:
    text = (
        "extends: tutorial\npopulation:\n  places:\n    - {id: north, name: {en: N, zh: 北}}\n"
        "    - {id: east, name: {en: E, zh: 东}, former_district: jingan, committee_list: "
        "[{id: quay, name: {en: Q, zh: 埠}, households: 90}]}\n"
    )
    places = loaded(tmp_path, text).population.places
    assert [place.id for place in places] == ["north", "south", "east"]
    assert (places[0].name.to("en"), len(places[0].committee_list)) == ("N", 2)


def test_committees_inside_a_place_merge_by_id_too(tmp_path: Path) -> None:
    text = "extends: tutorial\npopulation: {places: [{id: north, committee_list: [{id: railyard, households: 100}]}]}\n"
    north = loaded(tmp_path, text).population.places[0]
    assert [(committee.id, committee.households) for committee in north.committee_list] == [
        ("millrow", 300),
        ("railyard", 100),
    ]


def test_an_item_is_removed_by_id_and_all_by_a_first_item(tmp_path: Path) -> None:
    one = loaded(tmp_path, "extends: tutorial\npopulation: {places: [{id: north, remove: true}]}\n")
    assert [place.id for place in one.population.places] == ["south"]
    funds = "extends: tutorial\nfunds: [{id: service_money, remove: true}]\n"
    assert [fund.id for fund in loaded(tmp_path, funds).funds] == ["self_governance"]
    quarters = "committee_list: [{id: q, name: {en: Q}, households: 90}]"
    east = f"{{id: east, name: {{en: E, zh: 东}}, former_district: jingan, {quarters}}}"
    alone = loaded(tmp_path, f"extends: tutorial\npopulation: {{places: [{{remove: all}}, {east}]}}\n")
    assert [place.id for place in alone.population.places] == ["east"]


def test_removing_what_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile) as caught:
        loaded(tmp_path, "extends: tutorial\nfunds:\n  - {id: service_mony, remove: true}\n")
    (problem,) = caught.value.problems
    assert problem.line == 3
    assert "Did you mean service_money?" in problem.to("en")


def test_an_error_in_a_merged_item_names_the_file_that_wrote_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile) as caught:
        loaded(tmp_path, "extends: tutorial\npopulation:\n  margins:\n    - id: tenure\n      counts: {2020: [1, 2]}\n")
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line) == ("mine.yaml", 5)


def test_lists_without_ids_are_replaced(tmp_path: Path) -> None:
    assert loaded(tmp_path, "extends: tutorial\nelections: [2017-05]\n").elections == ("2017-05",)


def test_a_merged_scenario_is_shown_as_one_file_that_loads_to_the_same(tmp_path: Path) -> None:
    text = (
        "extends: jingan-pilot\npopulation: {places: [{id: jingansi, committees: 12}, {id: caojiadu, remove: true}]}\n"
    )
    mine = loaded(tmp_path, text)
    assert loaded(tmp_path, dump_resolved(mine)) == mine


def _list(ids: list[str], value: int) -> Node:
    return Node([Node({"id": Node(name, HERE), "value": Node(value, HERE)}, HERE) for name in ids], HERE)


ids_of_items = st.lists(st.sampled_from("abcdef"), unique=True)


@given(ids_of_items, ids_of_items.filter(bool))
def test_a_merged_list_keeps_the_order_of_the_base_and_takes_every_change(base: list[str], over: list[str]) -> None:
    merged = merge(_list(base, 1), _list(over, 2)).plain()
    assert [item["id"] for item in merged] == base + [name for name in over if name not in base]
    assert all(item["value"] == (2 if item["id"] in over else 1) for item in merged)
