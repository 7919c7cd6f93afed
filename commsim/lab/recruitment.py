"""Who takes part when leaders choose whom to ask, or when people are invited at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from commsim.behaviour.recruiting import chosen, prospects
from commsim.lab import checks
from commsim.lab.argument_names import spelled
from commsim.lab.field_kinds import Choice, Kind, Whole, maybe, share
from commsim.lab.measured_effects import intercept_for
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol, lasting_log_odds
from commsim.randomness import Draws

RECRUITERS = ("none", "leaders", "random")


@spelled
@dataclass(frozen=True)
class Recruitment(Protocol):
    """People are asked to join an activity; `acted` is taking part, column `asked` who was asked.

    `recruiter`: "leaders" ask those likely to say yes, and those they know sooner ("rational prospecting"); "random"
    invites anyone; "none" asks nobody. `asks`: how many are asked (default: a tenth). Of the act: `base_rate`, the
    share of all who would say yes to an ask; `unprompted`, the share who take part without one.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("base_rate", "unprompted")
    kinds: ClassVar[Mapping[str, Kind]] = {
        "recruiter": Choice(RECRUITERS),
        "asks": maybe(Whole(0)),
        "base_rate": share(inside=True),
        "unprompted": share(inside=True),
    }

    recruiter: str = "leaders"
    asks: int | None = None
    _: KW_ONLY
    base_rate: float = 0.5
    unprompted: float = 0.03

    def _check_people(self, population: Population) -> None:
        if self.asks is not None:
            checks.no_more_asks("Recruitment", "asks", self.asks, len(population))

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """One round of asking."""
        p, n = parameters, len(population)
        lasting = lasting_log_odds(population, p)
        alone = logit(draws.uniforms("of one's own accord", n)) < intercept_for(self.unprompted, lasting) + lasting
        asked = self._asked(population, lasting, p, draws)
        leverage = p["yes.channel_leader"] if self.recruiter == "leaders" else 0.0
        would = intercept_for(self.base_rate, lasting) + lasting + leverage * population["known"]
        acted = alone | (asked & (logit(draws.uniforms("say yes", n)) < would))
        return Outcome(acted=acted[None, :], amount=acted[None, :].astype(np.float64), more={"asked": asked[None, :]})

    def _asked(
        self, population: Population, lasting: NDArray[np.float64], p: Mapping[str, float], draws: Draws
    ) -> NDArray[np.bool_]:
        n = len(population)
        asked = np.zeros(n, dtype=bool)
        if self.recruiter == "none":
            return asked
        weights = np.ones(n)
        if self.recruiter == "leaders":
            weights = prospects(lasting, population["known"], p["lab.prospecting"], p["mobilisation.weight_of_known"])
        asks = n // 10 if self.asks is None else self.asks
        asked[chosen(weights, asks, draws.uniforms("asked", n))] = True
        return asked
