"""How much, for those who said yes: the type's schedule times what was suggested.

Each resident has a schedule a(b): the share given when those who take part with me are believed to give the share b
(Fischbacher and Gächter 2010). Conditional cooperators rise with b, free riders give nothing, hump-shaped givers rise
and fall again, others give much the same whatever happens. a(b) = 0 is a refusal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Share = NDArray[np.float64]


def share_given(
    belief: NDArray[np.floating],
    base: NDArray[np.floating],
    slope: NDArray[np.floating],
    peak: NDArray[np.floating],
) -> Share:
    """Share of the suggested amount given at belief b: base + slope × b up to `peak`, mirrored beyond it; 0–1.

    All columns of shape (n,). A peak of 1 means that the schedule never turns.
    """
    b = np.asarray(belief, dtype=np.float64)
    turned = np.where(b > peak, np.maximum(2.0 * peak - b, 0.0), b)
    return np.clip(base + slope * turned, 0.0, 1.0)


def reluctance(share: Share, refusal: float) -> NDArray[np.float64]:
    """Log-odds that a schedule takes from saying yes, shape of `share`: −`refusal` where it gives nothing, else 0.

    In a neighbourhood nothing by schedule is a refusal. Where the act itself is one that nearly everyone does (a
    semester's fee, a vote), those people too are among the doers; they are the last.
    """
    return np.where(share > 0.0, 0.0, -refusal)


def gift_fen(
    share: Share,
    suggested_fen: float,
    capacity_fen: NDArray[np.int64],
    size_factor: NDArray[np.floating] | float,
    unit_fen: int,
) -> NDArray[np.int64]:
    """Money given: share × suggested gift × `size_factor` (what the terms do to the size), in whole `unit_fen`.

    Never more than is left of the resident's yearly `capacity_fen`. A gift under one unit is none.
    """
    wished = np.floor(share * suggested_fen * size_factor / unit_fen).astype(np.int64) * unit_fen
    affordable = capacity_fen // unit_fen * unit_fen
    return np.clip(wished, 0, np.maximum(affordable, 0))


def minutes_given(
    share: Share, suggested_hours: NDArray[np.floating] | float, free_hours: NDArray[np.floating]
) -> NDArray[np.int64]:
    """Time given: share × suggested hours, within the month's free hours; whole quarter-hours, in minutes."""
    quarters = np.floor(np.minimum(share * suggested_hours, free_hours) * 4.0)
    return np.asarray(quarters, dtype=np.int64) * 15
