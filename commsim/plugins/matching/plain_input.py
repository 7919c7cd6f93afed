"""Plain inputs of matching and seed money: the rule's own settlement, on amounts that hide its rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from commsim.contracts import PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.fine_money import Settled, scaled, settled
from commsim.plugins.matching.conditional import tiers_of

_MOST_RATE = 10.0
"""The bound of every rate of a match: an ask that is this many times what was given limits no match."""
_ROUND = "pledges asks|projects pool|budget minimum_viable"
_ONE = "pledges ask threshold budget"
_COLUMNS = ("minimum_viable", "hours", "category")


def _gifts(pledges: Any) -> list[tuple[int, float]]:
    """Gifts by place of the project, from one total or a list of gifts by project."""
    by_project = pledges.values() if isinstance(pledges, Mapping) else pledges
    rows = enumerate(np.atleast_1d(gifts).tolist() for gifts in by_project)
    return [(place, float(gift)) for place, gifts in rows for gift in gifts]


def _asks(known: Plain, gifts: Sequence[tuple[int, float]], projects: int) -> list[float]:
    """What projects ask for; where the input does not say, so much that no match meets it."""
    if "asks" in known or "projects" in known:
        asks = known["asks"] if "asks" in known else known["projects"].values()
        return [float(ask) for ask in asks]
    return [_MOST_RATE * sum(gift for _place, gift in gifts) + 1.0] * projects


def _with(rule: Rule, **params: Any) -> Rule:
    """The same rule with other parameters where the input names them."""
    return type(rule)(replace(rule.params, **{name: value for name, value in params.items() if value is not None}))


def _in_parts(params: Any, fine: int) -> Any:
    """Parameters with every amount times `fine`, also the starts of tiers written as "0:1 1000:0.5"."""
    made = scaled(params, fine)
    if not hasattr(made, "tiers"):
        return made
    starts, rates = tiers_of(made.tiers)
    tiers = zip(starts.tolist(), rates.tolist(), strict=True)
    return replace(made, tiers=" ".join(f"{start * fine!r}:{rate!r}" for start, rate in tiers))


def _round(rule: Rule, known: Plain, pledges: Any) -> Settled:
    gifts = _gifts(pledges)
    asks = _asks(known, gifts, len(pledges))
    pot = known.get("pool", known.get("budget", np.inf))
    budget = sum(asks) if np.isinf(pot) else float(pot)
    columns = {name: known[name] for name in _COLUMNS if name in known}
    return settled(rule, asks, gifts, budget, _in_parts, **columns)


def _match(rule: Rule, known: Plain) -> list[float]:
    """Public money by project from `pledges` (by project), `asks`, `pool` or `budget`, `hours`, `category`."""
    return _round(rule, known, known["pledges"]).paid


def _tiered(rule: Rule, known: Plain) -> list[float]:
    """As the linear match; `tiers` may stand in the input."""
    return _round(_with(rule, tiers=known.get("tiers")), known, known["pledges"]).paid


def _then_match(rule: Rule, known: Plain) -> list[float]:
    """As the linear match; `threshold` may stand in the input."""
    return _round(_with(rule, threshold_yuan=known.get("threshold")), known, known["pledges"]).paid


def _lead(rule: Rule, known: Plain) -> list[float]:
    """Seeds by project of `asks`, with `budget`; what cannot start with its `pledges` gets none."""
    asks = _asks(known, (), 0) if "asks" in known or "projects" in known else known["asks"]
    return _round(rule, known, known.get("pledges", [0.0] * len(asks))).paid


def _provision(rule: Rule, known: Plain) -> dict[str, Any]:
    """One project: `pledges` by donor, its `ask`, the `threshold` (or parameters for it), the `budget`.

    Without an ask the project asks for its threshold; without a budget the public can pay whatever the rule promises.
    """
    threshold = known.get("threshold", rule.params.threshold_yuan)
    ask = float(threshold if threshold is not None and "ask" not in known else known["ask"])
    gifts = [(0, float(gift)) for gift in known["pledges"]]
    plenty = ask + sum(gift for _place, gift in gifts)
    came = settled(_with(rule, threshold_yuan=threshold), [ask], gifts, float(known.get("budget", plenty)), _in_parts)
    answer = {"funded": bool(came.award.diagnostics["funded"]), "refunds": came.refunds}
    return answer if came.award.bonuses is None else {**answer, "bonuses": came.bonuses}


PLAIN_INPUTS = (
    PlainInput("match.linear", _match, reads=_ROUND, words={"cap": "cap_yuan", "pool": "input.pool"}),
    PlainInput("match.required_ratio", _match, reads=f"{_ROUND} hours category"),
    PlainInput("match.tiered", _tiered, reads=f"{_ROUND} tiers", words={"cap": "cap_yuan", "pool": "input.pool"}),
    PlainInput(
        "seed.threshold_then_match",
        _then_match,
        reads=f"{_ROUND} threshold",
        words={"cap": "cap_yuan", "threshold": "threshold_yuan"},
    ),
    PlainInput("seed.lead", _lead, reads=_ROUND),
    PlainInput("seed.provision_point", _provision, reads=_ONE, words={"threshold": "input.threshold"}),
    PlainInput("seed.refund_bonus", _provision, reads=_ONE, words={"threshold": "input.threshold"}),
)
