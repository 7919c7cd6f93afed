"""What Python is given of a run or a comparison: all that is recorded, and what can be made of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pandas as pd

from commsim.record import RunResult
from commsim.study.comparison import Comparison

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from commsim.service.traces import Trace

Kept = TypeVar("Kept", RunResult, Comparison)


class Found(Generic[Kept]):
    """What was found, with all its names reached here too: `found.monthly` is `found.record.monthly`."""

    def __init__(self, record: Kept) -> None:
        self.record: Kept = record

    def __getattr__(self, name: str) -> Any:
        # Names of Python's own are looked up before `record` is there, as when a copy is made.
        if name == "record" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.record, name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *dir(self.record)})


class Run(Found[RunResult]):
    """One run: `summary` (a row an indicator), `monthly` (a row a month and committee), `projects`, `ledger`,
    `accounts`, `values` by indicator, and all else that its `record` (a `RunResult`) has.

    `table()`, `plot()`, `trace(project)`, `to_excel(path)` and `write()` make something of it.
    """

    @property
    def summary(self) -> pd.DataFrame:
        """One row an indicator: indicator, value, unit, label, note (why it is undefined)."""
        return self.record.summary

    @property
    def monthly(self) -> pd.DataFrame:
        """One row a month and committee."""
        return self.record.monthly

    def table(self) -> pd.DataFrame:
        """The same as `summary`."""
        return self.record.summary

    def plot(self) -> Figure:
        """Four trajectories by month: who gave or started something, hours, residents' cash, public money."""
        from commsim.report.quick_look import plot_run

        return plot_run(self.record)

    def trace(self, project: str | None = None) -> pd.DataFrame | Trace:
        """The story of one project from the first complaint to the appraisal, and what a yuan did in it, through whom.

        `project`: its id in `projects`, or a part of it that no other has; None: a row a project, newest first.
        Raises InvalidInput where there is no such project, or several.
        """
        from commsim.service.traces import traced_run

        return traced_run(self.record, project)

    def to_excel(self, path: str | Path) -> Path:
        """Write the workbook of its summary to `path` (.xlsx), in both languages, in place of what was there.

        Raises InvalidInput for another ending, NoSpace.
        """
        from commsim.service.workbooks import write_workbook_of_run

        return write_workbook_of_run(self.record, Path(path))

    def write(self, out: str | Path | None = None) -> Path:
        """Write its folder as `commsim run` does: tables, workbook, page. Returns the folder.

        `out`: a new folder (None: a numbered one in results/). Raises InvalidInput where it exists, NoSpace.
        """
        from commsim.service.folders import written_run

        return written_run(self.record, out)

    def __repr__(self) -> str:
        from commsim.service.cells import run_line

        return run_line(self.record)

    def _repr_html_(self) -> str:
        from commsim.service.cells import run_cell

        return run_cell(self.record)


class RuleComparison(Found[Comparison]):
    """Rules on the same residents and the same luck: `table()`, `split()`, `who_gains(by)`, `differences()`,
    `pairwise()`, `trajectories()`, `by_committee()`, `runs(rule)`, and all else that its `record` (a
    `commsim.study.Comparison`) has.

    `plot()`, `to_excel(path)` and `write()` make something of it.
    """

    def table(self) -> pd.DataFrame:
        """One row a rule and indicator: the paired difference from the baseline with its 95% interval."""
        return self.record.table()

    def differences(self) -> pd.DataFrame:
        """The same by replicate."""
        return self.record.differences()

    def pairwise(self, indicator: str | None = None) -> pd.DataFrame:
        """Every rule against every other, with p values after Holm's correction. Raises InvalidInput."""
        return self.record.pairwise(indicator)

    def split(self, indicator: str | None = None) -> pd.DataFrame:
        """What of each rule's effect is the call, the money and the mechanism, with 95% intervals.

        Raises InvalidInput for an unknown indicator.
        """
        return self.record.split(indicator)

    def who_gains(self, by: str) -> pd.DataFrame:
        """Net drawn in by what residents are: age, sex, registration, tenure, need_fifth, estate_type, leader or
        committee_size. Raises InvalidInput for another word."""
        return self.record.who_gains(by)

    def plot(self, figure: str = "differences") -> Figure:
        """One of its figures: "differences" (with intervals), "trajectories" (by month) or "committees" (who gains).

        Raises InvalidInput for another name.
        """
        from commsim.service.drawing import drawn_comparison

        return drawn_comparison(self.record, figure)

    def to_excel(self, path: str | Path) -> Path:
        """Write the workbook of its tables to `path` (.xlsx), in both languages, in place of what was there.

        Raises InvalidInput for another ending, NoSpace.
        """
        from commsim.service.workbooks import write_workbook_of_comparison

        return write_workbook_of_comparison(self.record, Path(path))

    def write(self, out: str | Path | None = None) -> Path:
        """Write its folder as `commsim compare` does: tables, workbook, page, figures. Returns the folder.

        `out`: a new folder (None: a numbered one in results/). Raises InvalidInput where it exists, NoSpace.
        """
        from commsim.service.folders import written_comparison

        return written_comparison(self.record, out)

    def __repr__(self) -> str:
        from commsim.service.cells import comparison_line

        return comparison_line(self.record)

    def _repr_html_(self) -> str:
        from commsim.service.cells import comparison_cell

        return comparison_cell(self.record)
