"""Files that extend files, overrides, and the resolved file that loads to the same scenario."""

from __future__ import annotations

import json
import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commsim.scenario import (
    InvalidFile,
    Scenario,
    dump_resolved,
    list_scenarios,
    load_registry,
    load_scenario,
    validate_scenario,
)
from commsim.scenario.marked_yaml import Node, read_text
from commsim.scenario.merging import merge


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_file_keeps_what_it_does_not_say_and_takes_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, base="extends: tutorial\nmonths: 7\nname: other\n", mine="extends: base\nseed: 5\n")
    scenario = load_scenario(tmp_path / "mine.yaml")
    assert (scenario.name, scenario.months, scenario.seed, scenario.extends) == ("mine", 7, 5, None)
    assert scenario.funds == load_scenario("tutorial").funds


def test_funds_merge_by_id_and_other_lists_replace(tmp_path: Path) -> None:
    text = """
extends: tutorial
elections: [2017-05]
funds:
  - id: service_money
    budget_per_committee_yuan: 1
  - id: extra
    name: {en: Extra, zh: 其他}
    rule: basic.none
    budget_total_yuan: 10.5
"""
    write(tmp_path, mine=text)
    scenario, base = load_scenario(tmp_path / "mine.yaml"), load_scenario("tutorial")
    assert [fund.id for fund in scenario.funds] == ["self_governance", "service_money", "extra"]
    assert scenario.funds[0] == base.funds[0]
    assert scenario.fund("service_money").budget_per_committee_fen == 100
    assert scenario.fund("service_money").rule == base.fund("service_money").rule
    assert scenario.fund("extra").budget_total_fen == 1050
    assert scenario.elections == ("2017-05",)


def test_a_new_rule_does_not_inherit_the_parameters_of_the_old_one(tmp_path: Path) -> None:
    rule = "funds:\n  - id: building_fund\n    rule: {}\n"
    write(
        tmp_path,
        other="extends: building-trial\n" + rule.format("{id: match.linear}"),
        same="extends: building-trial\n" + rule.format("{params: {refund: false}}"),
        short="extends: tutorial\nfunds:\n  - id: self_governance\n    rule: {params: {exponent: 2}}\n",
    )
    assert load_scenario(tmp_path / "other.yaml").funds[0].rule.params == {}
    assert load_scenario(tmp_path / "same.yaml").funds[0].rule.params == {"threshold_yuan": 500, "refund": False}
    kept = load_scenario(tmp_path / "short.yaml").funds[0].rule
    assert (kept.id, kept.params) == ("basic.needs_weighted", {"exponent": 2})


def test_every_value_remembers_its_own_file_and_line_through_extends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, base="extends: tutorial\nmonths: 0\nsed: 1\n", mine="extends: base\n\nseed: x\n")
    problems = validate_scenario("mine.yaml")
    assert [(one.file, one.line, one.path) for one in problems] == [
        ("mine.yaml", 3, "seed"),
        ("base.yaml", 2, "months"),
        ("base.yaml", 3, "sed"),
    ]


def test_a_value_that_is_replaced_is_not_complained_about(tmp_path: Path) -> None:
    write(tmp_path, base="extends: tutorial\nmonths: 0\n", mine="extends: base\nmonths: 6\n")
    assert validate_scenario(tmp_path / "mine.yaml") == []


@pytest.mark.parametrize("length", [1, 2, 3])
def test_files_that_extend_one_another_in_a_circle_are_refused(length: int, tmp_path: Path) -> None:
    names = [f"file{index}" for index in range(length)]
    for index, name in enumerate(names):
        write(tmp_path, **{name: f"months: 3\nextends: {names[(index + 1) % length]}\n"})
    (problem,) = validate_scenario(tmp_path / "file0.yaml")
    assert problem.line == 2
    assert " → ".join([*names, "file0"]) in str(problem.text)


def test_a_base_is_looked_for_beside_the_file_then_in_the_folders_then_among_the_shipped(tmp_path: Path) -> None:
    beside, folder = tmp_path / "beside", tmp_path / "folder"
    beside.mkdir()
    folder.mkdir()
    write(beside, mine="extends: tutorial\n", other="extends: base\n")
    write(folder, base="extends: tutorial\nmonths: 3\n", tutorial="extends: building-trial\nmonths: 4\n")
    assert load_scenario(beside / "mine.yaml").months == 24
    assert load_scenario(beside / "mine.yaml", folders=[folder]).months == 4
    assert load_scenario(beside / "other.yaml", folders=[folder]).months == 3
    write(beside, tutorial="extends: ../folder/tutorial.yaml\nmonths: 5\n")
    assert load_scenario(beside / "mine.yaml", folders=[folder]).months == 5


@pytest.mark.parametrize(
    ("override", "read", "value"),
    [
        ("months=6", lambda s: s.months, 6),
        ("start = 2017-03", lambda s: s.start, "2017-03"),
        ("elections=[2017-05, 2018-05]", lambda s: s.elections, ("2017-05", "2018-05")),
        (
            "funds.self_governance.budget_per_committee_yuan=80000",
            lambda s: s.funds[0].budget_per_committee_fen,
            8000000,
        ),
        ("funds.1.budget_per_committee_yuan=0.05", lambda s: s.funds[1].budget_per_committee_fen, 5),
        ("funds.self_governance.calendar.opens=5", lambda s: s.funds[0].calendar.opens, 5),
        ("funds.self_governance.rule=match.linear", lambda s: s.funds[0].rule.id, "match.linear"),
        ("funds.self_governance.rule.params.exponent=0.5", lambda s: s.funds[0].rule.params, {"exponent": 0.5}),
        ("parameters.money.hour_rate_yuan=25", lambda s: s.parameters["money.hour_rate_yuan"], 25.0),
        ("population.mean_household_size.2010=2.5", lambda s: s.population.mean_household_size[2010], 2.5),
        ("population.places.north.committee_list.millrow.households=99", lambda s: _millrow(s), 99),
        ("title.zh=某某情景：一", lambda s: s.title.to("zh"), "某某情景：一"),
    ],
)
def test_an_override_sets_the_value_at_its_path(override: str, read: object, value: object) -> None:
    assert read(load_scenario("tutorial", [override])) == value  # type: ignore[operator]
    assert read(load_scenario("tutorial")) != value  # type: ignore[operator]


