"""The page's three figures as PNG for papers and slides, in the current language, with the project's own font.

matplotlib is imported when a figure is drawn. The same comparison gives the same bytes: fixed font, fixed style, no
time or version in the file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from commsim.i18n import Text, _
from commsim.record.standard_indicators import standard_indicators
from commsim.report.charts import swarm
from commsim.report.number_words import headed, unit_of
from commsim.report.reading import ComparisonLike, Indicator, RuleName, indicators, rule_names
from commsim.report.sections import HEADLINES, TRAJECTORIES, committee_strips, rule_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONT_FILE = Path(__file__).parent / "fonts" / "CommsimSansSC-Regular.otf"
FONT_FAMILY = "Commsim Sans SC"
COLOURS = ("#6b6b6b", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#1b1b1b")
"""Okabe and Ito's colours (yellow left out, too pale on white paper), the baseline grey."""
DASHES: tuple[Any, ...] = (
    (0, (5, 3)),
    "-",
    (0, (8, 3)),
    (0, (2, 2)),
    (0, (8, 2, 2, 2)),
    (0, (12, 3)),
    (0, (4, 2)),
    ":",
)
MARKERS = "osD^vpP*"
_STYLE: dict[Any, Any] = {
    "font.family": FONT_FAMILY,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "path.simplify": False,
}

_TITLE_WIDTH = 40  # Latin letters that fit over one of three panels
_LAST_NARROW = 0x2E7F  # characters beyond it are East Asian and wide


