"""A project's story in Python: as text at a prompt, as HTML in a notebook, as frames to work with."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from commsim.i18n import current_language
from commsim.record import RunResult
from commsim.record.stories import stories_of_run
from commsim.report.stories import THROUGH_HEAD, ToldProject, project_row
from commsim.service.tracing import story_document, told_of_run
from commsim.store.plain import plain

_STYLE = "text-align:left;vertical-align:top;padding:2px 8px"


class Trace:
    """The story of one project, which a prompt and a notebook show. `lines`: a row a line; `through`: a row a channel;
    `sums`: what it comes to; `document`: all of it as plain data."""

    def __init__(self, found: ToldProject) -> None:
        self.told = found

    @property
    def lines(self) -> pd.DataFrame:
        """One row a line of the story: month (of the run), date, key, number."""
        dates = {month: date for (month, _lines), (date, _said) in zip(
            self.told.story.months(), self.told.months, strict=True
        )}  # fmt: skip
        rows = [(line.month, dates[line.month], line.key.value, line.number) for line in self.told.story.lines]
        return pd.DataFrame(rows, columns=["month", "date", "key", "number"])

    @property
    def through(self) -> pd.DataFrame:
        """One row a channel: channel, asked (NaN where it asks nobody), came, parameter, value."""
        rows = [(row.channel.name.lower(), row.asked, row.came, row.assumption, row.value) for row in self.told.through]
        return pd.DataFrame(rows, columns=["channel", "asked", "came", "parameter", "value"])

    @property
    def sums(self) -> dict[str, Any]:
        """Yuan by source, hours and their worth, people, new faces, and ratios (None: of none)."""
        return dict(self.told.sums)

    @property
    def document(self) -> dict[str, Any]:
        """The same as `commsim trace --json` writes, but for what the run is."""
        document: dict[str, Any] = plain(story_document(self.told))
        return document

    def __repr__(self) -> str:
        parting = "：" if current_language() == "zh" else ": "
        months = [f"{date}  {said}" for date, said in self.told.paragraphs]
        figures = [f"{name}{parting}{value}" for name, value in self.told.figures]
        return "\n".join([str(self.told.title), *months, *figures, *map(str, self.told.remarks)])

    def _repr_html_(self) -> str:
        months = "".join(_row(date, str(said)) for date, said in self.told.paragraphs)
        figures = "".join(_row(str(name), str(value)) for name, value in self.told.figures)
        remarks = "".join(f"<p>{escape(str(remark))}</p>" for remark in self.told.remarks)
        title = escape(str(self.told.title))
        return f"<h4>{title}</h4><table>{months}</table><table>{figures}</table>{self._through_cell()}{remarks}"

    def _through_cell(self) -> str:
        rows = [
            _row(
                str(row.asker),
                "" if row.asked is None else str(row.asked),
                str(row.came),
                f"{row.assumption} = {row.value:g}",
            )
            for row in self.told.through
        ]
        head = "".join(f"<th>{escape(str(heading))}</th>" for heading in THROUGH_HEAD)
        return f"<table><tr>{head}</tr>{''.join(rows)}</table>" if rows else ""


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f'<td style="{_STYLE}">{escape(cell)}</td>' for cell in cells) + "</tr>"


def traced_run(result: RunResult, project: str | None) -> pd.DataFrame | Trace:
    """The story of one project of a run, or a row a project. Raises InvalidInput."""
    if project is not None:
        return Trace(told_of_run(result, project))
    stories = stories_of_run(result)
    rows = [project_row(story, stories) for story in stories.stories]
    return pd.DataFrame([{name: _word(value) for name, value in row.items()} for row in rows])


def _word(value: Any) -> Any:
    return value if isinstance(value, int | float) else str(value)
