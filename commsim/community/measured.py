"""The book of what was measured: by measure one array (committees,) a month. The recording step alone writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.ownership import Permit, Shown, lock

ROWS, LOOKS = "measured.rows", "measured.looks"


@dataclass(frozen=True, eq=False)
class Look:
    """Who took part in the twelve months up to `month`: masks over residents, packed (`numpy.packbits`)."""

    month: int
    gave: NDArray[np.uint8]
    light: NDArray[np.uint8]


class Measured:
    """Rows in the order of the months."""

    def __init__(self, permit: Permit) -> None:
        self._permit = permit
        self._rows: dict[str, list[NDArray[Any]]] = {}
        self._looks: list[Look] = []

    def add(self, row: Mapping[str, NDArray[Any]]) -> None:
        """Enter a month: by measure, one value a committee."""
        self._permit.check(ROWS)
        for name, values in row.items():
            lock(values)
            self._rows.setdefault(name, []).append(values)

    def look(self, month: int, gave: NDArray[np.bool_], light: NDArray[np.bool_]) -> None:
        """Keep who gave or started something, and who took part lightly, in the twelve months up to `month`."""
        self._permit.check(LOOKS)
        self._looks.append(Look(month, np.packbits(gave), np.packbits(light)))

    @property
    def looks(self) -> Sequence[Look]:
        """What was kept of single residents, oldest first."""
        return Shown(self._looks)

    def columns(self) -> dict[str, NDArray[Any]]:
        """By measure an array of shape (months, committees)."""
        return {name: np.stack(rows) for name, rows in self._rows.items()}
