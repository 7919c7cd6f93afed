"""Plain inputs of rules that choose whole proposals, of lots, stages and renewals."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import PlainInput, Rule
from commsim.contracts.plain_inputs import Plain
from commsim.natural_order import natural_key, natural_order
from commsim.plugins.panels.authority import Panel, RoundRobin, take_turns
from commsim.plugins.panels.lottery import PartialLottery, WeightedLottery, drawn
from commsim.plugins.panels.performance import Renewal
from commsim.plugins.panels.staged import MatureOneBuildOne, Tranche
from commsim.plugins.shared.choosing import best_first, down_the_list
from commsim.randomness import Draws

Floats = NDArray[np.float64]
_EXACT_DRAW = 8  # 8! orders are run through at once
_DRAWS = 20_000


def _winners(ids: list[str], won: NDArray[np.bool_]) -> list[str]:
    return sorted((project for project, yes in zip(ids, won, strict=True) if yes), key=natural_key)


def _projects(known: Plain) -> tuple[list[str], Floats]:
    costs = known["projects"] if "projects" in known else known["asks_in_order"]
    return list(costs), np.array([float(cost) for cost in costs.values()])


def _first_come(rule: Rule, known: Plain) -> list[str]:
    """Winners of `asks_in_order` (id → ask, earliest first) within `budget`."""
    ids, costs = _projects(known)
    order = np.arange(len(ids))
    return _winners(ids, down_the_list(order, costs, float(known["budget"]), skip=rule.params.skip).won)


def _marks(scores: Any) -> tuple[list[str], Floats]:
    """Ids and marks (judges, proposals) from marks by id, or from one score a proposal."""
    if isinstance(scores, Mapping):
        rows = [np.atleast_1d(np.asarray(marks, dtype=np.float64)) for marks in scores.values()]
        return list(scores), np.array(rows).T.reshape(-1, len(rows))
    given = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    return [f"p{number}" for number in range(1, given.shape[1] + 1)], given


def _panel(rule: Rule, known: Plain) -> list[str]:
    """The ranking of `scores` (id → marks); with `budget` and `projects` (id → cost) the winners."""
    assert isinstance(rule, Panel)
    ids, marks = _marks(known["scores"])
    order = best_first(rule.scores_of(marks), ids)
    if "budget" not in known:
        return [ids[at] for at in order]
    costs = np.array([float(known["projects"][project]) for project in ids])
    return _winners(ids, down_the_list(order, costs, float(known["budget"]), skip=rule.params.skip).won)


def _round_robin(rule: Rule, known: Plain) -> list[str]:
    """Winners of `projects` (id → cost, best first) with `areas` (by project); `start`: index of the first area."""
    assert isinstance(rule, RoundRobin)
    ids, costs = _projects(known)
    names = list(dict.fromkeys(known["areas"]))
    area = np.array([names.index(area_id) for area_id in known["areas"]])
    turns = np.roll(natural_order(names), -int(known.get("start", 0)))
    chosen, _turn = take_turns(np.arange(len(ids)), area, turns, costs, float(known["budget"]), skip=rule.params.skip)
    return _winners(ids, chosen.won)


def _line(known: Plain, n: int) -> tuple[Floats, float]:
    """Costs and budget: of `projects` and `budget`, or 1 each and as many as the `line` says ("3 awards")."""
    if "line" in known:
        return np.ones(n), float(re.findall(r"[\d.]+", str(known["line"]))[0])
    return _projects(known)[1], float(known["budget"])


def _chances(tickets: Floats, costs: Floats, budget: float, *, skip: bool, seed: int) -> Floats:
    """Chance of each to be funded when drawn by tickets: exact for few, else the share of many draws."""
    n = tickets.size
    if n and np.all(costs == costs[0]) and np.all(tickets == tickets[0]):
        return np.full(n, min(budget // costs[0], n) / n)
    if n <= _EXACT_DRAW:
        orders = np.array(list(itertools.permutations(range(n))), dtype=np.int64).reshape(-1, n)
        left = np.cumsum(tickets[orders][:, ::-1], axis=1)[:, ::-1]
        weights = np.divide(tickets[orders], left, out=np.ones_like(left), where=left > 0).prod(axis=1)
    else:
        draws = Draws(seed)
        orders = np.array([drawn(draws.uniforms("lottery", n, item=number), tickets) for number in range(_DRAWS)])
        weights = np.full(_DRAWS, 1.0 / _DRAWS)
    if n == 0 or (np.all(costs == costs[0]) and (tickets > 0).all()):
        won = np.zeros((len(orders), n), dtype=bool)
        np.put_along_axis(won, orders[:, : int(budget // costs[0]) if n else 0], True, axis=1)
    else:
        won = np.array([down_the_list(order, costs, budget, skip=skip).won for order in orders])
    chances: Floats = weights @ won
    return chances


def _lottery(rule: Rule, known: Plain) -> dict[str, list[float]]:
    """Chance of each proposal: `projects` and `budget`, or `line` awards of equal size; `tickets` for the weighted.

    Exact up to 8 proposals in the draw, beyond it the share of 20,000 draws (`seed`).
    """
    seed = int(known.get("seed", 0))
    if isinstance(rule, PartialLottery):
        return {"inclusion_probability": _partial(rule, known, seed)}
    count = len(known["tickets"]) if "tickets" in known else len(known.get("projects", known.get("scores", ())))
    tickets = np.asarray(known["tickets"] if isinstance(rule, WeightedLottery) else np.ones(count), dtype=np.float64)
    costs, budget = _line(known, count)
    return {"inclusion_probability": _chances(tickets, costs, budget, skip=rule.params.skip, seed=seed).tolist()}


def _partial(rule: PartialLottery, known: Plain, seed: int) -> list[float]:
    ids, marks = _marks(known["scores"])
    costs, budget = _line(known, len(ids))
    band = rule.band_of(marks, ids, costs, budget)
    chances = band.above.astype(np.float64)
    inside = np.flatnonzero(band.inside)
    rest = budget - float(costs[band.above].sum())
    if inside.size and np.all(costs[inside] == costs[inside[0]]):
        chances[inside] = min(rest // costs[inside[0]], inside.size) / inside.size
    elif inside.size:
        chances[inside] = _chances(np.ones(inside.size), costs[inside], rest, skip=rule.params.skip, seed=seed)
    return [float(chance) for chance in chances]


def _mature(rule: Rule, known: Plain) -> list[list[Any]]:
    """Starts [id, round] of a pot that gets `income` a round over `rounds`; a project takes `build_rounds` to build.

    `cost` by id, `readiness` by round ("1", "2", …) and id.
    """
    assert isinstance(rule, MatureOneBuildOne)
    ids = list(known["cost"])
    costs = np.array([float(cost) for cost in known["cost"].values()])
    pot, starts, seen = float(known.get("pot", 0.0)), [], list[Floats]()
    ends = np.full(len(ids), -1)
    for number in range(1, int(known["rounds"]) + 1):
        pot += float(known["income"])
        readiness = np.array([float(known["readiness"][str(number)][project]) for project in ids])
        waiting = rule.mature(readiness, seen) & (ends < 0)
        room = rule.params.concurrent - int((ends > number).sum())
        won = rule.started(readiness, waiting, ids, costs, pot, room).won
        starts += [[ids[at], number] for at in best_first(readiness, ids).tolist() if won[at]]
        ends[won] = number + int(known["build_rounds"])
        pot -= float(costs[won].sum())
        seen.append(readiness)
    return starts


def _tranche(rule: Rule, known: Plain) -> list[float]:
    """Payments of an `award` at the start and at milestones, given which were `verified`."""
    assert isinstance(rule, Tranche)
    return rule.payments(float(known["award"]), known["verified"])


def _renewal(rule: Rule, known: Plain) -> list[float]:
    """Money by area from `last` awards and `kpi`; `asks` where they limit it; the floor is in the same unit."""
    assert isinstance(rule, Renewal)
    last, kpi = (np.asarray(known[name], dtype=np.float64) for name in ("last", "kpi"))
    asks = np.asarray(known.get("asks", np.full(last.size, np.inf)), dtype=np.float64)
    amounts = rule.amounts(float(known["budget"]), last, kpi, asks, rule.params.floor_yuan)
    return [float(amount) for amount in amounts]


PLAIN_INPUTS = (
    PlainInput("basic.fcfs", _first_come, reads="budget projects|asks_in_order"),
    PlainInput("panel.", _panel, reads="scores budget projects"),
    PlainInput("rotation.round_robin", _round_robin, reads="budget projects|asks_in_order areas start"),
    PlainInput(
        "lottery.full", _lottery, reads="budget projects|asks_in_order scores line seed", words={"line": "input.line"}
    ),
    PlainInput(
        "lottery.weighted",
        _lottery,
        reads="budget projects|asks_in_order tickets line seed",
        words={"line": "input.line"},
    ),
    PlainInput(
        "lottery.partial",
        _lottery,
        reads="budget projects|asks_in_order scores line seed",
        words={"line": "input.line"},
    ),
    PlainInput(
        "staged.mature_one_build_one",
        _mature,
        reads="cost readiness rounds build_rounds income pot",
        words={"build_rounds": "input.build_rounds", "income": "input.income"},
    ),
    PlainInput("staged.tranche", _tranche, reads="award verified"),
    PlainInput("perf.renewal", _renewal, reads="budget last kpi asks", words={"floor": "floor_yuan"}),
)
