"""Money in stages: only what is mature is built (成熟一个、建设一个), or an award is paid by milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.plugins.shared.choosing import (
    Chosen,
    Floats,
    ListParams,
    ListRule,
    Positions,
    award_of,
    best_first,
    down_the_list,
    places,
    skip_parameter,
)


@dataclass(frozen=True)
class MatureParams:
    """Parameters of "mature one, build one"."""

    theta: float = parameter(
        0.6,
        label=Bilingual(en="Readiness line", zh="成熟线"),
        doc=Bilingual(en="Readiness from which a proposal counts as mature.", zh="达到该成熟度即视为成熟。"),
        unit="readiness 0–1",
        ge=0.0,
        le=1.0,
        sweep=(0.3, 0.95),
        reference="assumption",
    )
    rounds: int = parameter(
        1,
        label=Bilingual(en="Rounds running", zh="连续轮数"),
        doc=Bilingual(
            en="Rounds running in which it has to be mature, this one included.", zh="须连续成熟的轮数（含本轮）。"
        ),
        unit="rounds",
        ge=1,
        le=10,
        sweep=(1, 3),
        reference="assumption",
    )
    concurrent: int = parameter(
        3,
        label=Bilingual(en="Built at once", zh="同时在建数"),
        doc=Bilingual(en="Most projects that are built at the same time.", zh="同时在建项目数上限。"),
        unit="projects",
        ge=1,
        sweep=(1, 10),
        reference="assumption",
    )
    skip: bool = skip_parameter()


class MatureOneBuildOne(Rule):
    """Mature one, build one: only what is ready is started, and only so many at a time.

    Definition (ours; the planning slogan 成熟一个、建设一个 has no formal text): a proposal is eligible if its
    readiness was at least `theta` in this and the `rounds` − 1 rounds before; eligible ones are funded by falling
    readiness (ties by id) while fewer than `concurrent` projects are being built and the pot holds their ask (one that
    it does not hold is passed over, or ends the list without `skip`); what is left is carried over. Properties:
    never starts the unready; starves slow starters; leaves money in a round. The example: a pot that gets 40 a round,
    two rounds to build, one at a time.

    >>> from commsim.rules import evaluate
    >>> evaluate("staged.mature_one_build_one(theta=.7, concurrent=1, build_rounds=2, income=40)",
    ...          {"cost": {"A": 60, "B": 50}, "readiness": {"1": {"A": .6, "B": .8}, "2": {"A": .75, "B": .9},
    ...           "3": {"A": .85, "B": 1}, "4": {"A": .9, "B": 1}}, "rounds": 4})
    [['B', 2], ['A', 4]]
    """

    id = "staged.mature_one_build_one"
    title = Bilingual(en="Mature one, build one", zh="成熟一个、建设一个")
    summary = Bilingual(
        en="Proposals are paid once they are ready, so many at a time; the pot is carried over.",
        zh="项目成熟后才资助，限定同时在建数，余款结转。",
    )
    family = "staged"
    needs = frozenset({"readiness", "history", "running"})
    properties = frozenset({"never_starts_the_unready", "anonymous"})
    source = "planning slogan 成熟一个、建设一个; definition ours"
    Params = MatureParams

    def settle(self, view: RoundView) -> Award:
        """Start what is mature while there is room and money; carry the rest."""
        readiness, ids = view.proposals.readiness, view.proposals.id
        mature = self.mature(readiness, [_readiness_of(entry, ids) for entry in view.history])
        room = self.params.concurrent - view.running
        chosen = self.started(readiness, mature, ids, view.proposals.ask, view.budget, room)
        award = award_of(view, chosen, self._why(readiness, mature, chosen, view.running))
        return Award(
            paid=award.paid,
            reasons=award.reasons,
            carry=view.budget - int(award.paid.sum()),
            diagnostics={**award.diagnostics, "mature": float(mature.sum())},
        )

    def mature(self, readiness: Floats, before: Sequence[Floats]) -> NDArray[np.bool_]:
        """Who is ready now and was in the rounds before (oldest first; NaN = was not there), shape (n,)."""
        earlier = self.params.rounds - 1
        if len(before) < earlier:
            return np.zeros(len(readiness), dtype=bool)
        ready = np.array([readiness, *before[len(before) - earlier :]]) >= self.params.theta
        return np.asarray(ready.all(axis=0))

    def started(
        self,
        readiness: Floats,
        mature: NDArray[np.bool_],
        ids: Sequence[str],
        ask: NDArray[np.number[Any]],
        pot: float,
        room: int,
    ) -> Chosen:
        """Which mature proposals are started with this pot and this many free places."""
        order = [at for at in best_first(readiness, ids).tolist() if mature[at]]
        won, left = np.zeros(len(ask), dtype=bool), np.full(len(ask), pot, dtype=ask.dtype)
        for at in order:
            left[at] = pot
            if room <= 0 or ask[at] > pot:
                if not self.params.skip:
                    break
                continue
            won[at] = True
            pot -= ask[at].item()
            room -= 1
        return Chosen(won, left)

    def _why(self, readiness: Floats, mature: NDArray[np.bool_], chosen: Chosen, running: int) -> list[Text]:
        values = {
            "theta": f"{self.params.theta:.2f}",
            "rounds": self.params.rounds,
            "building": running + int(chosen.won.sum()),
            "most": self.params.concurrent,
        }
        ready = _("readiness {readiness}, mature; {building} of at most {most} are being built")
        unready = _("readiness {readiness}; {theta} in {rounds} rounds running is needed")
        return [
            (ready if mature[at] else unready).format(readiness=f"{level:.2f}", **values)
            for at, level in enumerate(readiness.tolist())
        ]


def _readiness_of(entry: Mapping[str, Any], ids: Sequence[str]) -> Floats:
    """Readiness of this round's proposals in an earlier round, NaN where they were not there."""
    known = dict(zip(entry.get("proposals", ()), entry.get("readiness", ()), strict=False))
    return np.array([known.get(proposal, np.nan) for proposal in ids], dtype=np.float64)


