"""Figures of comparisons as Python gets them: ready to show, in the project's font."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commsim.errors import InvalidInput
from commsim.i18n import Short, _
from commsim.report.paper_figures import committees_figure, differences_figure, paper_style, trajectories_figure
from commsim.report.reading import indicators, rule_names
from commsim.suggestions import listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from commsim.study.comparison import Comparison

FIGURES = ("differences", "trajectories", "committees")
"""What can be drawn of a comparison: differences with intervals, months, who gains."""


def drawn_comparison(comparison: Comparison, figure: str = FIGURES[0]) -> Figure:
    """One of the figures of a comparison, by name. Raises InvalidInput for a name that is none of `FIGURES`."""
    if figure not in FIGURES:
        raise InvalidInput(
            _("a comparison has the figures {known}; {came!r} came").format(known=listed(FIGURES), came=Short(figure))
        )
    rules = rule_names(comparison)
    with paper_style():
        if figure == "trajectories":
            return _settled(trajectories_figure(comparison, rules))
        if figure == "committees":
            return _settled(committees_figure(comparison, rules))
        return _settled(differences_figure(indicators(comparison, rules), rules))


def _settled(figure: Figure) -> Figure:
    """`figure` laid out once: its ticks are made while the style holds, and keep its font when it is shown later."""
    figure.draw_without_rendering()
    return figure
