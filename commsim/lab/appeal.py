"""Appeals for money: what is offered, shown and announced, over one or several rounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, logit

from commsim.behaviour.amounts import reluctance, share_given
from commsim.behaviour.asking import weariness
from commsim.behaviour.learning import moved_towards
from commsim.behaviour.social_influence import anchor_factor, being_seen, exposure_shift, told_belief
from commsim.behaviour.terms_heard import TermsEffects, donor_signal, part_of_signal, size_of_gift
from commsim.i18n import _
from commsim.lab.argument_names import spelled, unknown
from commsim.lab.checks import InvalidField, value
from commsim.lab.field_kinds import (
    MOST_REMINDERS,
    MOST_ROUNDS,
    Choice,
    Flag,
    Kind,
    Listed,
    Made,
    Number,
    Whole,
    maybe,
    money,
    share,
)
from commsim.lab.measured_effects import intercept_for
from commsim.lab.networks import Network, acting_ties, adjacency, nodes
from commsim.lab.population import Population
from commsim.lab.protocol import CHANNEL, Outcome, Protocol, lasting_log_odds, repeated, salience_of
from commsim.randomness import Draws

VISIBLES = ("none", "coded", "named")
Numbers = NDArray[np.float64]
_FIXED = ("population", "base_rate", "usual_gift", "rounds", "by_round", "network", "audience")


@spelled
@dataclass(frozen=True)
class Appeal(Protocol):
    """People are asked for money, once a round.

    Of the act itself: `base_rate`, the share who give where nothing is offered (control arm); `usual_gift`, the mean
    gift of those who then give; `channel` (see `CHANNELS`, or a salience).

    Offered: `match_rate` (added by a donor per unit given) on gifts from `match_from` up to `match_until`, up to
    `match_cap` in all; `match_if_share`, share of others who must give for the match to be paid; `seed_share` of the
    `goal` announced as given; `lead_gift`, an amount announced as given by another donor; `refund` where the goal is
    missed; `public` where seed and match are public money, which may crowd out; `shown_gift`, the example of another's
    gift; `shown_share`, the share of others said to give; `reward`, value of a gift that comes with the ask;
    `reminders`, further asks in the same round, which repeat what is offered and shown with less and less weight;
    `visible`: gifts are listed by code or by name. `threshold`: own money in all below which the project fails (with
    `refund`, gifts then go back: column `kept`); without one, but with a `goal`, what is not announced as given of it.

    `by_round`: what differs in each round, such as `({"match_rate": 1}, {})`; `rounds`, if there are more (the last one
    goes on), default: as many as `by_round` describes, or one.
    `network`: ties who are seen to give where gifts are listed by name (`visible="named"`). `audience`: people who see
    a list (default: all others); any above 0 count alike. Amounts are in the unit of `usual_gift`.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("base_rate", "usual_gift", "channel")
    kinds: ClassVar[Mapping[str, Kind]] = {
        "population": maybe(Made(Population, _("a Population, such as Population.sample(1000)"))),
        "base_rate": share(inside=True),
        "usual_gift": money(above=True),
        "channel": CHANNEL,
        "match_rate": Number(0, 100),
        "match_from": money(),
        "match_until": Number(endless=True),
        "match_cap": maybe(money()),
        "match_if_share": maybe(share()),
        "goal": maybe(money(above=True)),
        "seed_share": share(),
        "lead_gift": money(),
        "refund": Flag(),
        "threshold": maybe(money()),
        "public": Flag(),
        "shown_gift": maybe(money(above=True)),
        "shown_share": maybe(share()),
        "reward": money(),
        "reminders": Whole(0, MOST_REMINDERS),
        "visible": Choice(VISIBLES),
        "network": maybe(Network()),
        "audience": maybe(Whole(0)),
        "rounds": maybe(Whole(1, MOST_ROUNDS)),
        "by_round": Listed(Made(Mapping, _("a mapping")), _("a sequence of mappings, one a round: [{…}, {…}]")),
    }

    population: Population | None = None
    _: KW_ONLY
    base_rate: float = 0.02
    usual_gift: float = 50.0
    channel: str | float = "letter"
    match_rate: float = 0.0
    match_from: float = 0.0
    match_until: float = math.inf
    match_cap: float | None = None
    match_if_share: float | None = None
    goal: float | None = None
    seed_share: float = 0.0
    lead_gift: float = 0.0
    refund: bool = False
    threshold: float | None = None
    public: bool = False
    shown_gift: float | None = None
    shown_share: float | None = None
    reward: float = 0.0
    reminders: int = 0
    visible: str = "none"
    network: Any = None
    audience: int | None = None
    rounds: int | None = None
    by_round: tuple[Mapping[str, Any], ...] = ()

    def offer(self, number: int) -> Appeal:
        """The appeal as it stands in round `number` (from 0)."""
        if not self.by_round:
            return self
        return replace(self, by_round=(), **self.by_round[min(number, len(self.by_round) - 1)])

    def _check_together(self) -> None:
        if len(self.by_round) > self._rounds:
            text = _("Appeal: by_round describes {n} rounds, but rounds is {rounds}; give rounds={n} or leave some out")
            raise InvalidField(text.format(n=len(self.by_round), rounds=self._rounds), "by_round")
        changeable = sorted(set(self.kinds) - set(_FIXED))
        for number, differs in enumerate(self.by_round):
            for name, came in differs.items():
                if name not in changeable:
                    raise unknown("Appeal.by_round", name, changeable, f"by_round.{number}.{name}")
                value("Appeal", f"by_round.{number}.{name}", came, self.kinds[name])
        for number in range(max(1, len(self.by_round))):
            self.offer(number)._check_offer()

    @property
    def _rounds(self) -> int:
        return self.rounds or len(self.by_round) or 1

    def _check_offer(self) -> None:
        if self.match_rate > 0 and (self.match_cap == 0 or self.match_until == 0):
            text = _("Appeal: a match with match_cap or match_until 0 never pays; leave match_rate at 0")
            raise InvalidField(text, "match_cap" if self.match_cap == 0 else "match_until")
        if self.match_until < self.match_from:
            text = _("Appeal: match_until ({until:g}) lies below match_from ({start:g}); no gift would be matched")
            raise InvalidField(text.format(until=self.match_until, start=self.match_from), "match_until")
        if self.goal is not None and self.lead_gift > self.goal:
            text = _("Appeal: lead_gift ({gift:g}) is more than the goal ({goal:g}); nothing would be left to give")
            raise InvalidField(text.format(gift=self.lead_gift, goal=self.goal), "lead_gift")

    def _check_people(self, population: Population) -> None:
        self._check_network(self.network, population)

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """All rounds."""
        play = _Play(self, self.people(population), parameters, draws)
        rows = [play.round(number) for number in range(self._rounds)]
        more = {name: np.stack([row[name] for row in rows]) for name in ("match", "kept")}
        amount = np.stack([row["gift"] for row in rows])
        return Outcome(acted=amount > 0, amount=amount, more=more, totals=_totals(self, amount, more))

    def people(self, population: Population) -> Population:
        """Its own population, if it has one."""
        return population if self.population is None else self.population

    def people_needed(self) -> int | None:
        """Those of its own population, if it has one, or of its network."""
        if self.population is not None:
            return len(self.population)
        return None if self.network is None else nodes(self.network)

    @property
    def announced_share(self) -> float:
        """Share of the goal announced as given: the seed and, where there is a goal, the lead gift."""
        return min(1.0, self.seed_share + (self.lead_gift / self.goal if self.goal else 0.0))


