"""What every protocol of the laboratory is: checked before it runs, then played by the kernel's residents."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.lab import checks
from commsim.lab.field_kinds import Choice, Either, Kind, Number
from commsim.lab.networks import nodes
from commsim.lab.population import Population
from commsim.randomness import Draws

CHANNELS = ("letter", "caller", "door", "list", "banner")
"""Channels with a salience in the registry (`lab.salience_*`); a protocol also takes a number."""
CHANNEL = Either((Choice(CHANNELS), Number(0, 10)))
"""What a field `channel` takes: a name, or a salience."""


@dataclass(frozen=True)
class Outcome:
    """What happened: `acted` (bool) and `amount` (the protocol's own unit), shape (rounds, units).

    `more`: further columns of the same shape (such as the match that a gift drew); `totals`: numbers of the whole.
    """

    acted: NDArray[np.bool_]
    amount: NDArray[np.float64]
    more: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)
    lasting: bool = False
    """Whether it stops where nothing changes any more, so that every later round looks like the last."""

    def until(self, rounds: int) -> Outcome:
        """The same, with its last round repeated up to `rounds` where it stopped before."""
        missing = rounds - len(self.acted)
        if not self.lasting or missing <= 0:
            return self

        def longer(values: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([values, np.repeat(values[-1:], missing, axis=0)])

        more = {name: longer(values) for name, values in self.more.items()}
        return replace(self, acted=longer(self.acted), amount=longer(self.amount), more=more)


class Protocol(ABC):
    """A situation that residents are put into. Subclasses are frozen dataclasses whose fields describe it.

    A protocol has no coefficients: what it declares of the act itself (base rate in the control arm, cost, usual
    gift, salience of the channel) is listed by `declared`; all else comes from the registry.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that describe the act itself."""
    kinds: ClassVar[Mapping[str, Kind]] = {}
    """What each field takes, by name."""

    @property
    def declared(self) -> dict[str, Any]:
        """What this protocol declares of the act itself, by name."""
        return {name: getattr(self, name) for name in self.describes_the_act}

    def check_values(self) -> None:
        """Refuse values that are impossible whoever takes part. Raises InvalidInput."""
        checks.fields(self)
        self._check_together()

    def check(self, population: Population) -> None:
        """Refuse impossible values, and people that they do not fit, before anything runs. Raises InvalidInput."""
        self.check_values()
        self._check_people(population)

    def _check_together(self) -> None:
        """Refuse values that fit one by one but not together. Raises InvalidInput."""
        return

    def _check_people(self, population: Population) -> None:
        """Refuse people that the values do not fit. Raises InvalidInput."""
        return

    def _check_network(self, network: Any, population: Population) -> None:
        """Refuse a network that has not one node for each of those who take part. Raises InvalidInput."""
        if network is not None:
            checks.fitting_network(type(self).__name__, nodes(network), len(self.people(population)))

    @abstractmethod
    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """Play it once. Chance comes from `draws` only, by decision, round and person."""

    def people(self, population: Population) -> Population:
        """Who of an experiment's `population` plays here: all of them, unless the protocol says otherwise."""
        return population

    def people_needed(self) -> int | None:
        """How many people it takes, where the protocol itself says so (a network's nodes); else None."""
        return None


def salience_of(channel: str | float, parameters: Mapping[str, float]) -> float:
    """Salience of a channel: the registry's for a name of `CHANNELS`, or the number given."""
    return parameters[f"lab.salience_{channel}"] if isinstance(channel, str) else float(channel)


def repeated(reminders: int, parameters: Mapping[str, float]) -> float:
    """What an ask and its `reminders` add together, against the ask alone (1).

    Each further ask adds the same shift again, times exp(`lab.repeated_ask`) for every ask before it. People keep the
    luck of the round: where the ask itself moves nobody, no number of reminders does.
    """
    return float(np.exp(parameters["lab.repeated_ask"] * np.arange(1 + reminders)).sum())


def lasting_log_odds(population: Population, parameters: Mapping[str, float]) -> NDArray[np.float64]:
    """What lasts of people's readiness to say yes: disposition and habit, in log-odds, shape (n,)."""
    spread = parameters["lab.disposition_spread"]
    return np.asarray(spread * population["disposition"] + parameters["yes.habit"] * population["habit"])
