"""What a comparison found: paired differences, trajectories, and who gains, as tidy frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from commsim.contracts import Rule
from commsim.errors import RunsFailed
from commsim.i18n import Bilingual, Text, _, current_language
from commsim.record import Indicator, RunResult, standard_indicators
from commsim.record.formulas import committee_money, committee_shares
from commsim.study.design import DEFAULT_BASELINE, Arm, Design, make_design
from commsim.study.paired import Estimate, mean_interval, paired_difference, ratio_of_sums
from commsim.study.pairwise import Pairwise, levels_pairwise, ratios_pairwise
from commsim.study.runner import run_design, worker_count
from commsim.study.simulation import ENGINE, Engine, Progress, resolve_catalogue, resolve_scenario
from commsim.study.skipped import skipped_table, skipped_text
from commsim.study.worker import FailedRun

if TYPE_CHECKING:
    from commsim.plugins import Catalogue
    from commsim.scenario import Scenario

_PERCENT = 100
_NAN = float("nan")
_TOO_FEW = _("one pair of runs gives no interval; run more replicates")
_UNBOUNDED = _("the denominator cannot be told from zero, so any figure would be chance; run more replicates")
_UNDEFINED_FOR_BASELINE = _("no difference can be taken, as the baseline has no such figure: {reason}")
_NO_PAIRS = _("no replicate has both the rule's run and the baseline's")
_NO_COMMON = _("no replicate has this figure under both rules")

Pair = tuple[RunResult, RunResult]


@dataclass(frozen=True, eq=False)
class Comparison:
    """The runs of a comparison and what can be said from them.

    `arms`: baseline first. `results`: runs that succeeded, sorted by the order of the arms and by replicate.
    `failures`: those that did not. `workers` is kept for the log only; no result depends on it.
    """

    scenario: Scenario
    arms: tuple[Arm, ...]
    replicates: int
    seed: int
    results: tuple[RunResult, ...]
    failures: tuple[FailedRun, ...] = ()
    workers: int = field(default=1, compare=False)

    @property
    def baseline(self) -> str:
        """Label of the arm that all others are compared with."""
        return self.arms[0].label

    @property
    def rules(self) -> list[tuple[str, str, Bilingual]]:
        """(label, rule id, title) of each arm, baseline first."""
        return [(arm.label, arm.rule_id, arm.title) for arm in self.arms]

    @property
    def exit_code(self) -> int:
        """0, or what the command line ends with where some runs failed."""
        return RunsFailed.exit_code if self.failures else 0

    def failed_text(self) -> Text | None:
        """One sentence on the runs that failed, None where none did."""
        if not self.failures:
            return None
        first = self.failures[0]
        total = len(self.arms) * self.replicates
        text = _("{failed} of {total} runs failed; the first: {rule}, replicate {replicate}: {error}")
        return text.format(
            failed=len(self.failures),
            total=total,
            rule=first.rule,
            replicate=first.replicate,
            error=first.told,
        )

    def skipped(self) -> pd.DataFrame:
        """One row per round that was skipped because a rule failed (see `commsim.study.skipped.skipped_table`)."""
        return skipped_table(self.results)

    def skipped_text(self) -> Text | None:
        """One sentence on rounds that were skipped because a rule failed, None where none was."""
        return skipped_text(self.results)

    def skipped_rules(self) -> frozenset[str]:
        """Labels of the arms in which rounds were skipped because a rule failed."""
        return frozenset(run.rule for run in self.results if run.skipped)

    def runs(self, rule: str) -> list[RunResult]:
        """The runs of one arm that succeeded, by replicate."""
        return [one for one in self.results if one.rule == rule]

    def pairs(self, rule: str) -> list[Pair]:
        """(run, baseline's run) of each replicate in which both succeeded."""
        return [(one, self._baselines[one.replicate]) for one in self.runs(rule) if one.replicate in self._baselines]

    def table(self) -> pd.DataFrame:
        """One row per rule (but the baseline) and indicator.

        Columns: rule, indicator, mean and baseline_mean (over the pairs; NaN for figures that exist only between a run
        and its baseline), difference (or that figure), low, high (its 95% interval), n (pairs that have it),
        same_sign (share of replicates whose difference has the sign of the mean), unit, defined_reason (why a number
        is missing, in the current language; empty where none is). Never infinite.
        """
        language = current_language()
        rows = [row | {"defined_reason": row["defined_reason"].to(language)} for row in self._rows]
        columns = "rule indicator mean baseline_mean difference low high n same_sign unit defined_reason".split()
        return pd.DataFrame(rows, columns=columns)

    def pairwise(self, indicator: str | None = None) -> pd.DataFrame:
        """Rules against each other: one row per indicator and unordered pair of arms, each pair once.

        Columns: indicator, rule, other, difference (rule − other, mean over the replicates that both have; of leverage
        and cost the difference of the two ratios of sums), low, high (its 95% interval: paired t, of ratios the
        jackknife's; not corrected), n, p (two-sided), p_holm (corrected by Holm over all pairs of the same indicator),
        distinguishable (p_holm < 0.05), too_few (not distinguishable, with fewer than 5 replicates: nothing can be
        told), unit, defined_reason (why a number is missing, in the current language). Pairs with the baseline are in
        it, but for figures that exist only against the baseline. `indicator`: one, or all. Raises InvalidInput for an
        unknown one.
        """
        chosen = standard_indicators() if indicator is None else (standard_indicators()[indicator],)
        frames = [self._pairwise_of(one) for one in chosen]
        return pd.concat(frames, ignore_index=True)

    def _pairwise_of(self, one: Indicator) -> pd.DataFrame:
        arms = [arm.label for arm in self.arms[1 if one.paired else 0 :]]
        found = self._pairwise_ratios(one, arms) if one.paired else levels_pairwise(self._by_replicate(one, arms))
        return pd.DataFrame(
            {
                "indicator": one.id,
                "rule": [arms[place] for place in found.first],
                "other": [arms[place] for place in found.second],
                "difference": found.difference,
                "low": found.low,
                "high": found.high,
                "n": found.n,
                "p": found.p,
                "p_holm": found.p_holm,
                "distinguishable": found.distinguishable,
                "too_few": found.too_few,
                "unit": one.unit,
                "defined_reason": [reason.to(current_language()) for reason in _pair_reasons(one, found)],
            }
        )

    def _by_replicate(self, one: Indicator, arms: list[str]) -> np.ndarray:
        values = np.full((len(arms), self.replicates), _NAN)
        for place, label in enumerate(arms):
            for run in self.runs(label):
                values[place, run.replicate] = _value(one, run)
        return values

    def _pairwise_ratios(self, one: Indicator, arms: list[str]) -> Pairwise:
        assert one.parts is not None
        parts = np.full((2, len(arms), self.replicates), _NAN)
        for place, label in enumerate(arms):
            for run, baseline in self.pairs(label):
                parts[:, place, run.replicate] = one.parts(run, baseline)
        return ratios_pairwise(*parts)

    def differences(self) -> pd.DataFrame:
        """One row per rule (but the baseline), replicate and indicator.

        Columns: rule, replicate, indicator, value, baseline_value, difference, numerator, denominator. Figures of
        pairs have no value of their own: their numerator and denominator are given, and difference is their quotient
        where the denominator is above zero. What is undefined is NaN.
        """
        rows = [
            {"rule": arm.label, "replicate": run.replicate, "indicator": one.id} | _difference(one, run, baseline)
            for arm in self.arms[1:]
            for run, baseline in self.pairs(arm.label)
            for one in standard_indicators()
        ]
        columns = "rule replicate indicator value baseline_value difference numerator denominator".split()
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"replicate": np.int32} | dict.fromkeys(columns[3:], np.float64))

    def trajectories(self, indicator: str | None = None) -> pd.DataFrame:
        """By rule and month: mean over replicates with the 95% t-interval of that mean.

        Columns: rule, indicator, month, date, mean, low, high; baseline included. One indicator, or all that have a
        value by month. Money and hours are those of the month. Raises InvalidInput for an unknown indicator.
        """
        chosen = standard_indicators() if indicator is None else (standard_indicators()[indicator],)
        frames = [
            _trajectory(arm.label, one, self.runs(arm.label))
            for one in chosen
            if one.monthly is not None
            for arm in self.arms
            if self.runs(arm.label)
        ]
        columns = "rule indicator month date mean low high".split()
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)

    def by_committee(self, level: Literal["committee", "subdistrict"] = "committee") -> pd.DataFrame:
        """Who gains: one row per rule (but the baseline) and committee or subdistrict, means over replicates.

        Columns: rule, committee (not for subdistricts), subdistrict, population, adults, participation (share of adults
        active at the end), participation_difference (percentage points against the baseline), money_per_resident (yuan
        of the fund's public cash since its first month), money_difference (yuan per resident against the baseline).
        """
        frames = [_gains(arm.label, self.pairs(arm.label)) for arm in self.arms[1:] if self.pairs(arm.label)]
        keys = ["rule", "committee", "subdistrict"]
        figures = "population adults participation participation_difference money_per_resident money_difference".split()
        if not frames:
            return pd.DataFrame(columns=keys + figures)
        whole = pd.concat(frames, ignore_index=True)
        return whole if level == "committee" else _by_subdistrict(whole)

    @cached_property
    def _baselines(self) -> dict[int, RunResult]:
        return {one.replicate: one for one in self.runs(self.baseline)}

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return [
            {"rule": arm.label, "indicator": one.id} | _row(one, self.runs(arm.label), self.pairs(arm.label), self)
            for arm in self.arms[1:]
            for one in standard_indicators()
        ]


