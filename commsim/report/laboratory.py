"""The result folders of the laboratory: Parquet tables, figures as PNG, one HTML page that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from commsim.about import __version__
from commsim.i18n import LANGUAGES, Text, _, current_language
from commsim.report import table_files
from commsim.store.results import new_folder
from commsim.store.spreadsheets import Warn, warn_in_python, write_spreadsheets
from commsim.store.tables import write_table
from commsim.validation.laboratory import LabResult, as_document, use_of

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

    from commsim.lab.files import ExperimentFile
    from commsim.validation.facts import FactResult, TestResult

_CLEAR = 1.3  # how far the axis reaches beyond the range, in ranges


def write_lab(result: LabResult, out: Path | str | None = None, warn: Warn = warn_in_python) -> Path:
    """Write facts.parquet, values.parquet (both as CSV and in summary.xlsx too), facts.json, a PNG per fact and
    index.html; return the folder.

    `warn` is told of tables that Excel cannot open whole. Raises InvalidInput where `out` exists or cannot be made.
    """
    with new_folder(out, "lab") as (folder, name):
        _write_tables({"facts.parquet": result.table(), "values.parquet": result.values()}, folder, warn, result)
        _write_json(folder / "facts.json", {**as_document(result), "version": __version__})
        for one in result.results:
            draw_fact(one, folder / f"fact-{one.fact.id:02}-{one.fact.name}.png")
        (folder / "index.html").write_text(lab_page(result, folder), encoding="utf-8", newline="\n")
    return Path(name.final)


def write_experiment(
    loaded: ExperimentFile, summary: pandas.DataFrame, out: Path | str | None, stem: str, warn: Warn = warn_in_python
) -> Path:
    """Write the summary of an experiment from a file and what its protocols declare; return the folder.

    `warn` is told where it has more rows than Excel opens.
    """
    with new_folder(out, f"{stem}-lab") as (folder, name):
        _write_tables({"summary.parquet": summary}, folder, warn)
        document = {
            "title": loaded.title,
            "seed": loaded.seed,
            "replicates": loaded.replicates,
            "version": __version__,
            "declared": loaded.experiment.declared(),
        }
        _write_json(folder / "experiment.json", document)
    return Path(name.final)


def _write_tables(
    tables: Mapping[str, pandas.DataFrame], folder: Path, warn: Warn, result: LabResult | None = None
) -> None:
    for file, frame in tables.items():
        write_table(frame, folder / file)
    titles = {} if result is None else {one.fact.name: one.fact.title for one in result.results}
    write_spreadsheets(tables, folder, {"name": titles}, warn)


def _write_json(path: Path, document: Any) -> None:
    text = json.dumps(_plain(document), ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(value: Any) -> Any:
    """`value` in JSON's own types: texts in both languages, numbers that are not finite as null."""
    if isinstance(value, Text):
        return {language: value.to(language) for language in LANGUAGES}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)


def draw_fact(result: FactResult, path: Path) -> None:
    """A figure of one fact: per test the range (band), the published figure (diamond), the draws' means (dots)."""
    from commsim.report.figures import paper_style, save

    with paper_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7.5, 0.9 + 0.75 * len(result.tests)), layout="constrained")
        grid = figure.subplots(len(result.tests), 1, squeeze=False)
        for axes, one in zip(grid[:, 0], result.tests, strict=True):
            _draw_test(axes, one)
        figure.suptitle(f"{result.fact.id}. {result.fact.title}", x=0.01, ha="left")
        save(figure, path)


def _draw_test(axes: Axes, one: TestResult) -> None:
    means = one.values.mean(axis=1)
    low, high = _shown_range(one, means)
    axes.axvspan(max(one.test.low, low), min(one.test.high, high), color="#d9e6f2", zorder=0)
    rows = np.linspace(-0.25, 0.25, len(means)) if len(means) > 1 else np.zeros(1)
    inside = one.in_range
    for mask, colour, marker in ((inside, "#1f5a93", "o"), (~inside, "#b5400e", "x")):
        axes.plot(means[mask], rows[mask], marker, color=colour, markersize=4, alpha=0.8)
    if one.test.published is not None:
        axes.plot([one.test.published], [0], "D", color="black", markersize=6, markerfacecolor="none")
    axes.set_title(str(one.test.label), fontsize=9, loc="left")
    axes.set_yticks([])
    axes.set_ylim(-0.6, 0.6)
    axes.set_xlim(low, high)


