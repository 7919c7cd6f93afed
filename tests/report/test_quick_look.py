"""A quick look at a run shows its own figures, month by month."""

from __future__ import annotations

from commsim.report.quick_look import plot_run
from tests.record.test_indicators import run_of


def test_a_run_can_be_plotted() -> None:
    figure = plot_run(run_of("fake.little"))
    assert [len(axes.lines) for axes in figure.axes] == [2, 2, 2, 2]
    percent = run_of("fake.little").indicator("giving_or_starting_share")
    assert percent is not None and figure.axes[0].lines[0].get_ydata()[-1] == 100 * percent
    assert "(%)" in figure.axes[0].get_title(loc="left") + figure.axes[0].get_title()
