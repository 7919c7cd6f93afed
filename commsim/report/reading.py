"""What the page reads out of a comparison: rules, indicators and their differences, in the order and units shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from commsim.i18n import LANGUAGES, Bilingual, Language, Text, use_language
from commsim.record.standard_indicators import standard_indicators
from commsim.report.number_words import Unit, decimals_for, number_or_none, scaled, unit_of


class ComparisonLike(Protocol):
    """The parts of `commsim.study.Comparison` that a report is made from."""

    @property
    def scenario(self) -> Any:
        """The scenario compared."""

    @property
    def arms(self) -> Any:
        """The arms, with their parameters."""

    @property
    def replicates(self) -> int:
        """How many replicates each arm has."""

    @property
    def seed(self) -> int:
        """Root seed of the study."""

    @property
    def failures(self) -> Any:
        """Runs that failed."""

    def skipped_text(self) -> Text | None:
        """One sentence on rounds that were skipped because a rule failed; None where none was."""

    def skipped_rules(self) -> frozenset[str]:
        """Labels of the arms in which rounds were skipped."""

    @property
    def rules(self) -> list[tuple[str, str, Bilingual]]:
        """(label, rule id, title) of each arm, baseline first."""

    @property
    def baseline(self) -> str:
        """Label of the arm that all others are compared with."""

    def table(self) -> pd.DataFrame:
        """One row per rule and indicator, with the columns of `commsim.study.against_baseline`."""

    def pairwise(self, indicator: str) -> pd.DataFrame:
        """One row per pair of rules: difference, interval, p values and whether they are told apart."""

    def split(self, indicator: str) -> pd.DataFrame:
        """One row per rule and part of its effect: difference, interval, n, why a number is missing."""

    def call_shares(self) -> pd.DataFrame:
        """One row per rule: which share of its net drawn in is the call's."""

    def who_gains(self, by: str) -> pd.DataFrame:
        """One row per rule and group of residents: adults, share in the baseline, net drawn in."""

    def alike(self) -> tuple[str, ...]:
        """Rules that divide money and met nearly all asks."""

    def scarcity_text(self) -> Text | None:
        """One sentence where such rules cannot be told apart; None elsewhere."""

    def trajectories(self, indicator: str) -> pd.DataFrame:
        """One row per rule and month: mean and 95% band over replicates."""

    def by_committee(self) -> pd.DataFrame:
        """One row per rule and committee: difference in participation and public money per resident."""


@dataclass(frozen=True)
class RuleName:
    """A rule as compared: its `label` in the tables, its `id`, its title, and the colour and dash that stand for it."""

    label: str
    id: str
    title: Text
    style: int


@dataclass(frozen=True)
class Difference:
    """One rule's paired difference in one indicator, in the unit shown.

    A number that is undefined is None; `reason` says why, in both languages. `apart`: told apart from the baseline
    (of leverage and cost: from zero) after Holm's correction; `little`: its interval is worth nothing as a finding.
    """

    rule: RuleName
    mean: float | None
    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: Text | str
    apart: bool = False
    little: bool = False

    @property
    def rises(self) -> bool:
        """Whether it is told apart and above zero."""
        return self.apart and self.value is not None and self.value > 0

    @property
    def falls(self) -> bool:
        """Whether it is told apart and below zero."""
        return self.apart and self.value is not None and self.value < 0


@dataclass(frozen=True)
class Indicator:
    """An indicator with its differences, one per rule that is not the baseline, in the rules' order.

    `quotient`: one of a pair of runs, such as leverage, so that its "difference" is the figure itself.
    """

    id: str
    label: Text
    doc: Text | str
    unit: Unit
    quotient: bool
    baseline: float | None
    differences: tuple[Difference, ...]

    @property
    def decimals(self) -> int:
        """Decimals for differences and their bounds."""
        return decimals_for(
            [end for difference in self.differences for end in (difference.value, difference.low, difference.high)]
        )

    @property
    def level_decimals(self) -> int:
        """Decimals for levels."""
        return decimals_for([self.baseline, *(difference.mean for difference in self.differences)])

    @property
    def drawable(self) -> bool:
        """Whether there is at least one difference to draw."""
        return any(difference.value is not None for difference in self.differences)


def rule_names(comparison: ComparisonLike) -> list[RuleName]:
    """The rules of a comparison, the baseline first (style 0)."""
    names = [(label, rule_id, title) for label, rule_id, title in comparison.rules]
    names.sort(key=lambda entry: entry[0] != comparison.baseline)
    repeated = {title for _label, _id, title in names if sum(title == other[2] for other in names) > 1}
    return [
        RuleName(label, rule_id, _distinct(title, label) if title in repeated else title, place)
        for place, (label, rule_id, title) in enumerate(names)
    ]


def _distinct(title: Text, label: str) -> Text:
    return Text("{title} ({label})", {"title": title, "label": label})


def indicators(comparison: ComparisonLike, rules: list[RuleName]) -> list[Indicator]:
    """Every indicator of the comparison's table, in its order."""
    return list(_indicators(bilingual_table(comparison), rules))


def bilingual_table(comparison: ComparisonLike) -> pd.DataFrame:
    """The comparison's table with `defined_reason` in both languages (the study gives it in the current one)."""
    return bilingual(comparison.table)


def bilingual(make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A frame of the study with its `defined_reason` in both languages."""
    tables = {language: copy_context().run(_made_in, make, language) for language in LANGUAGES}
    reasons = [
        Bilingual(en=en, zh=zh)
        for en, zh in zip(tables["en"]["defined_reason"], tables["zh"]["defined_reason"], strict=True)
    ]
    return tables["en"].assign(defined_reason=pd.Series(reasons, dtype=object, index=tables["en"].index))


def _made_in(make: Callable[[], pd.DataFrame], language: Language) -> pd.DataFrame:
    use_language(language)
    return make()


def _indicators(table: pd.DataFrame, rules: list[RuleName]) -> Iterator[Indicator]:
    known = standard_indicators()
    for name, part in table.groupby("indicator", sort=False):
        unit = unit_of(str(part["unit"].iloc[0]))
        rows: dict[str, dict[Any, Any]] = {str(row["rule"]): row for row in part.to_dict("records")}
        registered = known[str(name)] if name in known else None
        shown = tuple(_difference(rows[rule.label], rule, unit) for rule in rules[1:] if rule.label in rows)
        levels = scaled([row["baseline_mean"] for row in rows.values()], unit.factor)
        yield Indicator(
            id=str(name),
            label=registered.label if registered else Text(str(name)),
            doc=registered.doc if registered else "",
            unit=unit,
            quotient=bool(registered and registered.quotient),
            baseline=next((level for level in levels if level is not None), None),
            differences=shown,
        )


def _difference(row: dict[Any, Any], rule: RuleName, unit: Unit) -> Difference:
    mean, value, low, high = scaled([row["mean"], row["difference"], row["low"], row["high"]], unit.factor)
    n = int(number_or_none(row["n"]) or 0)
    marks = {"apart": bool(row["distinguishable"]), "little": bool(row["says_little"])}
    return Difference(rule, mean, value, low, high, n, row["defined_reason"], **marks)
