"""How the shipped indicators are declared: words in both languages, unit, clause of the plan, and the sum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Bilingual, Text, _
from commsim.record.indicators import Better, Indicator
from commsim.record.run_record import RunRecord

_NO_REASON = _("it is always defined")


def declared(
    id: str,
    label: tuple[str, str],
    unit: str,
    doc: tuple[str, str],
    compute: Callable[[RunRecord], float | None] | None,
    clause: str,
    better: Better = "neither",
    undefined: Text = _NO_REASON,
    parts: Callable[[RunRecord, RunRecord], tuple[float, float]] | None = None,
    monthly: Callable[[RunRecord], NDArray[np.float64]] | None = None,
    against: Callable[[RunRecord, RunRecord], float | None] | None = None,
) -> Indicator:
    """An indicator; `label` and `doc` are (English, Chinese), the rest is as for `Indicator`."""
    words = Bilingual(en=label[0], zh=label[1]), Bilingual(en=doc[0], zh=doc[1])
    return Indicator(id, words[0], unit, words[1], better, clause, undefined, compute, parts, monthly, against)
