"""Claims about the facts: each hangs on its mechanism; intervals, draws and the calibration do what they say."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas
import pytest

from commsim.errors import InvalidInput, RunsFailed
from commsim.i18n import _
from commsim.lab.classify import classify
from commsim.lab.files import load_experiment
from commsim.report import write_lab_report
from commsim.scenario.parameters import load_registry
from commsim.scenario.problems import InvalidFile
from commsim.store.laboratory import write_lab
from commsim.validation.calibrate import calibrate
from commsim.validation.calibration_targets import BLOCKS, NEVER_FITTED
from commsim.validation.catalogue_of_facts import FACTS, find_fact
from commsim.validation.facts import evaluate, t_interval
from commsim.validation.laboratory import as_document, run_facts
from commsim.validation.posterior import Posterior, write_posterior
from commsim.validation.uncertainty import names_drawn, parameter_draws, posterior, prior_values
from commsim.world.records import BehaviouralType
from tests.shared_data import PROJECT, require_shared_data

SEEDS = range(1, 9)

SWITCHED_OFF: dict[int, dict[str, float]] = {
    1: {"lab.schedule_noise": 0.5, "lab.schedule_noise_other": 0.5},
    2: {"belief.others": 0.0, "belief.own_lag": 1.0, "belief.constant": 0.0, "lab.optimism": 0.0},
    3: {"belief.own_lag": 0.3},
    4: {"yes.match_as_share": 0.0, "yes.price": 0.0},
    5: {"yes.seen": 0.0},
    6: {"yes.donor_signal": 0.0},
    7: {"lab.match_substitution": 0.0, "yes.price": 0.0, "yes.match_half": 0.0, "lab.lead_half": 0.0},
    8: {"yes.exposure": 0.0},
    9: {"lab.prospecting": 0.0, "mobilisation.weight_of_known": 0.0, "yes.channel_leader": 0.0},
    10: {"elections.party_log_odds": 0.0},
    13: {"belief.others": 0.0},
}


@pytest.mark.parametrize("number", sorted(SWITCHED_OFF))
def test_a_fact_fails_without_its_mechanism(number: int) -> None:
    assert not evaluate(find_fact(str(number)), [SWITCHED_OFF[number]], SEEDS).held


@pytest.mark.parametrize("number", [3, 4, 5, 7, 8, 9, 10, 13])
def test_at_the_registry_s_values_a_fact_holds_with_its_mechanism(number: int) -> None:
    assert evaluate(find_fact(str(number)), [{}], SEEDS).held


def test_rows_that_must_not_be_fitted_are_not() -> None:
    fitted = {row for block in BLOCKS for row in block.rows}
    assert not fitted & set(NEVER_FITTED)
    marked = {fact.id for fact in FACTS if fact.fitted}
    assert fitted <= marked and not marked & set(NEVER_FITTED)


def test_there_are_thirteen_rows_and_each_is_found_by_number_and_name() -> None:
    assert [fact.id for fact in FACTS] == list(range(1, 14))
    assert all(find_fact(fact.name) is fact is find_fact(str(fact.id)) for fact in FACTS)
    with pytest.raises(InvalidInput, match="14"):
        find_fact("14")


def test_the_interval_is_student_s() -> None:
    low, high = t_interval([1.0, 2.0, 3.0])
    assert (low, high) == pytest.approx((2 - 4.302653 / np.sqrt(3), 2 + 4.302653 / np.sqrt(3)), rel=1e-6)


def test_draws_are_the_same_for_a_seed_stay_in_range_and_keep_joint_points_together() -> None:
    draws = parameter_draws(20, 3)
    assert draws == parameter_draws(20, 3) != parameter_draws(20, 4)
    registry = load_registry()
    for name in names_drawn():
        values = [one[name] for one in draws]
        if name not in posterior():
            assert min(values) >= registry[name].low and max(values) <= registry[name].high
    pairs = set(zip(posterior()["yes.donor_signal"], posterior()["lab.signal_size"], strict=True))
    assert {(one["yes.donor_signal"], one["lab.signal_size"]) for one in draws} <= pairs


@pytest.mark.data
def test_the_procedure_sorts_the_published_schedules_as_their_authors_did() -> None:
    table = pandas.read_csv(require_shared_data("fg2010") / "FG2010.csv")
    subjects = table.groupby("idsubj").first()
    found = classify(subjects[[f"b{i}" for i in range(21)]].to_numpy(float))
    assert (found + 1 == subjects["preftype"].to_numpy()).sum() >= 137


def test_plain_schedules_are_sorted_by_eye() -> None:
    others = np.arange(21.0)
    made = np.stack([others, others * 0, 10 - np.abs(others - 10), np.tile([5.0, 9.0, 2.0], 7)])
    kinds = BehaviouralType
    assert classify(made).tolist() == [
        kinds.CONDITIONAL_COOPERATOR,
        kinds.FREE_RIDER,
        kinds.HUMP_SHAPED,
        kinds.OTHER,
    ]


def test_the_posterior_is_written_with_version_and_seed_and_the_registry_keeps_every_other_byte(tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    (registry / "a.yaml").write_text("a.b:\n  value: 1.0\n  unit: x\na.bc:\n  value: 2.0\n", encoding="utf-8")
    found = [
        Posterior("a.b", 0.5, 0.1, 0.3, 0.7, 1.0, (4,), (0.4, 0.6)),
        Posterior("a.bc", 0.5, 0.9, 0.0, 1.0, 1.0, (4,), (0.1, 0.9)),
    ]
    assert write_posterior(found, 7, tmp_path / "posterior.yaml", registry) == ["a.b"]
    written = (registry / "a.yaml").read_text(encoding="utf-8")
    assert written == "a.b:\n  value: 0.5\n  unit: x\na.bc:\n  value: 2.0\n"
    text = (tmp_path / "posterior.yaml").read_text(encoding="utf-8")
    assert "seed: 7" in text and "version:" in text and "identified: false" in text


def test_the_document_and_the_folder_say_the_same(tmp_path: Path) -> None:
    result = run_facts([find_fact("6")], quick=True)
    document = as_document(result)["facts"][0]
    assert {"fact", "range", "simulated", "interval", "held", "fitted"} <= set(document)
    folder = write_lab(result, tmp_path / "lab", add=lambda folder: write_lab_report(result, folder))
    stored = json.loads((folder / "facts.json").read_text(encoding="utf-8"))["facts"][0]
    assert stored["simulated"] == document["simulated"] and stored["held"] == document["held"]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "http:" not in page and "https:" not in page and "src=" not in page and "borrowed" in page
    assert page.count('<svg role="img"') == len(result.results[0].tests)
    assert (folder / "fact-06-seed.png").stat().st_size > 1000


@pytest.mark.parametrize("path", sorted((PROJECT / "experiments").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_experiments_can_be_read(path: Path) -> None:
    loaded = load_experiment(path)
    assert loaded.experiment.arms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("protocol: Appeal\narms:\n  a: {match_rat: 1}\n", "match_rat"),
        ("protocol: Apeal\narms:\n  a: {}\n", "Apeal"),
        ("protocol: Appeal\n", "arms"),
        ("protocol: Appeal\ncolour: red\narms:\n  a: {}\n", "colour"),
        ("protocol: Diffusion\narms:\n  a: {network: {moebius_graph: {n: 3}}}\n", "moebius"),
        ("protocol: Appeal\narms:\n  a: {}\npopulation: {n: 0}\n", "whole number"),
    ],
)
def test_a_file_with_a_mistake_says_where(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFile, match=words) as caught:
        load_experiment(path)
    assert "mine.yaml" in str(caught.value)


def test_the_prior_of_a_fitted_parameter_does_not_lean_on_the_last_calibration() -> None:
    at = np.linspace(0.05, 0.95, 7)
    for block in BLOCKS:
        for name in block.parameters:
            one = load_registry()[name]
            moved = dataclasses.replace(one, value=one.low + 0.4 * (one.high - one.low))
            assert prior_values(moved, at).tolist() == prior_values(one, at).tolist(), name


def test_facts_are_the_same_in_this_process_and_in_two() -> None:
    chosen = [find_fact("6"), find_fact("13")]
    here, pooled = (run_facts(chosen, quick=True, workers=workers) for workers in (1, 2))
    pandas.testing.assert_frame_equal(here.values(), pooled.values(), check_exact=True)
    assert [result.fact.id for result in here.results] == [result.fact.id for result in pooled.results] == [6, 13]


def failing(seed: int, parameters: object) -> dict[str, float]:
    raise InvalidInput(_("{name}: rejected").format(name="letters"))


def test_a_fact_that_cannot_be_played_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    broken = dataclasses.replace(find_fact("13"), simulate=failing)
    result = run_facts([find_fact("6"), broken], quick=True)
    assert [done.fact.id for done in result.results] == [6]
    assert "1 of 2 facts could not be played; the first: 13 anchors: letters: rejected" in str(result.failed_text())
    assert as_document(result)["failures"][0]["fact"] == 13
    with pytest.raises(RunsFailed, match="1 of 1"):
        run_facts([broken], quick=True)


def test_the_calibration_is_the_same_in_this_process_and_in_two() -> None:
    block = next(block for block in BLOCKS if block.rows == (10,))
    small = [dataclasses.replace(block, points=16, seeds=1, ranges=())]
    here, pooled = (calibrate(3, samples=2**9, workers=workers, blocks=small) for workers in (1, 2))
    assert here == pooled and [found.name for found in here] == list(block.parameters)


def test_every_parameter_that_is_calibrated_is_drawn_with_the_facts() -> None:
    assert {name for block in BLOCKS for name in block.parameters} <= set(names_drawn())
