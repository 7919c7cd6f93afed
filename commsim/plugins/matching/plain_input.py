"""Plain inputs of matching and seed money: the rule's own settlement, on amounts that hide its rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from commsim.contracts import PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.evaluation.fine_money import Settled, scaled, settled
from commsim.evaluation.plain_checks import Wrong
from commsim.i18n import _
from commsim.plugins.matching.conditional import tiers_of

_MOST_RATE = 10.0
"""The bound of every rate of a match: an ask that is this many times what was given limits no match."""
_IN_KIND = "pledged_hours pledged_goods"
_ROUND = "pledges asks|projects pool|budget minimum_viable"
_ONE = f"pledges ask threshold budget {_IN_KIND}"
_COLUMNS = ("minimum_viable", "hours", "category", "pledged_hours", "pledged_goods")


def _gifts(pledges: Any) -> list[tuple[int, float]]:
    """Gifts by place of the project, from one total or a list of gifts by project."""
    by_project = pledges.values() if isinstance(pledges, Mapping) else pledges
    rows = enumerate(np.atleast_1d(gifts).tolist() for gifts in by_project)
    return [(place, float(gift)) for place, gifts in rows for gift in gifts]


def _asks(known: Plain, pledged: float, projects: int) -> list[float]:
    """What projects ask for; where the input does not say, so much that no match of all that was pledged meets it."""
    if "asks" in known or "projects" in known:
        asks = known["asks"] if "asks" in known else known["projects"].values()
        return [float(ask) for ask in asks]
    return [_MOST_RATE * pledged + 1.0] * projects


def _in_kind(rule: Rule, known: Plain) -> float:
    """What promised hours and goods are worth in all; 0 for a rule that counts none."""
    hours = known.get("pledged_hours", known.get("hours", ()))
    return float(sum(hours) * getattr(rule.params, "hour_yuan", 0.0) + sum(known.get("pledged_goods", ())))


def _check_by_project(known: Plain, projects: int) -> None:
    """Refuse hours or goods that are not told for each project. Without asks the pledges say how many there are."""
    for word in ("pledged_hours", "pledged_goods", "hours"):
        if len(known.get(word, ())) not in (0, projects):
            text = _("{word} with {n} values, as many as there are projects with pledges")
            raise Wrong(text.format(word=word, n=projects), known[word])


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
    _check_by_project(known, len(pledges))
    gifts, in_kind = _gifts(pledges), _in_kind(rule, known)
    asks = _asks(known, sum(gift for _place, gift in gifts) + in_kind, len(pledges))
    pot = known.get("pool", known.get("budget", np.inf))
    budget = sum(asks) if np.isinf(pot) else float(pot)
    columns = {name: known[name] for name in _COLUMNS if name in known}
    return settled(rule, asks, gifts, budget, _in_parts, in_kind, **columns)


def _match(rule: Rule, known: Plain) -> list[float]:
    """Public money by project from `pledges`, `pledged_hours` and `pledged_goods` (by project), `asks`, `pool` or
    `budget`, `category`."""
    return _round(rule, known, known["pledges"]).paid


def _tiered(rule: Rule, known: Plain) -> list[float]:
    """As the linear match; `tiers` may stand in the input."""
    return _round(_with(rule, tiers=known.get("tiers")), known, known["pledges"]).paid


def _then_match(rule: Rule, known: Plain) -> list[float]:
    """As the linear match; `threshold` may stand in the input."""
    return _round(_with(rule, threshold_yuan=known.get("threshold")), known, known["pledges"]).paid


def _lead(rule: Rule, known: Plain) -> list[float]:
    """Seeds by project of `asks`, with `budget`; what cannot start with its `pledges` gets none."""
    asks = _asks(known, 0.0, 0) if "asks" in known or "projects" in known else known["asks"]
    return _round(rule, known, known.get("pledges", [0.0] * len(asks))).paid


def _provision(rule: Rule, known: Plain) -> dict[str, Any]:
    """One project: `pledges`, `pledged_hours` and `pledged_goods` by donor, its `ask`, the `threshold` (or parameters
    for it), the `budget`.

    Without an ask the project asks for its threshold; without a budget the public can pay whatever the rule promises.
    """
    threshold = known.get("threshold", rule.params.threshold_yuan)
    ask = float(threshold if threshold is not None and "ask" not in known else known["ask"])
    gifts = [(0, float(gift)) for gift in known["pledges"]]
    plenty = ask + sum(gift for _place, gift in gifts)
    in_kind = {word: [sum(known[word])] for word in _IN_KIND.split() if word in known}
    made, budget = _with(rule, threshold_yuan=threshold), float(known.get("budget", plenty))
    came = settled(made, [ask], gifts, budget, _in_parts, _in_kind(rule, in_kind), **in_kind)
    answer = {"funded": bool(came.award.diagnostics["funded"]), "refunds": came.refunds}
    return answer if came.award.bonuses is None else {**answer, "bonuses": came.bonuses}


PLAIN_INPUTS = (
    PlainInput("match.linear", _match, reads=f"{_ROUND} {_IN_KIND}", words={"cap": "cap_yuan", "pool": "input.pool"}),
    PlainInput("match.required_ratio", _match, reads=f"{_ROUND} pledged_hours|hours pledged_goods category"),
    PlainInput(
        "match.tiered",
        _tiered,
        reads=f"{_ROUND} {_IN_KIND} tiers",
        words={"cap": "cap_yuan", "pool": "input.pool"},
    ),
    PlainInput(
        "seed.threshold_then_match",
        _then_match,
        reads=f"{_ROUND} {_IN_KIND} threshold",
        words={"cap": "cap_yuan", "threshold": "threshold_yuan"},
    ),
    PlainInput("seed.lead", _lead, reads=_ROUND),
    PlainInput("seed.provision_point", _provision, reads=_ONE, words={"threshold": "input.threshold"}),
    PlainInput("seed.refund_bonus", _provision, reads=_ONE, words={"threshold": "input.threshold"}),
)
