"""What a comparison found: paired differences, trajectories, and who gains, as tidy frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from commsim.contracts import Rule
from commsim.errors import RunsFailed
from commsim.i18n import Bilingual, Text, _, current_language
from commsim.record import RunResult, standard_indicators
from commsim.study.against_baseline import COLUMNS, table_rows
from commsim.study.arms import Arm
from commsim.study.between_rules import arms_of, found_pairs, pairs_frame
from commsim.study.chunks import FailedRun
from commsim.study.compared_runs import ComparedRuns, Pair
from commsim.study.design import DEFAULT_BASELINE, Design, make_design
from commsim.study.over_time import trajectory
from commsim.study.pairwise import Pairwise
from commsim.study.run_values import difference_of
from commsim.study.runner import run_design, worker_count
from commsim.study.scarcity import alike, asks_met, in_shown_order, told
from commsim.study.simulation import ENGINE, Engine, Progress, resolve_catalogue, resolve_scenario
from commsim.study.skipped import skipped_table, skipped_text
from commsim.study.split import call_shares, split_frame
from commsim.study.tasks import Cancel, Executor
from commsim.study.who_gains import gains_by_kind, gains_by_place

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Comparison(ComparedRuns):
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
        return [run for run in self.results if run.rule == rule]

    def pairs(self, rule: str) -> list[Pair]:
        """(run, baseline's run) of each replicate in which both succeeded."""
        return [(run, self._baselines[run.replicate]) for run in self.runs(rule) if run.replicate in self._baselines]

    def table(self) -> pd.DataFrame:
        """One row per rule (but the baseline) and indicator.

        Columns: rule, indicator, mean and baseline_mean (over the pairs; NaN for figures that exist only between a run
        and its baseline), difference (or that figure), low, high (its 95% interval, not corrected), n (pairs that have
        it), same_sign (share of replicates whose difference has the sign of the mean), p (two-sided), p_holm
        (corrected by Holm over all pairs of rules in this indicator, as in `pairwise`; of figures that exist only
        against the baseline over the rules), distinguishable (p_holm < 0.05: what is marked), says_little (the
        interval is worth nothing as a finding: `commsim.study.paired.says_little`), unit, defined_reason (why a number
        is missing, in the current language; empty where none is). Never infinite.
        """
        language = current_language()
        rows = [row | {"defined_reason": row["defined_reason"].to(language)} for row in self._rows]
        return pd.DataFrame(rows, columns=COLUMNS)

    def pairwise(self, indicator: str | None = None) -> pd.DataFrame:
        """Rules against each other: one row per indicator and unordered pair of arms, each pair once.

        Columns: indicator, rule, other, difference (rule − other, mean over the replicates that both have; of leverage
        and cost the difference of the two ratios of sums), low, high (its 95% interval: paired t, of ratios the
        jackknife's; not corrected), n, p (two-sided), p_holm (corrected by Holm over all pairs of the same indicator),
        distinguishable (p_holm < 0.05; never of two rules that are `alike`), too_few (not distinguishable, with fewer
        than 5 replicates: nothing can be told), unit, defined_reason (why a number is missing, in the current
        language). Pairs with the baseline are in it, but for figures that exist only against the baseline.
        `indicator`: one, or all. Raises InvalidInput for an unknown one.
        """
        chosen = standard_indicators() if indicator is None else (standard_indicators()[indicator],)
        frames = [
            pairs_frame(asked, arms_of(asked, self), self.tested_pairs(asked.id), self.alike()) for asked in chosen
        ]
        return pd.concat(frames, ignore_index=True)

    def tested_pairs(self, indicator: str) -> Pairwise:
        """The same as arrays, by the places of the arms (of a figure against the baseline: of the arms after it)."""
        if indicator not in self._tested:
            self._tested[indicator] = found_pairs(standard_indicators()[indicator], self)
        return self._tested[indicator]

    def differences(self) -> pd.DataFrame:
        """One row per rule (but the baseline), replicate and indicator.

        Columns: rule, replicate, indicator, value, baseline_value, difference, numerator, denominator. Figures of
        pairs have no value of their own: their numerator and denominator are given, and difference is their quotient
        where the denominator is above zero. What is undefined is NaN.
        """
        rows = [
            {"rule": arm.label, "replicate": run.replicate, "indicator": indicator.id}
            | difference_of(indicator, run, baseline)
            for arm in self.arms[1:]
            for run, baseline in self.pairs(arm.label)
            for indicator in standard_indicators()
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
            trajectory(arm.label, shown, self.runs(arm.label))
            for shown in chosen
            if shown.monthly is not None
            for arm in self.arms
            if self.runs(arm.label)
        ]
        columns = "rule indicator month date mean low high".split()
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)

    def by_committee(self, level: Literal["committee", "subdistrict"] = "committee") -> pd.DataFrame:
        """Who gains: one row per rule (but the baseline) and committee or subdistrict, means over replicates.

        Columns: rule, committee (not for subdistricts), subdistrict, population, adults, participation (share of adults
        who gave or started something in 12 months, at the end), participation_difference (percentage points against
        the baseline), money_per_resident (yuan of the fund's public cash since its first month), money_difference (yuan
        per resident against the baseline).
        """
        return gains_by_place(self, level)

    def split(self, indicator: str | None = None) -> pd.DataFrame:
        """What of each rule's effect against no fund is the call, the money and the mechanism.

        One row per rule (but the counterfactuals), indicator (figures of one run, and net_drawn_in) and part. Columns:
        rule, indicator, part (call, money, mechanism), difference (mean over replicates), low, high (95%, paired), n
        (replicates in which the rule and all counterfactuals have the figure; in these the parts add up to rule − no
        fund), unit, defined_reason (why a number is missing, or why all are 0). `indicator`: one, or all. Raises
        InvalidInput for an unknown one.
        """
        return split_frame(self, indicator)

    def call_shares(self) -> pd.DataFrame:
        """Which share of each rule's net drawn in is the call's: rule, share, low, high (95%), n, defined_reason."""
        return call_shares(self)

    def who_gains(self, by: str) -> pd.DataFrame:
        """Who gains by what residents are: one row per rule (but the baseline) and group, means over replicates.

        `by`: a name of `commsim.record.people_record.KINDS` (age, sex, registration, tenure, need_fifth, estate_type,
        leader, committee_size). Columns: rule, by, group, adults, baseline_share (of them that gave or started
        something in the last 12 months in the baseline), net_drawn_in (people) with low and high (95%, paired), points
        (the same per 100 adults) with points_low and points_high, n. Raises InvalidInput for another name.
        """
        if by not in self._gains:
            self._gains[by] = gains_by_kind(self, by)
        return self._gains[by].copy()

    def asks_met(self) -> dict[str, float]:
        """By rule the share of what was asked that was awarded (fund under comparison, rounds that were settled)."""
        return asks_met(self)

    def alike(self) -> tuple[str, ...]:
        """Rules that divide money and met nearly all asks, hence are not ranked, in the order of their ids."""
        return self._alike

    def scarcity_text(self) -> Text | None:
        """One sentence where dividing rules cannot be told apart, since nearly every ask was met; None elsewhere."""
        return told(self)

    @cached_property
    def _alike(self) -> tuple[str, ...]:
        return alike(self)

    @cached_property
    def _baselines(self) -> dict[int, RunResult]:
        return {run.replicate: run for run in self.runs(self.baseline)}

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return table_rows(self)

    @cached_property
    def _gains(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def _tested(self) -> dict[str, Pairwise]:
        return {}


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
    executor: Executor | None = None,
    cancel: Cancel | None = None,
    counterfactuals: bool = True,
) -> Comparison:
    """Run a scenario under several rules for its fund under comparison, each paired with the baseline.

    Arguments: `scenario`, or the name or path of one; `rules` ("id", "id:k=v", Rule objects or classes; None: the eight
    that ship first); `replicates`, how many lucks each rule is tried on (None: 5); `baseline`, the rule that the others
    are paired with; `seed`, None for the scenario's; `workers`, processes (None: one a core, 1: this process);
    `catalogue`, the rules that are there; `progress`, told months simulated of all, with a text; `executor`, where the
    runs go instead of into processes here; `cancel`, such as a `threading.Event`, which stops everything once set;
    `counterfactuals`, whether no fund, the same money on services and the call without money (once for each form of
    ballot that the rules announce) are run too where they are not among the rules, so that effects can be split.
    A run that fails is among `failures`; the others go on. Raises EveryRunFailed where none is left, RuleError or
    InvalidInput before anything is run where a rule or a number is wrong, and Cancelled.
    """
    loaded, known = resolve_scenario(scenario), resolve_catalogue(catalogue)
    design = make_design(loaded, rules, replicates, baseline, seed, known, engine, counterfactuals)
    outcomes = run_design(design, known, workers, progress, executor=executor, cancel=cancel)
    made = comparison_of(design, outcomes, worker_count(design, workers) if executor is None else executor.workers)
    if not made.results:
        raise EveryRunFailed(made)
    return made


def comparison_of(design: Design, outcomes: Iterable[RunResult | FailedRun], workers: int = 1) -> Comparison:
    """A comparison from the outcomes of its design, in their order; rules that are `alike` in that of their ids."""
    results: list[RunResult] = []
    failures: list[FailedRun] = []
    for outcome in outcomes:
        if isinstance(outcome, FailedRun):
            failures.append(outcome)
        else:
            results.append(replace(outcome, scenario=design.scenario))
    made = Comparison(
        design.scenario, design.arms, design.replicates, design.seed, tuple(results), tuple(failures), workers
    )
    arms = in_shown_order(made)
    order = {arm.label: place for place, arm in enumerate(arms)}
    results.sort(key=lambda run: (order[run.rule], run.replicate))
    failures.sort(key=lambda run: (order[run.rule], run.replicate))
    return replace(made, arms=arms, results=tuple(results), failures=tuple(failures))
