"""An organisation raises money: it chooses how many people to ask, and a grant may stand in for that effort."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit, logit

from commsim.behaviour.fundraising import chosen_asks, cost_of_asking, usual_asks
from commsim.behaviour.recruiting import chosen
from commsim.behaviour.terms_heard import TermsEffects, donor_signal, size_of_gift
from commsim.i18n import _
from commsim.lab import checks
from commsim.lab.appeal import Appeal
from commsim.lab.argument_names import spelled, spelled_method
from commsim.lab.field_kinds import MOST_PEOPLE, Choice, Flag, Kind, Made, Number, Whole, maybe, money, share
from commsim.lab.measured_effects import kernel_parameters
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol
from commsim.randomness import Draws
from commsim.scenario.registry import Parameters

EFFORTS = ("chosen", "fixed")


@spelled
@dataclass(frozen=True)
class Organisation:
    """What raises money: `need`, money it could use; `cost_per_ask`, time and money that asking one person more costs
    at its usual effort (the nearest cost less, those beyond more); `usual_asks`, how many it asks where its effort is
    fixed (default: as many as it would without a grant)."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        "need": money(above=True),
        "cost_per_ask": money(),
        "usual_asks": maybe(Whole(0)),
    }

    need: float = 10_000.0
    cost_per_ask: float = 0.6
    usual_asks: int | None = None

    def __post_init__(self) -> None:
        checks.fields(self)


@spelled
@dataclass(frozen=True)
class Fundraiser(Protocol):
    """An organisation with a public `grant` asks people for gifts; `amount` is what each gives.

    `effort`: "chosen" (it asks until another ask is not worth its cost, given what it still needs) or "fixed".
    `required_match`: own money per unit of the grant without which the grant is lost. `public`: donors know of the
    grant (`told`), and it may crowd out their gifts. Of the act: `base_rate` and `usual_gift` of an ask.

    Totals: `asks`, `own` (raised), `grant` (paid), `cost`, `net` (own + grant − cost).
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("base_rate", "usual_gift")
    kinds: ClassVar[Mapping[str, Kind]] = {
        "organisation": Made(
            Organisation, _("an Organisation, such as Organisation(need=10000), in a file {need: 10000}")
        ),
        "grant": money(),
        "effort": Choice(EFFORTS),
        "required_match": Number(0, 100),
        "told": Flag(),
        "base_rate": share(inside=True),
        "usual_gift": money(above=True),
    }

    organisation: Organisation = Organisation()
    grant: float = 0.0
    effort: str = "chosen"
    required_match: float = 0.0
    _: KW_ONLY
    told: bool = True
    base_rate: float = 0.02
    usual_gift: float = 50.0

    def _check_people(self, population: Population) -> None:
        usual = self.organisation.usual_asks
        if usual is not None:
            checks.no_more_asks("Fundraiser", "organisation.usual_asks", usual, len(population))

    @property
    def _appeal(self) -> Appeal:
        """What those asked hear: of the grant, where they are told, as of any public money announced as given."""
        share = min(1.0, self.grant / self.organisation.need) if self.told else 0.0
        return Appeal(base_rate=self.base_rate, usual_gift=self.usual_gift, seed_share=share, public=share > 0)

    @spelled_method
    def asks(self, people: int, parameters: Mapping[str, float] | None = None) -> int:
        """How many of `people` it asks; it knows what its grant does to gifts, and how much they differ.

        `parameters`: default, the registry's. Raises InvalidInput for impossible values.
        """
        self.check_values()
        checks.count("Fundraiser.asks", "people", people, 0, MOST_PEOPLE)
        parameters = parameters if isinstance(parameters, Parameters) else kernel_parameters(parameters)
        if people == 0:
            return 0
        if self.effort == "fixed":
            usual = self.organisation.usual_asks
            return self._best(people, 0.0, 0.0, parameters) if usual is None else usual
        return self._best(people, self.grant, self.required_match * self.grant, parameters)

    def _best(self, people: int, grant: float, required: float, parameters: Mapping[str, float]) -> int:
        body = self.organisation
        rate, gift = self._expected(parameters) if grant else (self.base_rate, self.usual_gift)
        # Gifts are about log-normal: their squares' mean is the mean's square times exp(σ²).
        square = rate * gift**2 * math.exp(parameters["lab.gift_spread"] ** 2)
        spread = math.sqrt(square - (rate * gift) ** 2)
        known = (self._usual(people), parameters["lab.effort_growth"])
        return chosen_asks(body.need, grant, rate * gift, body.cost_per_ask, people, required, spread, *known)

    def _usual(self, people: int) -> int:
        """How many it would ask without a grant."""
        body = self.organisation
        return usual_asks(body.need, self.base_rate * self.usual_gift, body.cost_per_ask, people)

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """The organisation decides, then asks; those asked answer."""
        asks = self.asks(len(population), parameters)
        answer = self._appeal.play(population, parameters, draws)
        asked = np.zeros(len(population), dtype=bool)
        asked[chosen(np.ones(len(population)), asks, draws.uniforms("asked", len(population)))] = True
        gifts = np.where(asked, answer.amount[0], 0.0)
        own = float(gifts.sum())
        grant = self.grant if own >= self.required_match * self.grant else 0.0
        growth = parameters["lab.effort_growth"]
        price, usual = self.organisation.cost_per_ask, self._usual(len(population))
        cost = float(cost_of_asking(np.array(asks), price, usual, growth))
        totals = {"asks": float(asks), "own": own, "grant": grant, "cost": cost, "net": own + grant - cost}
        return Outcome(gifts[None, :] > 0, gifts[None, :], more={"asked": asked[None, :]}, totals=totals)

    def _expected(self, parameters: Mapping[str, float]) -> tuple[float, float]:
        """Share who give of those asked, and their mean gift, where they know of the grant as far as they are told."""
        effects = TermsEffects.of(parameters)
        share = self._appeal.announced_share
        signal = donor_signal(share, 0.0, effects, public=True)
        rate = expit(logit(self.base_rate) + effects.transfer * effects.signal * signal)
        return float(rate), float(self.usual_gift * size_of_gift(signal, 0.0, 0.0, share, effects))
