"""What the model shows a rule of a round: something for every need, made for the rules that list it."""

from __future__ import annotations

from typing import Any

import numpy as np

from commsim.contracts import NEEDS, Award, Bilingual, RoundView, Rule, Terms
from commsim.processes.round_view import GIVES
from tests.processes.runs import run


class SeesEverything(Rule):
    id = "test.sees_everything"
    title = Bilingual(en="Sees everything", zh="全看")
    needs = frozenset(NEEDS)

    def settle(self, view: RoundView) -> Award:
        SEEN.append({place: read(view, place) for places in NEEDS.values() for place in places})
        return Award(paid=np.zeros(len(view.proposals), np.int64), reasons=("nothing",) * len(view.proposals))


SEEN: list[dict[str, Any]] = []


def read(view: RoundView, place: str) -> Any:
    holder, _dot, name = place.rpartition(".")
    return getattr(getattr(view, holder) if holder else view, name)


def test_the_model_has_a_maker_for_every_place_that_a_need_opens() -> None:
    assert set(GIVES) == {place for places in NEEDS.values() for place in places}


def test_a_rule_that_needs_everything_is_shown_everything_in_a_run() -> None:
    SEEN.clear()
    run(SeesEverything())
    assert SEEN and all(seen.keys() == GIVES.keys() and None not in seen.values() for seen in map(_plain, SEEN))
    assert any(len(seen["history"]) for seen in SEEN)


def _plain(seen: dict[str, Any]) -> dict[str, Any]:
    return {place: None if value is None else type(value).__name__ for place, value in seen.items()}


def test_what_a_rule_does_not_need_is_not_made(monkeypatch: Any) -> None:
    made: list[str] = []
    for place, maker in list(GIVES.items()):
        monkeypatch.setitem(GIVES, place, lambda shown, place=place, maker=maker: made.append(place) or maker(shown))

    class SeesNothing(SeesEverything):
        needs = frozenset()

        def open_round(self, view: RoundView) -> Terms:
            return Terms()

        def settle(self, view: RoundView) -> Award:
            return Award(paid=np.zeros(len(view.proposals), np.int64), reasons=("nothing",) * len(view.proposals))

    run(SeesNothing())
    # The last three are what the fund's order inside an area may go by.
    assert set(made) == {"ballots", "proposals.submitted_at", "proposals.readiness"}
