"""Votes: committee elections by age and Party membership, and open votes on projects, once or year after year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from commsim.behaviour.asking import weariness
from commsim.behaviour.learning import moved_towards
from commsim.behaviour.turnout import turnout
from commsim.i18n import _
from commsim.lab.argument_names import spelled
from commsim.lab.checks import InvalidField
from commsim.lab.field_kinds import MOST_ROUNDS, Choice, Kind, Whole, maybe, share
from commsim.lab.measured_effects import intercept_for
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol, lasting_log_odds
from commsim.randomness import Draws

KINDS = ("election", "open")
REACHES = ("leader", "neighbour", "group", "staff", "media")


@spelled
@dataclass(frozen=True)
class Vote(Protocol):
    """People may vote; `acted` is voting, once a round (year).

    `kind`: "election" of a residents' committee, whose turnout by age and Party membership was surveyed; "open" vote
    on projects, to which the district's own base rate (`yes.base_vote`) applies unless `base_rate` declares another.
    `channel`: through whom people hear of it; `reach`: the share who hear. `winning`: share of voters whose choice wins
    a round; those who win become used to voting, the others' habit fades.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("base_rate", "channel", "reach")
    kinds: ClassVar[Mapping[str, Kind]] = {
        "kind": Choice(KINDS),
        "base_rate": maybe(share(inside=True)),
        "channel": Choice(REACHES),
        "reach": share(),
        "rounds": Whole(1, MOST_ROUNDS),
        "winning": share(),
    }

    kind: str = "open"
    _: KW_ONLY
    base_rate: float | None = None
    channel: str = "media"
    reach: float = 1.0
    rounds: int = 1
    winning: float = 0.5

    def _check_together(self) -> None:
        for name in self.describes_the_act:
            if self.kind == "election" and getattr(self, name) != getattr(Vote, name):
                text = _(
                    "Vote: an election's turnout was surveyed by age and Party membership, so {name} changes nothing "
                    "in it; leave {name} out or take kind 'open'"
                )
                raise InvalidField(text.format(name=name), name)

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """All rounds."""
        n = len(population)
        if self.kind == "election":
            chances = turnout(population["age"], population["party"], parameters)
            votes = [draws.uniforms("say yes", n, month=number) < chances for number in range(self.rounds)]
        else:
            votes = self._open(population, parameters, draws)
        acted = np.stack(votes)
        return Outcome(acted=acted, amount=acted.astype(np.float64))

    def _open(self, population: Population, p: Mapping[str, float], draws: Draws) -> list[NDArray[np.bool_]]:
        n = len(population)
        own = p["lab.disposition_spread"] * population["disposition"]
        start = habit = population["habit"].astype(np.float64)
        neutral = self.base_rate if self.base_rate is not None else float(expit(p["yes.base_vote"]))
        level = intercept_for(neutral, lasting_log_odds(population, p))
        level += p[f"yes.channel_{self.channel}"] if self.base_rate is None else 0.0
        votes = []
        for number in range(self.rounds):
            hears = draws.uniforms("hears", n, month=number) < self.reach
            luck = logit(draws.uniforms("say yes", n, month=number))
            tired = weariness(number, p["lab.weariness"])
            acted = hears & (luck < level + own + p["yes.habit"] * habit + tired)
            won = acted & (draws.uniforms("choice wins", n, month=number) < self.winning)
            habit = moved_towards(habit, start, p["habit.decay_year"]).astype(np.float64)
            habit = moved_towards(habit, np.where(won, 1.0, habit), p["habit.speed"]).astype(np.float64)
            votes.append(acted)
        return votes
