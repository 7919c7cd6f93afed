"""What a page of facts is made of, whichever table it shows: the laboratory's or the path's."""

from __future__ import annotations

import math
from collections.abc import Sequence

from commsim.i18n import Text, current_language
from commsim.report.caveats import Caveats
from commsim.report.page import environment
from commsim.report.page_parts import FactSection, Number, NumberTable


def fact_page(
    title: Text,
    caveats: Caveats,
    how_read: Text,
    overview: NumberTable,
    facts: Sequence[FactSection],
    *,
    failed: Text | None,
    files: Sequence[str],
    how: Sequence[tuple[Text, str]],
    command: str,
) -> str:
    """A page of facts as HTML: the overview, then each fact with its charts and its numbers, and how it was made.

    Arguments: `failed`, which facts could not be played; `files`, names of tables beside the page, which it links;
    `how`, what it was made with; `command`, which makes it again. The same arguments give the same bytes.
    """
    return (
        environment()
        .get_template("laboratory.html.j2")
        .render(
            language=current_language(),
            title=title,
            caveats=caveats,
            how_read=how_read,
            failed=failed,
            overview=overview,
            facts=facts,
            files=files,
            how=how,
            command=command,
        )
    )


def figure_cell(value: float | None, form: str) -> Number:
    """A cell with a figure in a format such as `.3g`; empty where there is none, or no finite one."""
    return Number("" if value is None or not math.isfinite(value) else f"{value:{form}}")