def _shown_range(one: TestResult, means: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Where the axis begins and ends: ranges without a bound are cut off beyond the points."""
    known = [x for x in (one.test.low, one.test.high, one.test.published) if x is not None and np.isfinite(x)]
    points = [*known, *means[np.isfinite(means)].tolist()]
    low, high = min(points), max(points)
    room = 0.08 * ((high - low) or 1.0) * _CLEAR
    return low - room, high + room


def lab_page(result: LabResult, folder: Path) -> str:
    """One page: what holds, with a picture for each fact, in the current language; it links the tables in `folder`."""
    language = current_language()
    cards = "\n".join([*(_card(one) for one in result.results), _files(folder)])
    title, warning, note = (str(text) for text in (_title(), _warning(), _how(result)))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{_escaped(title)}</title>\n'
        f"<style>{_style()}</style></head>\n<body><main><h1>{_escaped(title)}</h1>"
        f'<p class="caveat">{_escaped(warning)}</p><p>{_escaped(note)}</p>\n{cards}\n</main></body></html>\n'
    )


def _title() -> Text:
    return _("The laboratory: which published facts the residents reproduce")


def _warning() -> Text:
    return _(
        "No study measures the causal effect of self-governance money on participation. Behaviour is borrowed from "
        "experiments elsewhere, none of them on community funds in China; rows marked 'fitted' were used to calibrate "
        "and are no evidence."
    )


def _how(result: LabResult) -> Text:
    text = _(
        "{seeds} seeds × {draws} draws of the parameters. A fact holds if the 95% interval over seeds lies in the "
        "range of each of its tests in nine draws of ten. Band: range; dots: the mean of a draw; crosses: a draw "
        "outside; diamond: published."
    )
    return text.format(seeds=result.seeds, draws=result.draws)


def _card(result: FactResult) -> str:
    fact = result.fact
    held = _("holds") if result.held else _("does not hold")
    state = _("{held} (in range in {count} of {draws} draws); {use}").format(
        held=held, count=result.draws_held, draws=result.draws, use=use_of(result)
    )
    rows = "".join(_row(one, result.draws) for one in result.tests)
    heads = (
        _("Test"),
        _("Range from"),
        _("Range to"),
        _("Published"),
        _("Simulated"),
        _("95% from"),
        _("95% to"),
        _("Draws in range"),
        _("Draws"),
    )
    head = "".join(f"<th>{_escaped(str(one))}</th>" for one in heads)
    note = "" if fact.note is None else f"<p>{_escaped(str(fact.note))}</p>"
    mark = "✓" if result.held else "✗"
    return (
        f'<section id="fact-{fact.id}"><h2>{mark} {fact.id}. {_escaped(str(fact.title))}</h2>'
        f"<p>{_escaped(str(state))} — {_escaped(str(fact.source))}</p>{note}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{_picture(result)}</section>"
    )


def _row(one: TestResult, draws: int) -> str:
    """A test, one number a cell, so that the table pastes as numbers; empty where there is no bound or no figure."""
    low, high = one.interval
    decimal = (one.test.low, one.test.high, one.test.published), (one.simulated, low, high)
    cells = [*(_digits(value, "g") for value in decimal[0]), *(_digits(value, ".3g") for value in decimal[1])]
    cells += [str(int(one.in_range.sum())), str(draws)]
    numbers = "".join(f'<td class="n">{cell}</td>' for cell in cells)
    return f"<tr><td>{_escaped(str(one.test.label))}</td>{numbers}</tr>"


def _digits(value: float | None, form: str) -> str:
    return "" if value is None or not np.isfinite(value) else f"{value:{form}}"


def _files(folder: Path) -> str:
    """Links to the tables beside the page."""
    links = "".join(f'<li><a href="{_escaped(name)}">{_escaped(name)}</a></li>' for name in table_files(folder))
    return f"<section><h2>{_escaped(str(_('The tables as files')))}</h2><ul>{links}</ul></section>" if links else ""


def _picture(result: FactResult) -> str:
    import base64
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fact.png"
        draw_fact(result, path)
        data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<img alt="{_escaped(str(result.fact.title))}" src="data:image/png;base64,{data}">'


def _style() -> str:
    return (
        "body{font:16px/1.5 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;"
        "margin:0;color:#222}"
        "main{max-width:56rem;margin:0 auto;padding:1rem}table{border-collapse:collapse;width:100%;font-size:.9rem}"
        "th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #ddd}img{max-width:100%}"
        "td.n{text-align:right;font-variant-numeric:tabular-nums}"
        ".caveat{border-left:4px solid #b5400e;padding-left:.8rem}section{margin-top:2rem}"
    )


def _escaped(text: str) -> str:
    from html import escape

    return escape(text, quote=True)