def _millrow(scenario: Scenario) -> int:
    """Households of the first committee."""
    return scenario.population.places[0].committee_list[0].households


@pytest.mark.parametrize(
    ("override", "path", "words"),
    [
        ("monhts=3", "monhts", "Did you mean months?"),
        ("months", "", "path=value"),
        ("=3", "", "path=value"),
        ("months=[1", "", "not YAML"),
        ("months=many", "months", "a whole number"),
        ("seed.x=3", "seed", "nothing below"),
        ("funds.self_gov.level=building", "funds", "Did you mean self_governance?"),
        ("funds.self_governance.calender.opens=5", "funds.self_governance.calender", "Did you mean calendar?"),
        ("parameters.money.hour_rate=22", "parameters.money.hour_rate", "money.hour_rate_yuan"),
        ("parameters.money.hour_rate_yuan=99", "parameters.money.hour_rate_yuan", "between 15 and 40"),
    ],
)
def test_an_override_that_leads_nowhere_is_told_as_it_was_written(override: str, path: str, words: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        load_scenario("tutorial", [override])
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.path) == (f"--set {override}", 0, path)
    assert words in str(caught.value)


def test_later_overrides_win_and_all_wrong_ones_are_told() -> None:
    assert load_scenario("tutorial", ["months=6", "months=7"]).months == 7
    with pytest.raises(InvalidFile) as caught:
        load_scenario("tutorial", ["months", "seed.x=1", "initiators=me"])
    assert [problem.path for problem in caught.value.problems] == ["", "seed", "initiators"]


def test_an_error_survives_pickling_and_speaks_both_languages(tmp_path: Path) -> None:
    write(tmp_path, broken="extends: tutorial\nmonhts: 3\n")
    with pytest.raises(InvalidFile) as caught:
        load_scenario(tmp_path / "broken.yaml")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
    assert again.text.to("en") == str(caught.value)
    assert "monhts" in again.text.to("zh")


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
months = st.builds("{:04d}-{:02d}".format, st.integers(2015, 2017), st.integers(1, 12))
values = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), words)
rates = st.floats(15, 40)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """The tutorial with much of it replaced."""
    base = load_scenario("tutorial")
    raw = base.model_dump(by_alias=True, exclude_none=True)
    for one in raw["funds"]:
        one["name"] = {"en": draw(words), "zh": draw(words)}
        one["rule"] = {"id": "basic.none", "params": draw(st.dictionaries(names, values, max_size=3))}
        one["source"] = draw(words)
        one["budget_per_committee_yuan"] = draw(st.integers(0, 10**9)) / 100
        one["coverage"] = [{"from": "2018-01", "share": draw(st.floats(0, 1))}]
    raw |= {
        "title": {"en": draw(words), "zh": draw(words)},
        "seed": draw(st.integers(0, 2**63 - 1)),
        "elections": tuple(draw(st.lists(months, max_size=3))),
        "parameters": {"money.hour_rate_yuan": draw(rates)} if draw(st.booleans()) else {},
        "initiators": draw(st.sampled_from(["open", "residents", "quota", "help_desk"])),
    }
    return Scenario.model_validate(raw)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_the_resolved_file_loads_to_an_equal_scenario(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "resolved.yaml"
        path.write_text(dump_resolved(scenario), encoding="utf-8")
        again = load_scenario(path)
    assert again == scenario
    assert dump_resolved(again) == dump_resolved(scenario)
    assert again.parameters.overridden == scenario.parameters.overridden


trees = st.recursive(
    st.integers() | st.booleans() | words,
    lambda below: st.dictionaries(st.sampled_from("abcdef"), below, max_size=4) | st.lists(below, max_size=3),
    max_leaves=12,
)


def _plain_merge(base: object, over: object) -> object:
    """The oracle: merging without places, rules or funds."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {
            key: _plain_merge(base.get(key, over.get(key)), over.get(key, base.get(key))) for key in {**base, **over}
        }
    return over


def _node(value: object) -> Node:
    return read_text(json.dumps(value, ensure_ascii=False), "tree").root


@settings(max_examples=50, deadline=None)
@given(trees, trees)
def test_merging_agrees_with_merging_plain_values(base: object, over: object) -> None:
    assert merge(_node(base), _node(over)).plain() == _plain_merge(base, over)
    assert merge(_node(base), _node(base)).plain() == base


def test_the_list_of_scenarios_holds_what_can_be_run(tmp_path: Path) -> None:
    write(tmp_path, mine="extends: tutorial\ntitle: {en: Mine, zh: 我的}\n", base="months: 3\n")
    listed = {one.name: one for one in list_scenarios([tmp_path])}
    assert {"tutorial", "jingan-2017", "jingan-pilot", "building-trial", "mine"} == set(listed)
    assert listed["mine"].title.to("zh") == "我的"
    assert load_registry() is load_registry()
