"""The book of what was measured: by measure one array (committees,) a month. The recording step alone writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.ownership import Permit, lock

ROWS = "measured.rows"


class Measured:
    """Rows in the order of the months."""

    def __init__(self, permit: Permit) -> None:
        self._permit = permit
        self._rows: dict[str, list[NDArray[Any]]] = {}

    def add(self, row: Mapping[str, NDArray[Any]]) -> None:
        """Enter a month: by measure, one value a committee."""
        self._permit.check(ROWS)
        for name, values in row.items():
            lock(values)
            self._rows.setdefault(name, []).append(values)

    def columns(self) -> dict[str, NDArray[Any]]:
        """By measure an array of shape (months, committees)."""
        return {name: np.stack(rows) for name, rows in self._rows.items()}
