"""Plain inputs of divisions among claims, as in the textbooks: `estate` and `claims`; and of exact rounding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from commsim.contracts import Rule
from commsim.evaluation.forms import Plain, input_form, plain_function
from commsim.money import largest_remainder
from commsim.randomness import Draws


@input_form("claims.", reads="estate|budget claims|asks")
@input_form("claims.random_arrival", reads="estate|budget claims|asks seed")
def _claims(rule: Rule, known: Plain) -> list[float]:
    """Awards by claimant. `estate` may also be called `budget`, `claims` `asks`; `seed` fixes sampled orders."""
    estate = known["estate"] if "estate" in known or "budget" not in known else known["budget"]
    claims = np.asarray(known["claims"] if "claims" in known or "asks" not in known else known["asks"], np.float64)
    uniforms = Draws(int(known.get("seed", 0))).uniforms("order of arrival", claims.size)
    awards: list[float] = rule.awards(float(estate), claims, uniforms).tolist()  # type: ignore[attr-defined]
    return awards


@plain_function("money.largest_remainder", reads="total_cents|total weights")
def _largest_remainder(known: Plain, words: Mapping[str, Any]) -> list[int]:
    """`total_cents` (or `total`) divided by `weights`, exactly."""
    total = known["total_cents"] if "total_cents" in known or "total" not in known else known["total"]
    parts: list[int] = largest_remainder(int(total), known["weights"]).tolist()
    return parts
