"""What the two tables of facts, the laboratory's and the path's, tell in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Text, _

Words = Text | str


def failed_text(failed: Sequence[tuple[int | str, Words, Words]], played: int) -> Text | None:
    """One sentence on the facts that could not be played, None where there are none.

    Arguments: `failed`, number, name and what was told of each; `played`, how many others could be.
    """
    if not failed:
        return None
    number, name, error = failed[0]
    text = _("{failed} of {total} facts could not be played; the first: {number} {name}: {error}")
    return text.format(failed=len(failed), total=len(failed) + played, number=number, name=name, error=error)


def value_rows(
    fact: int | str, test: str, draws: Iterable[NDArray[np.float64]], first: int = 0
) -> Iterator[dict[str, Any]]:
    """One row a draw and seed; `draws`: by draw the values by seed, numbered from `first`."""
    for draw, row in enumerate(draws, first):
        for number, value in enumerate(row, 1):
            yield {"fact": fact, "test": test, "draw": draw, "seed": number, "value": float(value)}
