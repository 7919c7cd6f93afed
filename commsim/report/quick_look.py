"""A quick look at one run, for notebooks. Figures for papers and pages are made in the modules beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commsim.record.run_record import RunRecord
from commsim.record.standard_indicators import standard_indicators

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHOWN = ("active_share", "volunteer_hours", "resident_cash", "public_money")
_SIZE_INCHES = (10.0, 6.0)


def plot_run(run: RunRecord) -> Figure:
    """Four trajectories of a run by month, in English (matplotlib's own fonts hold no Chinese)."""
    from matplotlib.figure import Figure  # matplotlib is slow to import and most runs are not plotted

    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    months = np.arange(run.months)
    for axes, name in zip(figure.subplots(2, 2).flat, _SHOWN, strict=True):
        indicator = standard_indicators()[name]
        assert indicator.monthly is not None
        axes.plot(months, indicator.monthly(run))
        axes.axvline(run.fund_months.start, linestyle=":", color="grey")
        axes.set_title(indicator.label.to("en"), fontsize="medium")
        axes.set_xlabel("month" if run.months == 0 else f"months since {run.dates[0]}")
        axes.set_ylabel(indicator.unit_label.to("en"))
    figure.suptitle(f"{run.title.to('en')} ({run.rule}), replicate {run.replicate}")
    return figure
