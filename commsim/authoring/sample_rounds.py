"""Rounds made for trying rules on, small and large, without a model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np

from commsim.calling.call import call_rule
from commsim.calling.views import make_view
from commsim.contracts import Award, RoundKey, RoundView, Rule
from commsim.contracts.made_values import between
from commsim.contracts.openings import (
    INDICATOR,
    Column,
    Ground,
    Kept,
    Part,
    opened_columns,
    opened_parts,
)
from commsim.randomness import Draws

ROUNDS = 40
"""Small made rounds that a rule is tried on."""


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
    money. Each need is made with luck of its own, so that a new one changes nothing that others open.
    """
    ground, budget, month = _ground(number, size)
    if alone:
        ground = replace(ground, areas=ground.proposals, area=np.arange(ground.proposals))
    words = {
        "round": RoundKey("made", "made", number),
        "month": month,
        "date": "2017-01",
        "budget": budget * times,
        "draws": Draws(number),
        "proposals": _proposals(ground, number, divisible, times),
        "areas": _areas(ground, number, rule, alone, times),
        **_parts(ground, number, times),
    }
    if order is not None:
        _permute(words, np.asarray(order, dtype=np.int64))
    terms = call_rule(rule, "open_round", make_view(rule, **words))
    return make_view(rule, **words, terms=terms)


def _ground(number: int, size: tuple[int, int] | None) -> tuple[Ground, int, int]:
    """How many there are of what, and budget (fen) and month."""
    luck = np.random.Generator(np.random.PCG64(number))  # the checker's own luck; a rule never sees it
    proposals, residents = size or (int(luck.integers(0, 9)), int(luck.integers(0, 40)))
    ask = luck.integers(100, 5_000_000, proposals)
    areas = int(luck.integers(1, 5))
    most = min(3, proposals)
    taken_up = (
        luck.random((residents, proposals)).argsort(axis=1)[:, :most] if size is None else _spread(luck, size, most)
    )
    budget, month = int(luck.integers(0, int(ask.sum()) + 2)), int(luck.integers(0, 60))
    area = luck.integers(0, areas, proposals)
    return Ground(luck, proposals, areas, residents, area, ask, taken_up), budget, month


def _spread(luck: np.random.Generator, size: tuple[int, int], most: int) -> Any:
    first = luck.integers(0, size[0], (size[1], 1))
    return (first + np.arange(most) * (size[0] // max(most, 1))) % max(size[0], 1)


def _made(opening: Column | Part, ground: Ground, number: int, times: int) -> Any:
    """What an opening holds, made with luck of its own, all money so many times as much."""
    luck = np.random.Generator(np.random.PCG64([number, crc32(opening.path.encode())]))
    assert opening.made is not None
    value = opening.made(replace(ground, luck=luck))
    return value if times == 1 else opening.times(value, times)


def _proposals(ground: Ground, number: int, divisible: bool, times: int) -> dict[str, Any]:
    ask = ground.ask * times
    return {
        "id": tuple(f"p{position}" for position in range(1, ground.proposals + 1)),
        "area": ground.area,
        "ask": ask,
        "minimum_viable": np.zeros_like(ask) if divisible else ground.ask // 2 * times,
        **_columns("proposals", ground, number, times),
    }


def _columns(table: str, ground: Ground, number: int, times: int) -> dict[str, Any]:
    return {
        column.name: _made(column, ground, number, times)
        for _need, column in opened_columns()
        if column.table == table and column.made is not None
    }


def _areas(ground: Ground, number: int, rule: Rule, alone: bool, times: int) -> dict[str, Any]:
    """The areas, with the network indicators that the rule needs made like the rest."""
    one_area = replace(ground, areas=1) if alone else ground
    columns = _columns("areas", one_area, number, times)
    for need in sorted(rule.needs):
        if need.startswith(INDICATOR):
            name = need.removeprefix(INDICATOR)
            columns[name] = _made(
                Column(f"areas.{name}", np.float64, made=between(0.0, 1.0, "areas")), one_area, number, 1
            )
    if alone:
        columns = {name: np.repeat(values, ground.areas, axis=0) for name, values in columns.items()}
    return {"id": tuple(f"a{position}" for position in range(ground.areas)), **columns}


def _parts(ground: Ground, number: int, times: int) -> dict[str, Any]:
    return {part.name: _made(part, ground, number, times) for _need, part in opened_parts() if part.made is not None}


def _permute(words: dict[str, Any], order: Any) -> None:
    """Put the proposals into another order, wherever they stand."""
    columns = words["proposals"]
    columns |= {name: values[order] for name, values in columns.items() if name != "id"}
    columns["id"] = tuple(columns["id"][position] for position in order)
    kept = Kept.of(order, len(order))
    words |= {part.name: part.cut(words[part.name], kept) for _need, part in opened_parts() if part.name in words}


def award_in(rule: Rule, view: RoundView) -> Award:
    """What `rule` awards, held to the contract."""
    award: Award = call_rule(rule, "settle", view)
    return award
