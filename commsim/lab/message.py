"""Messages that ask people to turn out: plain, about duty, with others watching; with or without visible peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from commsim.behaviour.social_influence import being_seen, exposure_shift, told_belief
from commsim.i18n import _
from commsim.lab.argument_names import spelled
from commsim.lab.checks import InvalidField
from commsim.lab.field_kinds import MOST_REMINDERS, Choice, Flag, Kind, Whole, maybe, share
from commsim.lab.measured_effects import intercept_for
from commsim.lab.networks import Network, acting_ties, adjacency, nodes
from commsim.lab.population import Population
from commsim.lab.protocol import CHANNEL, Outcome, Protocol, lasting_log_odds, repeated, salience_of
from commsim.randomness import Draws

KINDS = ("control", "duty", "watched", "own_record", "neighbours")
_MOST_STEPS = 1000


@spelled
@dataclass(frozen=True)
class Message(Protocol):
    """People get a message about an act such as voting, and act or not; `acted` is turnout.

    Of the act: `base_rate`, turnout without a message; `channel`, through which the message comes. `kind`: "control"
    (none, but for what `shown_share` tells), "duty" (one ought to), "watched" (researchers look), "own_record" (one's
    household is shown its record), "neighbours" (so are the neighbours). `network`: who is tied to whom. Ties
    notice who acts that would not have acted otherwise, and follow, until nobody does any more. With `visible_peers` it
    shows which of one's ties have acted at all, and those who got it tell their ties. `shown_share`: share of others
    said to act.
    `treated_share`: share of people who get it (a random one; column `treated`). `reminders`: further messages, each
    of which adds less than the one before (`repeated`) to the same person's one chance of acting.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("base_rate", "channel")
    kinds: ClassVar[Mapping[str, Kind]] = {
        "kind": Choice(KINDS),
        "base_rate": share(inside=True),
        "channel": CHANNEL,
        "visible_peers": Flag(),
        "network": maybe(Network()),
        "shown_share": maybe(share()),
        "treated_share": share(),
        "reminders": Whole(0, MOST_REMINDERS),
    }

    kind: str = "control"
    _: KW_ONLY
    base_rate: float = 0.3
    channel: str | float = "letter"
    visible_peers: bool = False
    network: Any = None
    shown_share: float | None = None
    treated_share: float = 1.0
    reminders: int = 0

    def people_needed(self) -> int | None:
        """Nodes of its network, if it has one."""
        return None if self.network is None else nodes(self.network)

    def _check_together(self) -> None:
        if self.visible_peers and self.network is None:
            text = _("Message: visible_peers shows which of one's ties have acted; give a network with those ties")
            raise InvalidField(text, "visible_peers")

    def _check_people(self, population: Population) -> None:
        self._check_network(self.network, population)

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """One occasion."""
        n = len(population)
        lasting = lasting_log_odds(population, parameters)
        level = intercept_for(self.base_rate, lasting) + lasting
        treated = draws.uniforms("gets the message", n) < self.treated_share
        shift = np.where(treated, self._shift(population, parameters), 0.0)
        level = level + shift
        needed = logit(draws.uniforms("say yes", n)) - level
        acted = needed < 0
        if self.network is not None:
            unasked = needed + shift < 0
            acted = self._spread(acted, unasked, needed, treated, parameters)
        return Outcome(
            acted=acted[None, :], amount=acted[None, :].astype(np.float64), more={"treated": treated[None, :]}
        )

    def _shift(self, population: Population, parameters: Mapping[str, float]) -> NDArray[np.float64] | float:
        """Log-odds that the message and its reminders add for those who get them."""
        p = parameters
        watching = {
            "control": 0.0,
            "duty": 0.0,
            "watched": p["lab.audience_researcher"],
            "own_record": p["lab.audience_household"],
            "neighbours": 1.0,
        }[self.kind]
        asked = self.kind != "control"
        if asked and self.channel == "door":
            watching = max(watching, p["lab.audience_asker"])
        shift: Any = p["lab.duty"] * asked + being_seen(watching, p["yes.seen"])
        if self.shown_share is not None:
            belief = population["belief"].astype(np.float64)
            shift = shift + p["lab.norm"] * (told_belief(belief, self.shown_share, p["belief.others"]) - belief)
        return salience_of(self.channel, p) * repeated(self.reminders, p) * shift

    def _spread(
        self,
        acted: NDArray[np.bool_],
        unasked: NDArray[np.bool_],
        needed: NDArray[np.float64],
        treated: NDArray[np.bool_],
        parameters: Mapping[str, float],
    ) -> NDArray[np.bool_]:
        """Acts show to ties, who may follow, until nobody else does. `unasked`: who would act without the message."""
        ties = adjacency(self.network)
        shown = self.visible_peers and self.kind != "control"
        exposure, salience = parameters["yes.exposure"], salience_of(self.channel, parameters)
        usual = exposure_shift(acting_ties(ties, unasked), exposure)
        for _step in range(_MOST_STEPS):
            if shown:
                seen = np.where(treated, acting_ties(ties, acted), acting_ties(ties, acted & treated))
                pull = exposure_shift(seen, exposure, salience)
            else:
                pull = exposure_shift(acting_ties(ties, acted), exposure) - usual
            after = acted | (needed < pull)
            if np.array_equal(after, acted):
                break
            acted = after
        return acted
