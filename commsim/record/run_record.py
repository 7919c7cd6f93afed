"""What one run leaves behind: compact columns, and pandas frames of them that are built when they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commsim.community.projects import SkippedRound
from commsim.i18n import Bilingual
from commsim.record.frames import coded, frame, keyed
from commsim.record.people_record import PeopleRecord

if TYPE_CHECKING:
    import pandas as pd

_PROJECT_KEYS = ("project", "fund", "committee", "period", "domain", "writer", "stage")


@dataclass(frozen=True, eq=False)
class RunRecord:
    """The record of one run of a scenario under one rule.

    `rule`: how the arm was called ("match.linear:rate=2"); `rule_id`, `parameters`, `title`: what that rule is.
    `fund`: id of the fund under comparison; it runs in the months `fund_months`, and totals are taken over `window`
    (from its first month to the end of the run). `columns`: every monthly indicator column, shape (months, committees),
    fen int64, counts int32, means float32. `hour_rate_yuan`: what an hour of volunteers counts for.
    `skipped`: rounds that were skipped because a rule failed. `rules`: by fund, its rule with parameters, modifiers and
    where each came from. Texts of projects, postings and accounts are coded. `seconds` is wall time and
    never goes into a table.
    """

    rule: str
    rule_id: str
    parameters: Mapping[str, Any]
    title: Bilingual
    fund: str
    fund_months: slice
    seed: int
    replicate: int
    dates: tuple[str, ...]
    committee_ids: tuple[str, ...]
    subdistrict_ids: tuple[str, ...]
    subdistrict_of_committee: NDArray[np.int32]
    columns: Mapping[str, NDArray[Any]]
    project_columns: Mapping[str, Any]
    posting_columns: Mapping[str, Any]
    account_columns: Mapping[str, Any]
    hour_rate_yuan: float
    scenario: Any = None
    seconds: float = field(default=0.0, compare=False)
    skipped: tuple[SkippedRound, ...] = ()
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: PeopleRecord | None = None
    """Who of the residents took part in which year; None in records that were read from files."""

    @property
    def months(self) -> int:
        """Number of months that were run."""
        return len(self.dates)

    @property
    def window(self) -> slice:
        """The months that totals run over: from the fund's first month to the end of the run."""
        return slice(self.fund_months.start, self.months)

    def total(self, column: str) -> float:
        """Sum of a monthly column over all committees, from the fund's first month to the end."""
        return float(self.columns[column][self.window].sum(dtype=np.int64))

    def at_end(self, column: str) -> float:
        """Sum of a monthly column over all committees in the last month."""
        return float(self.columns[column][-1].sum(dtype=np.int64))

    def count_projects(
        self, stages: Collection[str] | None = None, writer: str | None = None, awarded: bool = False
    ) -> int:
        """Projects of the fund under comparison: of some stages, one kind of writer, or with an award above zero."""
        wanted = np.asarray(self.project_columns["fund"] == self.fund)
        if stages is not None:
            wanted &= np.isin(np.asarray(self.project_columns["stage"]), list(stages))
        if writer is not None:
            wanted &= np.asarray(self.project_columns["writer"] == writer)
        if awarded:
            wanted &= np.asarray(self.project_columns["award_fen"]) > 0
        return int(wanted.sum())

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """One row per month and committee: rule, replicate, month, date, committee, subdistrict, then the columns."""
        months, committees = self.months, len(self.committee_ids)
        month = np.repeat(np.arange(months, dtype=np.int32), committees)
        committee = np.tile(np.arange(committees, dtype=np.int32), months)
        keys = keyed(self.rule, self.replicate, months * committees) | {
            "month": month,
            "date": coded(month, self.dates),
            "committee": coded(committee, self.committee_ids),
            "subdistrict": coded(self.subdistrict_of_committee[committee], self.subdistrict_ids),
        }
        return frame(keys | {name: values.reshape(-1) for name, values in self.columns.items()})

    @cached_property
    def projects(self) -> pd.DataFrame:
        """One row per project in the order of birth: who wrote it, what was asked, paid and given, how it ended."""
        rest = [name for name in self.project_columns if name not in _PROJECT_KEYS]
        ordered = {name: self.project_columns[name] for name in (*_PROJECT_KEYS, *rest)}
        return frame(keyed(self.rule, self.replicate, len(ordered["project"])) | ordered)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per posting: month, posting, source, destination, fen, purpose, project, fund."""
        return self._frame(self.posting_columns)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """One row per account and month: opening + money_in − money_out = closing, in fen."""
        return self._frame(self.account_columns)

    def _frame(self, columns: Mapping[str, Any]) -> pd.DataFrame:
        length = len(next(iter(columns.values())))
        return frame(keyed(self.rule, self.replicate, length) | dict(columns))
