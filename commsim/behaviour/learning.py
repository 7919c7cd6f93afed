"""What residents learn from what happened: beliefs from others' giving, trust and habit from experience.

Beliefs follow the pooled fit of Fischbacher and Gächter 2010 (own lag and what the others gave), once per settled
round. No source pins how fast trust, efficacy and habit move: those speeds are assumptions whose range includes zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float32]


def updated_belief(
    belief: NDArray[np.floating], others_gave: NDArray[np.floating], constant: float, own_lag: float, others: float
) -> Column:
    """Believed share that the others give: constant + own_lag × belief + others × what they gave; 0–1, shape (n,)."""
    return np.clip(constant + own_lag * belief + others * others_gave, 0.0, 1.0).astype(np.float32)


def moved_towards(
    value: NDArray[np.floating], target: NDArray[np.floating] | float, speed: NDArray[np.floating] | float
) -> Column:
    """`value` moved by the share `speed` of its distance to `target`, both 0–1; stays within 0–1 for speeds 0–1."""
    return np.asarray(value + speed * (target - value), dtype=np.float32)
