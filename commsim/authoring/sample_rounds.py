"""Rounds made for trying rules on, small and large, without a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from commsim.calling.call import call_rule
from commsim.calling.views import make_view
from commsim.contracts import Award, Choices, RoundKey, RoundView, Rule
from commsim.contracts.needs import INDICATOR
from commsim.randomness import Draws

ROUNDS = 40
"""Small made rounds that a rule is tried on."""
CLUSTERS = 3
"""Clusters of residents in a made round, each resident in one of them."""


def made_round(
    rule: Rule,
    number: int,
    size: tuple[int, int] | None = None,
    order: Any = None,
    *,
    alone: bool = False,
    divisible: bool = False,
    times: int = 1,
) -> RoundView:
    """A made round, always the same for a `number`, in which the rule has announced its terms.

    Arguments: `size`, how many proposals and residents; `order` permutes its proposals; `alone` gives each proposal an
    area of its own, all areas alike; `divisible` lets every proposal start with any amount; `times` multiplies all
    money.
    """
    words = _words(number, size)
    _add_indicators(words, rule, number)
    if alone:
        _spread_out(words)
    if divisible:
        words["proposals"]["minimum_viable"] = [0] * len(words["proposals"]["id"])
    if times != 1:
        _multiply(words, times)
    if order is not None:
        place = np.argsort(order)
        words["proposals"] = {name: [column[one] for one in order] for name, column in words["proposals"].items()}
        for name in ("pledges", "ballots"):
            rows: Choices = words[name]
            words[name] = Choices(rows.start, place[rows.proposal].astype(np.int32), rows.amount)
    terms = call_rule(rule, "open_round", make_view(rule, **words))
    return make_view(rule, **words, terms=terms)


def _words(number: int, size: tuple[int, int] | None) -> dict[str, Any]:
    luck = np.random.Generator(np.random.PCG64(number))  # the checker's own luck; a rule never sees it
    proposals, residents = size or (int(luck.integers(0, 9)), int(luck.integers(0, 40)))
    ask = luck.integers(100, 5_000_000, proposals)
    areas = int(luck.integers(1, 5))
    most = min(3, proposals)
    marks = luck.random((residents, proposals)).argsort(axis=1)[:, :most] if size is None else _spread(luck, size, most)
    start = np.arange(residents + 1) * most
    gifts = luck.integers(100, 50_000, residents * most)
    return {
        "round": RoundKey("made", "made", number),
        "month": int(luck.integers(0, 60)),
        "date": "2017-01",
        "budget": int(luck.integers(0, int(ask.sum()) + 2)),
        "proposals": {
            "id": tuple(f"p{one}" for one in range(1, proposals + 1)),
            "area": luck.integers(0, areas, proposals).tolist(),
            "ask": ask.tolist(),
            "minimum_viable": (ask // 2).tolist(),
            "category": luck.integers(0, 6, proposals).tolist(),
            "submitted_at": luck.integers(0, 4, proposals).tolist(),
            "readiness": luck.random(proposals).tolist(),
            "scores": luck.normal(size=proposals).tolist(),
            "beneficiaries": luck.integers(1, 500, proposals).tolist(),
            "writer": luck.integers(0, 2, proposals).tolist(),
        },
        "areas": {
            "id": tuple(f"a{one}" for one in range(areas)),
            "population": luck.integers(100, 9_000, areas).tolist(),
            "need": luck.uniform(0.05, 1.0, areas).tolist(),
            "last_award": luck.integers(0, 100_000, areas).tolist(),
            "performance": luck.random(areas).tolist(),
        },
        "pledges": Choices(start, marks.ravel().astype(np.int32), gifts),
        "ballots": Choices(start, marks.ravel().astype(np.int32), np.ones(residents * most, np.int64)),
        "clusters": np.eye(CLUSTERS)[np.arange(residents) % CLUSTERS],
        "draws": Draws(number),
    }


def _spread(luck: np.random.Generator, size: tuple[int, int], most: int) -> Any:
    first = luck.integers(0, size[0], (size[1], 1))
    return (first + np.arange(most) * (size[0] // max(most, 1))) % max(size[0], 1)


def _add_indicators(words: dict[str, Any], rule: Rule, number: int) -> None:
    """Network indicators that the rule needs, made like the rest."""
    luck = np.random.Generator(np.random.PCG64(number))
    for need in sorted(rule.needs):
        if need.startswith(INDICATOR):
            words["areas"][need.removeprefix(INDICATOR)] = luck.random(len(words["areas"]["id"])).tolist()


def _spread_out(words: dict[str, Any]) -> None:
    n = len(words["proposals"]["id"])
    words["proposals"]["area"] = list(range(n))
    alike = dict.fromkeys(words["areas"], 0.5) | {"population": 1000, "last_award": 0}
    del alike["id"]
    words["areas"] = {"id": tuple(f"a{one}" for one in range(n)), **{name: [one] * n for name, one in alike.items()}}


def _multiply(words: dict[str, Any], times: int) -> None:
    words["budget"] *= times
    for table, names in (("proposals", ("ask", "minimum_viable")), ("areas", ("last_award",))):
        for name in names:
            words[table][name] = [times * one for one in words[table][name]]
    gifts: Choices = words["pledges"]
    words["pledges"] = Choices(gifts.start, gifts.proposal, gifts.amount * times)


def award_in(rule: Rule, view: RoundView) -> Award:
    """What `rule` awards, held to the contract."""
    award: Award = call_rule(rule, "settle", view)
    return award