def _totals(appeal: Appeal, amount: Numbers, more: Mapping[str, Numbers]) -> dict[str, float]:
    return {
        "own": float(amount.sum()),
        "match": float(more["match"].sum()),
        "received": float(more["kept"].sum() + more["match"].sum()) + appeal.lead_gift,
    }


class _Play:
    """One play of an appeal: what lasts of its people and what they learn from round to round. Columns (n,)."""

    def __init__(self, appeal: Appeal, people: Population, parameters: Mapping[str, float], draws: Draws) -> None:
        self.appeal, self.people, self.p, self.draws = appeal, people, parameters, draws
        self.effects = TermsEffects.of(parameters)
        self.belief: Numbers = people["belief"].astype(np.float64)
        self.belief_at_first = self.belief.copy()
        self.habit: Numbers = people["habit"].astype(np.float64)
        self.habit_at_first = self.habit.copy()
        self.gave_before = people["experienced"].astype(bool)
        self.gave_last: NDArray[np.bool_] = np.zeros(len(people), dtype=bool)
        self.offered_last = 0.0
        self.ties: csr_array | None = None if appeal.network is None else adjacency(appeal.network)
        lasting = lasting_log_odds(people, parameters)
        share = self._schedule(self.belief)
        readiness = lasting + reluctance(share, parameters["lab.refusal"])
        self.intercept = intercept_for(appeal.base_rate, readiness)
        spread = parameters["lab.gift_spread"]
        self.means = np.exp(spread * people["means"])
        self.unit = self._unit(share, readiness)
        chances = expit(self.intercept + readiness)
        self.usual_share = float((chances * self._given(share)).sum() / chances.sum())

    def _schedule(self, belief: Numbers) -> Numbers:
        """Share by schedule; 0 where it says to give nothing."""
        people = self.people
        return share_given(belief, people["schedule_base"], people["schedule_slope"], people["schedule_peak"])

    def _unit(self, share: Numbers, readiness: Numbers) -> float:
        """What a whole share of usual means is worth, so that givers of the control arm give the usual gift."""
        chances = expit(self.intercept + readiness)
        return float(self.appeal.usual_gift * chances.sum() / (chances * self._given(share) * self.means).sum())

    def _given(self, share: Numbers) -> Numbers:
        """Share given by those who say yes: never less than the least that is a gift."""
        return np.maximum(share, self.p["lab.least_share"])

    def round(self, number: int) -> dict[str, Numbers]:
        """Ask (and remind), give, match, list, learn."""
        offer = self.appeal.offer(number)
        share = self._schedule(self.belief)
        yes = self._yes(offer, number, share)
        share = self._given(share)
        gift = np.where(yes, self._size(offer, share), 0.0)
        match = self._match(offer, gift)
        kept = gift if self._comes_about(offer, gift) or not offer.refund else np.zeros_like(gift)
        self._learn(offer, yes, share)
        return {"gift": gift, "match": match if kept is gift else np.zeros_like(match), "kept": kept}

    def _yes(self, offer: Appeal, number: int, share: Numbers) -> NDArray[np.bool_]:
        """Who says yes in this round, after all of its asks: one draw of luck per person and round."""
        spread = self.p["lab.disposition_spread"] * self.people["disposition"]
        log_odds = self.intercept + spread + self.p["yes.habit"] * self.habit + self._shifts(offer)
        log_odds = log_odds + reluctance(share, self.p["lab.refusal"]) + weariness(number, self.p["lab.weariness"])
        luck = self.draws.uniforms("say yes", len(log_odds), month=number)
        return np.asarray(logit(luck) < log_odds)

    def _shifts(self, offer: Appeal) -> Numbers | float:
        """Log-odds that the offer, as far as it is read, and the others add, at the salience of the channel."""
        p = self.p
        offered = self._offered(offer)
        told = self._read(offer) * (offered - p["lab.withdrawn"] * max(self.offered_last - offered, 0.0))
        self.offered_last = offered
        shift: Numbers | float = 0.0
        if offer.shown_share is not None:
            shift = shift + p["lab.norm"] * (
                told_belief(self.belief, offer.shown_share, p["belief.others"]) - self.belief
            )
        if offer.match_if_share is not None:
            shift = shift + p["lab.norm"] * self._implied(offer.match_if_share)
        if offer.visible == "named" and self._audience(offer) > 0:
            shift = shift + being_seen(1.0, p["yes.seen"])
        if offer.visible == "named" and self.ties is not None:
            shift = shift + exposure_shift(acting_ties(self.ties, self.gave_last), p["yes.exposure"])
        asks = repeated(offer.reminders, p)
        return asks * told + salience_of(offer.channel, p) * (asks * shift + (asks - 1.0) * p["lab.reminded"])

    def _read(self, offer: Appeal) -> float:
        """How far what is offered reaches people: in a letter wholly, and nothing says it more than wholly."""
        return min(salience_of(offer.channel, self.p), 1.0)

    def _offered(self, offer: Appeal) -> float:
        """Log-odds that what is offered adds: donor signal, price, a gift that comes with the ask."""
        p, effects = self.p, self.effects
        terms = effects.signal * self._signal(offer) + effects.price * float(effects.log_rate(self._rate(offer)))
        # A gift worth more than what is usually given is no larger a gift.
        felt = min(offer.reward / offer.usual_gift, 1.0) / p["lab.reward_felt"] if offer.reward > 0 else 0.0
        return float(effects.transfer * terms + p["lab.reward"] * np.log1p(felt))

    def _implied(self, share: float) -> Numbers:
        """What a condition on others says of them: a pull up to it that turns where it is no longer believable."""
        above = np.maximum(share - self.belief, 0.0)
        return np.asarray(above * np.maximum(1.0 - above / self.p["lab.believable_share"], -1.0))

    def _believed_paid(self, share: float) -> float:
        """How far people believe that a match comes about for which `share` of the others must give."""
        above = np.maximum(share - self.belief, 0.0)
        return float(np.maximum(1.0 - above / self.p["lab.believable_share"], 0.0).mean())

    def _audience(self, offer: Appeal) -> int:
        return len(self.people) - 1 if offer.audience is None else offer.audience

    def _rate(self, offer: Appeal) -> float:
        """The match rate as it can be paid: on a usual gift within its limits, and within the cap if all give as usual.

        With `match_from` it counts by the share of people who could stretch a gift of theirs to that.
        """
        return self._within_limits(offer) * self._paid(offer)

    def _within_limits(self, offer: Appeal) -> float:
        """The match rate on a usual gift, if the match is paid."""
        if not offer.match_rate:
            return 0.0
        stretch = np.exp(self.p["lab.threshold_stretch"] * np.log1p(offer.match_rate))
        reached = float((self.unit * self.usual_share * self.means * stretch >= offer.match_from).mean())
        return offer.match_rate * reached * min(1.0, offer.match_until / offer.usual_gift)

    def _paid(self, offer: Appeal) -> float:
        """The part of the match that people expect to be paid: its condition met, and within its cap."""
        part = 1.0 if offer.match_if_share is None else self._believed_paid(offer.match_if_share)
        expected = len(self.people) * offer.base_rate * offer.usual_gift * self._within_limits(offer) * part
        return part if offer.match_cap is None or not expected else part * min(1.0, offer.match_cap / expected)

    def _signal(self, offer: Appeal) -> float:
        match = part_of_signal(self._rate(offer), self.effects.match_half)
        lead = part_of_signal(offer.lead_gift / offer.usual_gift, self.p["lab.lead_half"])
        return float(donor_signal(offer.announced_share, np.maximum(match, lead), self.effects, offer.public))

    def _size(self, offer: Appeal, share: Numbers) -> Numbers:
        """Gifts of those who give: schedule × means × offer × example, stretched to where a match begins."""
        # Without a goal public money stands for as large a share as its announcement says.
        public = max(offer.announced_share, self._signal(offer)) if offer.public else 0.0
        usual = self.unit * share * self.means
        matched = np.where(usual > 0, np.minimum(usual, offer.match_until) / np.maximum(usual, np.finfo(float).tiny), 0)
        # A match that can hardly be paid stands in for nobody's gift.
        rate = offer.match_rate * matched * self._paid(offer)
        signal = self._signal(offer)
        plain = size_of_gift(signal, 0.0, offer.refund, public, self.effects)
        with_match = plain * np.exp(
            -self.effects.transfer * self.effects.match_substitution * self.effects.log_rate(rate)
        )
        size = usual * np.where(usual >= offer.match_from, with_match, plain) ** self._read(offer)
        size = self._stretched(offer, size)
        return size * self._anchor(offer) if offer.shown_gift is not None else size

    def _stretched(self, offer: Appeal, size: Numbers) -> Numbers:
        """Some raise a gift that would stay below `match_from` to the size from which it is matched."""
        reach = np.exp(self.p["lab.threshold_stretch"] * np.log1p(offer.match_rate))
        worth = (size < offer.match_from) & (size * reach >= offer.match_from)
        return np.where(worth, offer.match_from, size)

    def _anchor(self, offer: Appeal) -> Numbers:
        assert offer.shown_gift is not None
        p = self.p
        ratio = offer.shown_gift / offer.usual_gift
        weights = (p["belief.others"], p["lab.anchor_experienced"], p["lab.anchor_believable"])
        return anchor_factor(ratio, self.gave_before, *weights)

    def _match(self, offer: Appeal, gift: Numbers) -> Numbers:
        """What is added to each gift, within the cap, if enough others give."""
        enough = offer.match_if_share is None or (gift > 0).mean() >= offer.match_if_share
        if not (offer.match_rate and enough):
            return np.zeros_like(gift)
        match = np.where(gift >= offer.match_from, np.minimum(gift, offer.match_until), 0.0) * offer.match_rate
        total = match.sum()
        cap = math.inf if offer.match_cap is None else offer.match_cap
        return match * (cap / total) if total > cap else match

    @staticmethod
    def _comes_about(offer: Appeal, gift: Numbers) -> bool:
        needed = offer.threshold
        if needed is None and offer.refund and offer.goal is not None:
            needed = offer.goal * (1.0 - offer.announced_share)
        return needed is None or bool(gift.sum() >= needed)

    def _learn(self, offer: Appeal, yes: NDArray[np.bool_], share: Numbers) -> None:
        """Giving makes a habit; where gifts are listed, givers learn what the others on the list gave."""
        p = self.p
        faded = moved_towards(self.habit, self.habit_at_first, p["habit.decay_year"])
        self.habit = moved_towards(faded, np.where(yes, 1.0, faded), p["habit.speed"]).astype(np.float64)
        self.gave_before = self.gave_before | yes
        self.gave_last = yes
        givers = int(yes.sum())
        if offer.visible != "none" and givers > 1:
            # Where all give as is usual here, the list says nothing new: beliefs follow the difference from that.
            others = (share[yes].sum() - share[yes]) / (givers - 1) - self.usual_share
            told = np.clip(self.belief_at_first[yes] + others, 0.0, 1.0)
            self.belief[yes] = moved_towards(self.belief[yes], told, p["belief.others"])
