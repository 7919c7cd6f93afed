"""Public-goods games: groups, rounds, tokens; with strangers or partners, punishment, talk, a provision point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.amounts import share_given
from commsim.behaviour.games import (
    among_partners,
    by_promise,
    disappointed,
    eagerness_to_punish,
    for_gains,
    optimists_left,
    points_assigned,
    reciprocated,
    shared_punishment,
    towards_provision,
    under_threat,
    with_optimism,
    worth_hoping,
)
from commsim.behaviour.learning import updated_belief
from commsim.behaviour.social_influence import being_seen, share_when_seen, told_belief
from commsim.i18n import _
from commsim.lab import checks
from commsim.lab.argument_names import spelled
from commsim.lab.checks import InvalidField
from commsim.lab.field_kinds import (
    MOST_PEOPLE,
    MOST_ROUNDS,
    Choice,
    Either,
    Flag,
    Kind,
    Made,
    Number,
    Whole,
    figure,
    maybe,
)
from commsim.lab.population import Population
from commsim.lab.protocol import Outcome, Protocol
from commsim.randomness import Draws
from commsim.world.records import BehaviouralType

MATCHINGS = ("strangers", "partners", "sorted")
TALKS = ("none", "once", "every")
VISIBLES = ("none", "coded", "named")
Numbers = NDArray[np.float64]
_MOST_SIZE = 10_000
_MOST_TOKENS = 10**9
_MOST_PAIRS = 2 * 10**8  # of members who may give each other points in a round: more do not fit into memory


@spelled
@dataclass(frozen=True)
class Punishment:
    """After each round members may spend points on others: a point costs `cost` tokens and takes `effect` away.

    `most`: points that one member can give another in a round. Fehr and Gächter 2002 used 1, 3 and 10.
    """

    kinds: ClassVar[Mapping[str, Kind]] = dict.fromkeys(("cost", "effect", "most"), Number(0, _MOST_TOKENS))

    cost: float = 1.0
    effect: float = 3.0
    most: float = 10.0

    def __post_init__(self) -> None:
        checks.fields(self)


@spelled
@dataclass(frozen=True)
class PublicGoodsGame(Protocol):
    """Each of `size` members gives part of an `endowment` of tokens; every token given returns `return_` to each.

    `matching`: "strangers" (new groups every round), "partners" (the same), "sorted" (every round those who gave
    alike). `punishment`: None, True or a `Punishment`. `talk`: open talk before the first round ("once") or before
    "every" one. `visible`: "named" where members see who gave what. `information`: whether gifts of the round are
    told at all. `provision_point`: tokens that a group must give for the good to come about, `refund` whether tokens
    come back otherwise. `restart`: round (from 2) that is announced as a fresh start.

    Amounts are tokens; `acted` is giving more than nothing. The first groups × size people of the population play.
    """

    describes_the_act: ClassVar[tuple[str, ...]] = ("endowment", "return_", "size")
    kinds: ClassVar[Mapping[str, Kind]] = {
        "groups": Whole(1, MOST_PEOPLE),
        "rounds": Whole(1, MOST_ROUNDS),
        "endowment": Whole(1, _MOST_TOKENS),
        "return_": Number(0, _MOST_TOKENS),
        "size": Whole(1, _MOST_SIZE),
        "matching": Choice(MATCHINGS),
        "punishment": maybe(
            Either((Flag(), Made(Punishment, _("Punishment(cost=1, effect=3), in a file {cost: 1, effect: 3}"))))
        ),
        "talk": Choice(TALKS),
        "visible": Choice(VISIBLES),
        "information": Flag(),
        "provision_point": maybe(Number(above=True)),
        "refund": Flag(),
        "restart": maybe(Whole(2)),
    }

    groups: int = 35
    rounds: int = 10
    endowment: int = 20
    return_: float = 0.4
    _: KW_ONLY
    size: int = 4
    matching: str = "strangers"
    punishment: Punishment | bool | None = None
    talk: str = "none"
    visible: str = "none"
    information: bool = True
    provision_point: float | None = None
    refund: bool = False
    restart: int | None = None

    def people(self, population: Population) -> Population:
        """The first groups × size people."""
        return population.only(np.arange(self.people_needed()))

    def people_needed(self) -> int:
        """Members of all groups."""
        return self.groups * self.size

    def _check_together(self) -> None:
        most = self.size * self.endowment
        if self.people_needed() > MOST_PEOPLE:
            text = _("PublicGoodsGame: {groups} groups of {size} are {people} people; at most {most} can play")
            words = {"people": figure(self.people_needed()), "most": figure(MOST_PEOPLE)}
            raise InvalidField(text.format(groups=self.groups, size=self.size, **words), "groups")
        if self.sanction is not None and self.people_needed() * self.size > _MOST_PAIRS:
            text = _(
                "PublicGoodsGame: {groups} groups of {size} have too many pairs who may punish; take smaller groups"
            )
            raise InvalidField(text.format(groups=self.groups, size=self.size), "size")
        if self.provision_point is not None and self.provision_point > most:
            text = _(
                "PublicGoodsGame: provision_point is {point:g}, but a group has only {most} tokens (size × endowment)"
            )
            raise InvalidField(text.format(point=self.provision_point, most=figure(most)), "provision_point")
        if self.refund and self.provision_point is None:
            text = _(
                "PublicGoodsGame: refund gives tokens back where a provision point is missed; give provision_point too"
            )
            raise InvalidField(text, "refund")
        if self.restart is not None and self.restart > self.rounds:
            text = _("PublicGoodsGame: restart is round {restart}, but there are only {rounds} rounds")
            raise InvalidField(text.format(restart=self.restart, rounds=self.rounds), "restart")
        if self.sanction is not None and not self.information:
            text = _(
                "PublicGoodsGame: without information nobody knows whom to punish; leave punishment or information out"
            )
            raise InvalidField(text, "punishment")

    def _check_people(self, population: Population) -> None:
        checks.enough_people("PublicGoodsGame", self.people_needed(), len(population))

    def play(self, population: Population, parameters: Mapping[str, float], draws: Draws) -> Outcome:
        """All rounds of all groups."""
        play = _Play(self, population, parameters, draws)
        for number in range(self.rounds):
            play.round(number)
        stack = {name: np.stack(rows) for name, rows in play.kept.items()}
        gifts = stack.pop("gift")
        return Outcome(acted=gifts > 0, amount=gifts, more=stack)

    @property
    def sanction(self) -> Punishment | None:
        """The punishment in force, if any."""
        return Punishment() if self.punishment is True else (self.punishment or None)


class _Play:
    """One play of a game: what its members believe and fear, round by round. Columns of shape (members,)."""

    def __init__(
        self, game: PublicGoodsGame, population: Population, parameters: Mapping[str, float], draws: Draws
    ) -> None:
        members = game.people_needed()
        self.game, self.p, self.draws = game, parameters, draws
        self.people: dict[str, NDArray[Any]] = {name: c[:members] for name, c in population.columns.items()}
        self.belief: Numbers = self.people["belief"].astype(np.float64)
        self.standard = self.belief.copy()
        self.loss = np.zeros(members)
        self.disappointment = np.zeros(members)
        self.rounds_seen = 0
        if game.sanction is not None and game.size > 1:
            # Before anyone was punished people expect a part of what the kernel knows of cooperators.
            known = self._felt() * self._eagerness() * self._cooperators().mean() * (game.size - 1)
            self.loss += parameters["lab.threat_unseen"] * known
        self.last: Numbers = np.zeros(members)
        self.kept: dict[str, list[NDArray[Any]]] = {"gift": [], "belief": [], "group": [], "earned": []}

    def round(self, number: int) -> None:
        """Talk, give, punish, learn."""
        game, p = self.game, self.p
        if game.restart is not None and number == game.restart - 1:
            # A fresh start renews hope; strangers met others in every round before, and forget no disappointment.
            self.rounds_seen = 0
            if self._meets_again():
                self.disappointment[:] = 0.0
        if game.size > 1 and (game.talk == "every" or (game.talk == "once" and number == 0)):
            self.belief = told_belief(self.belief, 1.0, p["lab.talk"])
        gifts = np.floor(self._share(number) * game.endowment + 0.5)
        given = gifts / game.endowment
        seats = self._seats(number)
        table = given[seats]
        earned = self._earned(gifts[seats])
        others = self._others(table)
        if game.sanction is not None and game.size > 1:
            earned = earned - self._punish(game.sanction, table, seats)
        self._keep(gifts, seats, earned)
        if game.information and game.size > 1:
            told = np.empty_like(given)
            told[seats] = others
            self.disappointment = disappointed(self.disappointment, self.belief, told)
            self.rounds_seen += 1
            noise = p["lab.belief_noise"] * self.draws.normals("lab belief", len(given), month=number)
            learn = (p["belief.constant"], p["belief.own_lag"], p["belief.others"])
            self.belief = np.clip(updated_belief(self.belief, told, *learn) + noise, 0.0, 1.0)
        self.last = given

    def _share(self, number: int) -> Numbers:
        """What members decide to give, as a share of the endowment."""
        game, p, people = self.game, self.p, self.people
        if game.size == 1:
            return np.full_like(self.belief, 1.0 if game.return_ >= 1.0 else 0.0)  # no others, no public good
        share = share_given(self.belief, people["schedule_base"], people["schedule_slope"], people["schedule_peak"])
        hope = people["hope"] * worth_hoping(game.return_, game.size, self._reference_gain())
        share = with_optimism(share, people["optimism"], hope, self._optimists())
        share = self._for_gains(share)
        cost = max(0.0, 1.0 - game.return_)
        share = among_partners(share, self.belief, self._future(number), cost)
        if game.visible == "named":
            share = share_when_seen(share, self.belief, float(being_seen(1.0, p["yes.seen"], p["lab.salience_door"])))
        if game.provision_point is not None:
            share = self._towards_provision(share)
        if game.talk != "none":
            share = by_promise(share, people["optimism"], self._promise_keepers())
        if game.sanction is not None:
            # What those who punish give is known of partners; of the next strangers it can only be guessed.
            known = 1.0 if self._meets_again() else p["lab.standard_carried"]
            above = np.maximum(self.standard - self.belief, 0.0)
            share = under_threat(share, self.belief + known * above, self.loss, cost)
        return np.clip(share, 0.0, 1.0)

    def _meets_again(self) -> bool:
        return self.game.matching == "partners"

    def _promise_keepers(self) -> Numbers | float:
        """Share of those who keep to what was agreed: all that do after fresh talk, fewer the longer it is ago."""
        p = self.p
        if self.game.talk == "every":
            return p["lab.promise"]
        learnt = (self.rounds_seen, self.disappointment, p["lab.disappointment"])
        return optimists_left(p["lab.promise"], p["lab.optimism_fading"], *learnt)

    def _optimists(self) -> Numbers:
        """Share of optimists by what each has seen; where nothing is told, nobody is disappointed."""
        p = self.p
        learnt = (self.rounds_seen, self.disappointment, p["lab.disappointment"])
        return optimists_left(p["lab.optimism"], p["lab.optimism_fading"], *learnt)

    def _for_gains(self, share: Numbers) -> Numbers:
        p = self.p
        response = (p["lab.cost_response"], p["lab.gain_response"])
        reference = (p["lab.cost_reference"], p["lab.gain_reference"])
        return for_gains(share, self.game.return_, self.game.size - 1, response, reference)

    def _reference_gain(self) -> float:
        """What all gain if all give, against what it costs each, in the measured game."""
        cost, others = self.p["lab.cost_reference"], self.p["lab.gain_reference"]
        return (1.0 - cost + others - 1.0) / cost

    def _felt(self) -> float:
        """Tokens that a point takes away, or what the disapproval itself is worth, if that is more."""
        assert self.game.sanction is not None
        return max(self.game.sanction.effect, self.p["lab.disapproval"])

    def _future(self, number: int) -> float:
        """What a token given now brings back from the same partners."""
        game, p = self.game, self.p
        if not self._meets_again() or not game.information:
            return 0.0
        slope = float(np.mean(self.people["schedule_slope"]))
        return reciprocated(game.return_, p["belief.others"], p["belief.own_lag"], slope, self._ahead(number))

    def _towards_provision(self, share: Numbers) -> Numbers:
        """People move to what is missing for a provision point as far as they believe that it will be reached."""
        game = self.game
        assert game.provision_point is not None
        point, doubt = game.provision_point / game.endowment, self.p["attributes.belief_spread"]
        insured = self.p["lab.refund_insures"] if game.refund else 0.0
        return towards_provision(share, self.belief, point / game.size, game.return_ * point, doubt, insured)

    def _seats(self, number: int) -> NDArray[np.intp]:
        """Who sits with whom, shape (groups, size)."""
        game, members = self.game, len(self.belief)
        if game.matching == "partners":
            order = np.arange(members)
        else:
            luck = self.draws.uniforms("lab groups", members, month=number)
            key = luck if game.matching == "strangers" or number == 0 else -self.last + luck / (2 * game.endowment)
            order = np.argsort(key, kind="stable")
        return order.reshape(game.groups, game.size)

    @staticmethod
    def _others(table: Numbers) -> Numbers:
        size = table.shape[1]
        return (table.sum(axis=1, keepdims=True) - table) / max(size - 1, 1)

    def _earned(self, gifts: Numbers) -> Numbers:
        game = self.game
        total = gifts.sum(axis=1, keepdims=True)
        if game.provision_point is None or game.size < 1:
            return np.asarray(game.endowment - gifts + game.return_ * total)
        reached = total >= game.provision_point
        back = gifts if game.refund else 0.0
        return np.where(reached, game.endowment - gifts + game.return_ * total, game.endowment - gifts + back)

    def _eagerness(self) -> float:
        """Points that a cooperator gives per token."""
        sanction, p = self.game.sanction, self.p
        assert sanction is not None
        known = (p["lab.punishment_reference"], p["lab.punishment_price"])
        points = eagerness_to_punish(p["lab.punishment"], sanction.cost, self._felt(), *known)
        others = p["lab.gain_reference"] / (1.0 - p["lab.cost_reference"])  # three, in the game of the schedules
        points = shared_punishment(points, self.game.size - 1, p["lab.punishment_shared"], others)
        if self._meets_again():
            points *= p["lab.punishment_partners"]
        # A point that costs nothing is given at once up to the most that may be given.
        return min(points, sanction.most)

    def _ahead(self, number: int) -> float:
        return min(self.game.rounds - 1 - number, self.p["lab.foresight"])

    def _cooperators(self) -> NDArray[np.bool_]:
        return np.asarray(self.people["type"] == BehaviouralType.CONDITIONAL_COOPERATOR)

    def _punish(self, sanction: Punishment, table: Numbers, seats: NDArray[np.intp]) -> Numbers:
        """Give points, learn what staying below costs and what those give who punish. Returns tokens lost."""
        tokens = float(self.game.endowment)
        cooperator = self._cooperators()[seats]
        points = points_assigned(table, cooperator, self._eagerness(), tokens, sanction.most)
        short = np.maximum(table[:, :, None] - table[:, None, :], 0.0) * tokens
        taken, missing = sanction.effect * points.sum(axis=1), short.sum(axis=1) / max(self.game.size - 1, 1)
        weight = self.p["belief.others"]
        felt = self._felt() * points.sum(axis=1)
        seen = np.divide(felt, missing, out=self.loss[seats].copy(), where=missing > 0)
        self.loss[seats] += weight * (seen - self.loss[seats])
        spent = points.sum(axis=2)
        giving = np.where(spent > 0, spent, 0.0)
        total = giving.sum(axis=1, keepdims=True)
        standard = np.divide(
            (giving * table).sum(axis=1, keepdims=True), total, out=np.zeros_like(total), where=total > 0
        )
        moved = np.where(
            total > 0, self.standard[seats] + weight * (standard - self.standard[seats]), self.standard[seats]
        )
        self.standard[seats] = moved
        return np.asarray(taken + sanction.cost * spent)

    def _keep(self, gifts: Numbers, seats: NDArray[np.intp], earned: Numbers) -> None:
        group, income = np.empty(len(gifts), dtype=np.int64), np.empty(len(gifts))
        group[seats] = np.arange(len(seats))[:, None]
        income[seats] = earned
        # What was believed when giving, before the round taught anything.
        rows = {"gift": gifts, "belief": self.belief * self.game.endowment, "group": group, "earned": income}
        for name, row in rows.items():
            self.kept[name].append(np.array(row))