@contextmanager
def paper_style() -> Iterator[None]:
    """matplotlib set to the project's font and style, whatever the user's own settings are."""
    import matplotlib
    from matplotlib import font_manager

    if FONT_FAMILY not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(str(FONT_FILE))
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def write_figures(comparison: ComparisonLike, folder: Path) -> None:
    """Write trajectories.png, differences.png and committees.png into `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = rule_names(comparison)
    drawings: dict[str, Callable[[], Figure]] = {
        "trajectories": lambda: trajectories_figure(comparison, rules),
        "differences": lambda: differences_figure(indicators(comparison, rules), rules),
        "committees": lambda: committees_figure(comparison, rules),
    }
    with paper_style():
        for name, draw in drawings.items():
            save(draw(), folder / f"{name}.png")


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG without anything that changes from one time to the next."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    figure.savefig(path, format="png", metadata={"Software": None})


def _new(width: float, height: float) -> Figure:
    from commsim.report.page_figure import PageFigure

    return PageFigure(figsize=(width, height), layout="constrained")


def _colour(rule: RuleName) -> str:
    return COLOURS[rule.style % len(COLOURS)]


def _separated(axes: Axes, along: str) -> None:
    from matplotlib.ticker import FuncFormatter

    def words(value: float, _place: int) -> str:
        return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")

    (axes.xaxis if along == "x" else axes.yaxis).set_major_formatter(FuncFormatter(words))


def _folded(title: str) -> str:
    """A title folded to its panel's width; a Chinese character is as wide as two Latin ones."""
    wide = sum(ord(letter) > _LAST_NARROW for letter in title)
    return "\n".join(textwrap.wrap(title, width=_TITLE_WIDTH // 2 if wide > len(title) // 2 else _TITLE_WIDTH))


def trajectories_figure(comparison: ComparisonLike, rules: Sequence[RuleName]) -> Figure:
    """Every rule's mean by month with its 95% band, one panel per indicator."""
    figure = _new(11, 6.4)
    panels = figure.subplots(2, 3).flat
    names = [name for name in TRAJECTORIES if name in standard_indicators()]
    for axes, name in zip(panels, names, strict=False):
        indicator = standard_indicators()[name]
        unit = unit_of(indicator.unit)
        lines, dates = rule_lines(comparison.trajectories(name), rules, unit.factor)
        for rule in rules:
            if rule.label in lines:
                _draw_line(axes, rule, lines[rule.label])
        axes.set_title(_folded(str(headed(indicator.label, unit.level))))
        years = [(place, date[:4]) for place, date in enumerate(dates) if date.endswith("-01")]
        axes.set_xticks([place for place, _year in years], [year for _place, year in years])
        _separated(axes, "y")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    rest = figure.axes[len(names) :]
    for axes in rest:
        axes.axis("off")
    (rest[0] if rest else figure).legend(handles, labels, loc="center left" if rest else "outside lower center")
    return figure


def _draw_line(axes: Axes, rule: RuleName, line: Any) -> None:
    months = np.arange(len(line.mean))
    axes.fill_between(months, line.low, line.high, color=_colour(rule), alpha=0.1, linewidth=0)
    axes.plot(
        months,
        line.mean,
        color=_colour(rule),
        linestyle=DASHES[rule.style % len(DASHES)],
        linewidth=1.4,
        label=str(rule.title),
    )


def differences_figure(found: Sequence[Indicator], rules: Sequence[RuleName]) -> Figure:
    """One point per headline indicator and rule with its 95% interval."""
    chosen = [indicator for name in HEADLINES for indicator in found if indicator.id == name and indicator.drawable]
    rows = -(-len(chosen) // 3) or 1
    figure = _new(11, 0.6 + rows * (0.9 + 0.24 * len(rules)))
    grid = figure.subplots(rows, 3, squeeze=False, sharey=True)
    shown = list(rules[1:])
    for axes, indicator in zip(grid.flat, chosen, strict=False):
        for difference in indicator.differences:
            _draw_interval(axes, difference, shown.index(difference.rule))
        axes.axvline(0, color="#6b6b6b", linewidth=0.8)
        axes.set_title(_folded(str(headed(indicator.label, indicator.unit.difference))))
        _separated(axes, "x")
    for axes in grid.flat[len(chosen) :]:
        axes.axis("off")
    first = grid[0, 0]
    first.set_yticks(range(len(shown)), [str(rule.title) for rule in shown])
    first.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    note = _("Difference from “{baseline}”, with 95% intervals").format(baseline=rules[0].title)
    figure.suptitle(str(note), x=0.01, ha="left", fontsize=9.5, color="#555555")
    return figure


def _draw_interval(axes: Axes, difference: Any, row: int) -> None:
    # A point without an interval may lie anywhere; drawn, it would only squash the others.
    if difference.value is None or difference.low is None or difference.high is None:
        return
    colour = _colour(difference.rule)
    axes.plot([difference.low, difference.high], [row, row], color=colour, linewidth=1.6)
    axes.plot([difference.value], [row], MARKERS[difference.rule.style % len(MARKERS)], color=colour, markersize=5)


def committees_figure(comparison: ComparisonLike, rules: Sequence[RuleName]) -> Figure:
    """Who gains: one dot per committee and rule, for participation and for public money."""
    figure = _new(11, 0.9 + 0.42 * len(rules))
    frame = comparison.by_committee()
    columns: tuple[tuple[str, Text], ...] = (
        (
            "participation_difference",
            _("Change in the share of adults who gave or started something by committee, percentage points"),
        ),
        ("money_per_resident", _("Public money per resident by committee, yuan")),
    )
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (column, title) in zip(panels, columns, strict=True):
        strips = committee_strips(frame, rules, column)
        for row, strip in enumerate(strips):
            _draw_strip(axes, strip, row)
        axes.axvline(0, color="#6b6b6b", linewidth=0.8)
        axes.set_title(str(title))
        axes.grid(axis="y", visible=False)
        axes.set_yticks(range(len(strips)), [str(strip.label) for strip in strips])
        _separated(axes, "x")
    if len(frame):
        panels[0].invert_yaxis()
    return figure


def _draw_strip(axes: Axes, strip: Any, row: int) -> None:
    values = np.sort(strip.values[np.isfinite(strip.values)])
    spread = float(np.ptp(values)) or 1.0
    # Dots are binned in a hundredth of the strip's width and may fill 0.35 of a row on either side.
    offsets = swarm(values / spread * 100, 1.0, 7.0) / 7.0 * 0.35 if values.size else values
    axes.plot(values, row + offsets, "o", markersize=2.6, alpha=0.6, color=COLOURS[strip.style % len(COLOURS)], mew=0)
