"""What scenarios promise of kinds of project: four ship with their sources, files change them by id, slips are told."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.contracts import Domain
from commsim.scenario import InvalidFile, ProjectKindSpec, Scenario, dump_resolved, load_scenario
from commsim.scenario.project_kinds import shipped_kinds

HEAD = "extends: tutorial\nproject_kinds:\n"
KINDS = {kind.id: kind for kind in shipped_kinds()}
NUMBERS = ("cash", "hours", "goods", "people", "months", "minimum", "items")
PARAMETERS = load_scenario("tutorial").parameters
GARDEN = """  - id: garden
    name: {en: Garden, zh: 社区花园}
    place: estate
    cash: 0.5
    hours: 400
    goods: 0.5
    people: 20
    months: 9
    minimum: 0.5
    items: {surroundings: 1}
"""


def loaded(folder: Path, text: str) -> Scenario:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def problem_of(folder: Path, text: str) -> tuple[int, str, str]:
    with pytest.raises(InvalidFile) as raised:
        loaded(folder, text)
    (problem,) = raised.value.problems
    return problem.line, problem.path, str(problem.text)


def test_four_kinds_ship_each_number_with_its_source() -> None:
    assert set(KINDS) == {"activities", "renewal", "mutual_help", "equipment"}
    for kind in KINDS.values():
        assert all(kind.sources.get(number) for number in NUMBERS), kind.id
        assert kind.name.to("en") != kind.name.to("zh")


def test_works_on_common_ground_need_a_yes_and_go_wrong_more_often_than_activities() -> None:
    assert [(kind.id, kind.permission) for kind in KINDS.values() if kind.common_ground] == [("renewal", "both")]
    assert KINDS["renewal"].yearly_risk(PARAMETERS) > KINDS["activities"].yearly_risk(PARAMETERS)
    assert KINDS["equipment"].permission == "property_company"


def test_mutual_help_wants_least_cash_and_most_hours() -> None:
    assert KINDS["mutual_help"].cash == min(kind.cash for kind in KINDS.values())
    assert KINDS["mutual_help"].hours == max(kind.hours for kind in KINDS.values())


@pytest.mark.parametrize("domain", Domain)
def test_every_need_leads_to_some_kind(domain: Domain) -> None:
    assert sum(kind.weight(domain) for kind in KINDS.values()) > 0


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 10**9))
def test_what_a_project_wants_grows_with_its_ask(kind_id: str, ask: int) -> None:
    kind = KINDS[kind_id]
    assert kind.hours_for(2 * ask, PARAMETERS) == pytest.approx(2 * kind.hours_for(ask, PARAMETERS))
    assert kind.people_for(1_500_000, PARAMETERS) == pytest.approx(kind.people)
    assert kind.goods_fen_for(ask, PARAMETERS) == pytest.approx(kind.goods * ask, abs=1)


def test_a_scenario_that_says_nothing_has_the_shipped_kinds() -> None:
    assert load_scenario("tutorial").project_kinds == load_scenario("jingan-2017").project_kinds == shipped_kinds()


def test_a_file_changes_a_kind_by_id_and_adds_another(tmp_path: Path) -> None:
    kinds = loaded(tmp_path, f"{HEAD}  - {{id: activities, hours: 200, items: {{elders: 1}}}}\n{GARDEN}").project_kinds
    assert [kind.id for kind in kinds] == [*KINDS, "garden"]
    assert (kinds[0].hours, kinds[0].people, kinds[0].weight(Domain.ELDERS)) == (200, 10, 1)
    assert kinds[0].weight(Domain.CHILDREN) == KINDS["activities"].weight(Domain.CHILDREN)
    assert kinds[-1].permission == "none" and not kinds[-1].common_ground


def test_a_kind_can_be_set_on_the_command_line() -> None:
    scenario = load_scenario("tutorial", ["project_kinds.renewal.risk=0.4", "project_kinds.renewal.months=12"])
    assert (scenario.project_kinds[1].risk, scenario.project_kinds[1].months) == (0.4, 12)
    assert scenario.project_kinds[1].yearly_risk(scenario.parameters) == 0.4


def test_a_kind_that_was_taken_out_stays_out_when_the_whole_scenario_is_written_and_read(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, HEAD + "  - {id: equipment, remove: true}\n")
    assert [kind.id for kind in scenario.project_kinds] == ["activities", "renewal", "mutual_help"]
    assert loaded(tmp_path, dump_resolved(scenario)) == scenario
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_kinds_can_be_laid_out_anew(tmp_path: Path) -> None:
    every = ", ".join(f"{domain.name.lower()}: 1" for domain in Domain)
    alone = GARDEN.replace("{surroundings: 1}", f"{{{every}}}")
    assert [kind.id for kind in loaded(tmp_path, f"{HEAD}  - remove: all\n{alone}").project_kinds] == ["garden"]


@pytest.mark.parametrize(
    ("text", "line", "path", "words"),
    [
        (GARDEN.replace("    place: estate\n", ""), 3, "garden.place", "this is missing"),
        (
            GARDEN.replace("estate", "street"),
            5,
            "garden.place",
            "one of 'building', 'estate', 'committee' was expected",
        ),
        (GARDEN.replace("hours: 400", "hours: -1"), 7, "garden.hours", "0 or more was expected; -1 came"),
        (GARDEN.replace("people: 20", "people: -5"), 9, "garden.people", "0 or more was expected; -5 came"),
        (GARDEN.replace("goods: 0.5", "goods: -0.5"), 8, "garden.goods", "0 or more was expected"),
        (GARDEN.replace("cash: 0.5", "cash: 1.5"), 6, "garden.cash", "or less was expected; 1.5 came"),
        (GARDEN.replace("surroundings: 1", "gardens: 1"), 12, "garden.items.gardens", "'gardens' is no need item"),
        (GARDEN.replace("surroundings: 1", "elder: 1"), 12, "garden.items.elder", "Did you mean elders?"),
        (GARDEN + "    permission: landlord\n", 13, "garden.permission", "'none', 'owners_committee'"),
        (GARDEN + "    sources: {hour: mine}\n", 13, "garden.sources.hour", "'hour' is not a field"),
        (GARDEN + "    risk: 2\n", 13, "garden.risk", "or less was expected; 2 came"),
        ("  - {id: activities, cash: 0, hours: 0, goods: 0}\n", 3, "activities", "wants cash, hours or goods"),
        (
            "  - id: activities\n    items: {health: 0}\n  - id: equipment\n    items: {health: 0}\n",
            6,
            "equipment.items.health",
            "the need health leads to no kind of project",
        ),
    ],
)
def test_a_slip_in_a_kind_is_told_at_its_line(tmp_path: Path, text: str, line: int, path: str, words: str) -> None:
    found = problem_of(tmp_path, HEAD + text)
    assert found[:2] == (line, f"project_kinds.{path}")
    assert words in found[2]


def test_a_need_that_no_kind_of_a_list_laid_out_anew_names_is_told_at_the_list(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile) as raised:
        loaded(tmp_path, f"{HEAD}  - remove: all\n{GARDEN}")
    assert {(problem.line, problem.path) for problem in raised.value.problems} == {(2, "project_kinds")}
    assert len(raised.value.problems) == len(Domain) - 1


def test_the_rate_of_an_hour_below_zero_is_refused_at_its_line(tmp_path: Path) -> None:
    found = problem_of(tmp_path, "extends: tutorial\nparameters:\n  money.hour_rate_yuan: -1\n")
    assert found[:2] == (3, "parameters.money.hour_rate_yuan")
    assert "must lie between 15 and 40" in found[2]


def test_a_kind_is_checked_wherever_it_is_made() -> None:
    with pytest.raises(ValueError, match="cash, hours or goods"):
        ProjectKindSpec.model_validate(KINDS["activities"].model_dump() | {"cash": 0, "hours": 0, "goods": 0})