@dataclass(frozen=True)
class TrancheParams(ListParams):
    """Parameters of payment by milestones."""

    first: float = parameter(
        0.4,
        label=Bilingual(en="First payment", zh="首期比例"),
        doc=Bilingual(en="Share of the award paid at the start.", zh="启动时拨付的比例。"),
        unit="share of the award",
        ge=0.0,
        le=1.0,
        sweep=(0.1, 1.0),
        reference="assumption; 40/30/30 is common in service contracts (from memory, unverified)",
    )
    parts: int = parameter(
        3,
        label=Bilingual(en="Payments", zh="拨付次数"),
        doc=Bilingual(en="Payments in all; those after the first are equal.", zh="拨付总次数；首期以后各期相等。"),
        unit="payments",
        ge=1,
        le=12,
        sweep=(1, 4),
        reference="assumption",
    )
    skip: bool = skip_parameter()


class Tranche(ListRule):
    """Awards in the fund's order, paid by milestones.

    Definition: proposals in the fund's order are awarded their ask while money lasts; of an award a_1 = `first` is paid
    at the start, the rest in `parts` − 1 equal payments, each when its milestone is verified; the first milestone that
    fails ends the payments. Properties: limits what is lost; delays those without means. Source: usual practice.

    >>> from commsim.rules import evaluate
    >>> evaluate("staged.tranche(first=0.4, parts=3)", {"award": 100, "verified": [True, False]})
    [40.0, 30.0, 0.0]
    """

    id = "staged.tranche"
    title = Bilingual(en="Payment by milestones", zh="分期拨付")
    summary = Bilingual(
        en="Part of an award is paid at the start, the rest at milestones.", zh="启动时拨付一部分，其余按里程碑拨付。"
    )
    family = "staged"
    properties = frozenset({"limits_loss"})
    source = "usual practice"
    Params = TrancheParams

    def shares(self) -> tuple[float, ...]:
        """Parts of an award by payment, summing to 1."""
        later = self.params.parts - 1
        return (self.params.first, *[(1 - self.params.first) / later] * later) if later else (1.0,)

    def ranking(self, view: RoundView) -> tuple[Positions, Sequence[Text]]:
        """The fund's own order."""
        place, n = places(view.order), len(view.order)
        words = _("number {place} of {n}; paid in {parts} parts, {first:.0%} at the start")
        first, parts = self.shares()[0], len(self.shares())
        return view.order, [words.format(place=int(number), n=n, parts=parts, first=first) for number in place]

    def settle(self, view: RoundView) -> Award:
        """Award down the list; pay in parts."""
        order, why = self.ranking(view)
        chosen = down_the_list(order, view.proposals.ask, view.budget, skip=self.params.skip)
        award = award_of(view, chosen, why)
        return Award(paid=award.paid, reasons=award.reasons, tranches=self.shares(), diagnostics=award.diagnostics)

    def payments(self, award: float, verified: Sequence[bool]) -> list[float]:
        """What is paid at the start and at each milestone, given which milestones were verified, shape (parts,)."""
        passed = (
            [True, *np.logical_and.accumulate([bool(tranche) for tranche in verified]).tolist()] if verified else [True]
        )
        return [award * share if at < len(passed) and passed[at] else 0.0 for at, share in enumerate(self.shares())]
