"""What an indicator is, and the registry in which summaries, comparisons and reports look indicators up.

An indicator of a run is a number or undefined, never infinite. An indicator of a pair exists only between a run and its
baseline. Either it is a count (who was drawn in), which a comparison averages over replicates; or a quotient (net
leverage, cost per added participant), which gives a numerator and a denominator, so that a comparison can divide the
sums over replicates instead of averaging ratios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commsim.errors import InvalidInput
from commsim.i18n import Bilingual, Text, _
from commsim.record.run_record import RunRecord
from commsim.registry import Registry

Better = Literal["higher", "lower", "neither"]

UNITS: dict[str, Bilingual] = {
    "share": Bilingual(en="share", zh="比例"),
    "residents": Bilingual(en="residents", zh="人"),
    "hours": Bilingual(en="hours", zh="小时"),
    "yuan": Bilingual(en="yuan", zh="元"),
    "yuan per participant": Bilingual(en="yuan per participant", zh="元/人"),
    "ratio": Bilingual(en="ratio", zh="1:N"),
    "hours per yuan": Bilingual(en="hours per yuan", zh="小时/元"),
    "people per project": Bilingual(en="people per project", zh="人/项目"),
    "projects": Bilingual(en="projects", zh="个项目"),
    "gini": Bilingual(en="Gini (0–1)", zh="基尼系数（0–1）"),
    "scale": Bilingual(en="scale 0–1", zh="0–1 量表"),
}
"""Units that the registry's `unit` keys stand for, in both languages."""


@dataclass(frozen=True)
class Indicator:
    """One figure that planners ask for.

    `id`: how tables and files name it. `label`, `doc`: words in both languages. `unit`: a key of `UNITS`. `better`:
    which way is better, where that can be said. `clause`: the clause of the plan it serves (P-…). `undefined`: why it
    may have no value. Exactly one is given of `compute` (a figure of one run: a float, or None where undefined),
    `against` (a count from a run and its baseline's run, None where undefined; 0 of the baseline itself) and `parts`
    (a quotient of a pair: numerator and denominator from a run and its baseline's run); `monthly` is the figure by
    month, shape (months,), where it has one.
    """

    id: str
    label: Bilingual
    unit: str
    doc: Bilingual
    better: Better
    clause: str
    undefined: Text
    compute: Callable[[RunRecord], float | None] | None = None
    parts: Callable[[RunRecord, RunRecord], tuple[float, float]] | None = None
    monthly: Callable[[RunRecord], NDArray[np.float64]] | None = None
    against: Callable[[RunRecord, RunRecord], float | None] | None = None

    def __post_init__(self) -> None:
        if [self.compute, self.parts, self.against].count(None) != 2:
            raise InvalidInput(
                _("indicator {id!r} must give one of `compute` (one run), `against` and `parts` (a pair)").format(
                    id=self.id
                )
            )
        if self.unit not in UNITS:
            raise InvalidInput(
                _("indicator {id!r} has the unit {unit!r}; known units are {known}").format(
                    id=self.id, unit=self.unit, known=", ".join(UNITS)
                )
            )

    @property
    def paired(self) -> bool:
        """Whether it exists only between a run and its baseline."""
        return self.compute is None

    @property
    def quotient(self) -> bool:
        """Whether it is a quotient of a pair, which the baseline itself has none of: its "difference" is the figure."""
        return self.parts is not None

    @property
    def unit_label(self) -> Bilingual:
        """The unit in both languages."""
        return UNITS[self.unit]

    def value(self, run: RunRecord) -> float | None:
        """The figure of one run; None where it is undefined, which it always is for figures of pairs.

        Raises ValueError where the computation yields an infinite number: that is a fault of the indicator.
        """
        if self.compute is None:
            return None
        figure = self.compute(run)
        if figure is None or np.isnan(figure):
            return None
        if np.isinf(figure):
            raise ValueError(f"indicator {self.id} is infinite; it must be None where it is undefined")
        return float(figure)


class IndicatorRegistry(Registry[Indicator]):
    """Indicators by id, in the order in which they are shown. Iterating gives the indicators."""

    def __init__(self, indicators: tuple[Indicator, ...] = ()) -> None:
        super().__init__(_("indicator"), _("indicators"), lambda indicator: indicator.id, indicators)