class EveryRunFailed(RunsFailed):
    """No run of a comparison succeeded; the text and the note tell the first failure, `comparison` holds them all."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(comparison.failed_text() or Text(""))
        self.comparison = comparison
        if comparison.failures:
            self.add_note(comparison.failures[0].traceback)


def compare(
    scenario: Scenario | str | Path,
    rules: Sequence[str | Rule | type[Rule]] | None = None,
    replicates: int | None = None,
    *,
    baseline: str | Rule | type[Rule] = DEFAULT_BASELINE,
    seed: int | None = None,
    workers: int | None = None,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    engine: Engine = ENGINE,
) -> Comparison:
    """Run a scenario under several rules for its fund under comparison, each paired with the baseline.

    Arguments: `scenario`, or the name or path of one; `rules` ("id", "id:k=v", Rule objects or classes; None: the eight
    that ship first); `replicates`, how many lucks each rule is tried on (None: 5); `baseline`, the rule that the others
    are paired with; `seed`, None for the scenario's; `workers`, processes (None: one a core, 1: this process);
    `catalogue`, the rules that are there; `progress`, told months simulated of all, with a text.
    A run that fails is among `failures`; the others go on. Raises EveryRunFailed where none is left, and RuleError or
    InvalidInput before anything is run where a rule or a number is wrong.
    """
    loaded, known = resolve_scenario(scenario), resolve_catalogue(catalogue)
    design = make_design(loaded, rules, replicates, baseline, seed, known, engine)
    outcomes = run_design(design, known, workers, progress)
    made = comparison_of(design, outcomes, worker_count(design, workers))
    if not made.results:
        raise EveryRunFailed(made)
    return made


def comparison_of(design: Design, outcomes: Iterable[RunResult | FailedRun], workers: int = 1) -> Comparison:
    """A comparison from the outcomes of its design, in their order."""
    results: list[RunResult] = []
    failures: list[FailedRun] = []
    for one in outcomes:
        if isinstance(one, FailedRun):
            failures.append(one)
        else:
            object.__setattr__(one, "scenario", design.scenario)
            results.append(one)
    return Comparison(
        design.scenario, design.arms, design.replicates, design.seed, tuple(results), tuple(failures), workers
    )


def _number(value: float | None) -> float:
    return _NAN if value is None else value


def _difference(one: Indicator, run: RunResult, baseline: RunResult) -> dict[str, float]:
    value, base = _value(one, run), _value(one, baseline)
    numerator, denominator = one.parts(run, baseline) if one.parts else (_NAN, _NAN)
    difference = (numerator / denominator if denominator > 0 else _NAN) if one.paired else value - base
    return {
        "value": value,
        "baseline_value": base,
        "difference": difference,
        "numerator": numerator,
        "denominator": denominator,
    }


def _value(one: Indicator, run: RunResult) -> float:
    return _number(run.values[one.id] if one.id in run.values else one.value(run))


def _row(one: Indicator, runs: list[RunResult], pairs: list[Pair], comparison: Comparison) -> dict[str, Any]:
    if one.parts is not None:
        parts: list[tuple[float, float]] = [one.parts(run, baseline) for run, baseline in pairs]
        estimate = _told(ratio_of_sums([top for top, _bottom in parts], [bottom for _top, bottom in parts]))
        means = (_NAN, _NAN)
    else:
        estimate, means = _level(one, runs, pairs, comparison)
    return {
        "mean": means[0],
        "baseline_mean": means[1],
        "difference": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "same_sign": estimate.same_sign,
        "unit": one.unit,
        "defined_reason": _reason(one, estimate, means, pairs),
    }


def _told(ratio: Estimate) -> Estimate:
    """A ratio as it may be told: without bounds over several replicates it may be any number, so none is given."""
    return ratio if ratio.bounded or ratio.n < 2 else replace(ratio, value=_NAN, same_sign=_NAN)


def _level(
    one: Indicator, runs: list[RunResult], pairs: list[Pair], comparison: Comparison
) -> tuple[Estimate, tuple[float, float]]:
    both = [(_value(one, run), _value(one, baseline)) for run, baseline in pairs]
    defined = [(value, base) for value, base in both if not np.isnan(value) and not np.isnan(base)]
    if defined:
        values, bases = zip(*defined, strict=True)
        return paired_difference(values, bases), (float(np.mean(values)), float(np.mean(bases)))
    # Without one whole pair, what is known of either side is still told.
    return mean_interval([]), (_mean_of(one, runs), _mean_of(one, comparison.runs(comparison.baseline)))


def _mean_of(one: Indicator, runs: list[RunResult]) -> float:
    known = [value for value in (_value(one, run) for run in runs) if not np.isnan(value)]
    return float(np.mean(known)) if known else _NAN


def _reason(one: Indicator, estimate: Estimate, means: tuple[float, float], pairs: list[Pair]) -> Text:
    if not pairs:
        return _NO_PAIRS
    if np.isnan(estimate.value) and np.isnan(means[1]) and not np.isnan(means[0]):
        return _UNDEFINED_FOR_BASELINE.format(reason=one.undefined)
    if np.isnan(estimate.value):
        return _UNBOUNDED if one.paired and _divisible(one, pairs) else one.undefined
    if estimate.n == 1:
        return _TOO_FEW
    return Text("")


def _pair_reasons(one: Indicator, found: Pairwise) -> list[Text]:
    return [
        _NO_COMMON
        if n == 0
        else _UNBOUNDED
        if unbounded
        else one.undefined
        if np.isnan(difference)
        else _TOO_FEW
        if n == 1
        else Text("")
        for difference, n, unbounded in zip(found.difference, found.n, found.unbounded, strict=True)
    ]


def _divisible(one: Indicator, pairs: list[Pair]) -> bool:
    """Whether a figure of pairs has a denominator above zero in sum, however unsure it is."""
    return one.parts is not None and sum(one.parts(run, baseline)[1] for run, baseline in pairs) > 0


def _trajectory(rule: str, one: Indicator, runs: list[RunResult]) -> pd.DataFrame:
    monthly: Callable[[RunResult], Any] | None = one.monthly
    assert monthly is not None
    by_month = np.stack([monthly(run) for run in runs])
    bands = [mean_interval(column[~np.isnan(column)]) for column in by_month.T]
    return pd.DataFrame(
        {
            "rule": rule,
            "indicator": one.id,
            "month": np.arange(by_month.shape[1], dtype=np.int32),
            "date": list(runs[0].dates),
            "mean": [band.value for band in bands],
            "low": [band.low for band in bands],
            "high": [band.high for band in bands],
        }
    )


def _gains(rule: str, pairs: list[Pair]) -> pd.DataFrame:
    first = pairs[0][0]
    share, base_share, money, base_money, people, adults = (
        np.mean([take(run, baseline) for run, baseline in pairs], axis=0)
        for take in (
            lambda run, _baseline: committee_shares(run),
            lambda _run, baseline: committee_shares(baseline),
            lambda run, _baseline: committee_money(run),
            lambda _run, baseline: committee_money(baseline),
            lambda run, _baseline: run.columns["residents"][-1],
            lambda run, _baseline: run.columns["adults"][-1],
        )
    )
    return pd.DataFrame(
        {
            "rule": rule,
            "committee": list(first.committee_ids),
            "subdistrict": [first.subdistrict_ids[parent] for parent in first.subdistrict_of_committee],
            "population": people,
            "adults": adults,
            "participation": share,
            "participation_difference": (share - base_share) * _PERCENT,
            "money_per_resident": money,
            "money_difference": money - base_money,
        }
    )


def _by_subdistrict(committees: pd.DataFrame) -> pd.DataFrame:
    """Shares weighted by adults, money by residents."""
    weights = {
        "participation": "adults",
        "participation_difference": "adults",
        "money_per_resident": "population",
        "money_difference": "population",
    }
    weighted = committees.assign(**{name: committees[name] * committees[by] for name, by in weights.items()})
    sums = weighted.drop(columns="committee").groupby(["rule", "subdistrict"], sort=False).sum().reset_index()
    return sums.assign(**{name: sums[name] / sums[by].where(sums[by] > 0) for name, by in weights.items()})
