"""A small stand-in for world and model, with ledger and projects of its own, so that studies are tested by themselves.

It is deterministic in (seed, replicate, rule), keeps the promises of the real model that studies rely on, and can be
told by rule to fail, to kill its process, or to take a while.
"""

from __future__ import annotations

import os
import pickle
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from commsim.community.projects import SkippedRound
from commsim.contracts import Award, Bilingual, Rule
from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.randomness import Draws
from commsim.study import chunks
from commsim.study.simulation import Engine

COMMITTEES = 4
ADULTS = np.array([100, 150, 200, 80])
CHILDREN = 40
YEAR = 12
COUNTS = (
    "active_month new_faces asked acts_meeting acts_vote acts_time acts_money acts_organise volunteer_minutes "
    "pledged_fen gifts_fen refunded_fen partner_fen other_public_fen administration_fen staff_minutes issues_raised "
    "public_issues proposals proposals_by_residents awarded started completed failed groups_alive light_12m"
).split()
MEANS = "trust_committee trust_fund efficacy sense_of_gain satisfaction".split()


@dataclass(frozen=True)
class Fund:
    id: str = "self_governance"
    rule: str = "basic.none"


@dataclass(frozen=True)
class FakeScenario:
    name: str = "fake"
    months: int = 6
    seed: int = 7
    funds: tuple[Fund, ...] = (Fund(),)
    parameters: Any = field(default_factory=lambda: {"money.hour_rate_yuan": 20.0})

    @property
    def fund_under_comparison(self) -> Fund:
        return self.funds[0]

    def fund_months(self, fund: Fund) -> range:
        return range(2, self.months)

    def month_date(self, month: int) -> str:
        return f"2017-{month + 1:02}"


class FakeRule(Rule):
    title = Bilingual(en="Fake", zh="假")
    effect: ClassVar[int] = 0

    def settle(self, view: Any) -> Award:
        return Award(paid=np.zeros(len(view.proposals), np.int64), reasons=("nothing",) * len(view.proposals))


class Nothing(FakeRule):
    id = "fake.nothing"


class Little(FakeRule):
    id = "fake.little"
    effect = 5


class Much(FakeRule):
    id = "fake.much"
    effect = 20


class Failing(FakeRule):
    id = "fake.failing"


class Killing(FakeRule):
    id = "fake.killing"


class Slow(FakeRule):
    id = "fake.slow"


class FakeOrigin:
    def record(self) -> dict[str, str]:
        return {"kind": "built-in", "name": "fake", "version": "1"}


class FakeCatalogue(dict[str, type[Rule]]):
    """As much of a catalogue as studies use."""

    def __init__(self) -> None:
        super().__init__({one.id: one for one in (Nothing, Little, Much, Failing, Killing, Slow)})

    def parse(self, text: str) -> tuple[str, dict[str, str]]:
        if text not in self:
            raise InvalidInput(_("there is no rule {id}").format(id=text))
        return text, {}

    def make(self, rule_id: str, params: Any = None, modifiers: Any = ()) -> Rule:
        return self[rule_id]()

    def make_written(self, text: str) -> Rule:
        return self.make(*self.parse(text))

    def entry(self, rule_id: str) -> Any:
        return SimpleNamespace(origin=FakeOrigin())

    def specification(self) -> Any:
        return Specification()


class Specification:
    """Reading it in a worker process makes that worker know the fake catalogue."""

    def __reduce__(self) -> Any:
        return (_teach_worker, ())


def _teach_worker() -> str:
    chunks._catalogues[pickle.dumps("fake")] = CATALOGUE  # type: ignore[assignment]
    return "fake"


CATALOGUE = FakeCatalogue()


class FakeModel:
    skipped_rounds: tuple[SkippedRound, ...] = ()

    def __init__(
        self, world: Any, scenario: FakeScenario, rules: dict[str, Rule], draws: Draws, catalogue: Any
    ) -> None:
        self.world, self.scenario, self.draws = world, scenario, draws
        self.rule: Any = rules[scenario.fund_under_comparison.id]
        self.projects = SimpleNamespace(rows=self._projects)
        self.ledger = SimpleNamespace(postings=self._postings, accounts=self._accounts)

    def run(self, progress: Any = None) -> None:
        if isinstance(self.rule, Failing):
            raise InvalidInput(_("{path}:3: this rule always fails").format(path="/home/ann/rules/mine.py"))
        if isinstance(self.rule, Killing) and self.draws.replicate == 1:
            os._exit(9)
        if isinstance(self.rule, Slow):
            time.sleep(30)
        for month in range(self.scenario.months):
            if progress:
                progress(month + 1, self.scenario.months)
        self.monthly = self._monthly()
        last = self.scenario.months - 1
        self.looks = tuple(self._look(month) for month in range(last % YEAR, self.scenario.months, YEAR))

    def _look(self, month: int) -> Any:
        """In each committee as many as the monthly record says; a rule reaches others first, so some are displaced."""
        gave = [
            np.roll(np.arange(adults + CHILDREN) < count, self.rule.effect // 5)
            for adults, count in zip(ADULTS, self.monthly["gave_12m"][month], strict=True)
        ]
        mask = np.concatenate(gave)
        return SimpleNamespace(month=month, gave=np.packbits(mask), light=np.packbits(~mask))

    def _noise(self, name: str, most: int) -> np.ndarray:
        shape = (self.scenario.months, COMMITTEES)
        return (self.draws.uniforms(name, shape[0] * COMMITTEES).reshape(shape) * most).astype(np.int64)

    def _monthly(self) -> dict[str, np.ndarray]:
        shape = (self.scenario.months, COMMITTEES)
        columns = {name: self._noise(name, 50) for name in COUNTS}
        columns["volunteer_minutes"] += 60 * self.rule.effect
        columns["adults"] = np.tile(ADULTS, (shape[0], 1))
        columns["residents"] = columns["adults"] + CHILDREN
        columns["active_12m"] = self._noise("active", 30)
        columns["gave_12m"] = columns["active_12m"] // 2 + self.rule.effect
        columns["gave_month"] = self._noise("gave", 20) + 1
        columns["gave_new_faces"] = columns["gave_month"] // 2
        for key in ("18_39", "40_59", "60_plus"):
            columns[f"adults_{key}"] = columns["adults"] // 3
            columns[f"active_12m_{key}"] = columns["active_12m"] // 3
            columns[f"gave_12m_{key}"] = columns["gave_12m"] // 3
        columns["public_fen"] = np.zeros(shape, np.int64)
        columns["public_fen"][3:] = self.rule.effect * np.array([100_000, 100_000, 200_000, 0])
        columns["appropriated_fen"] = np.full(shape, 1_000_000, np.int64)
        columns["election_voters"] = np.zeros(shape, np.int64)
        columns["election_eligible"] = np.zeros(shape, np.int64)
        for name in MEANS:
            columns[name] = (self._noise(name, 100) / 100).astype(np.float32)
        return columns

    def _projects(self, committee_ids: tuple[str, ...]) -> dict[str, list[Any]]:
        number = 3 if self.rule.effect else 0
        texts = {
            "project": [f"p{i}" for i in range(number)],
            "fund": ["self_governance", "self_governance", "other"][:number],
            "committee": [committee_ids[i] for i in range(number)],
            "domain": ["children"] * number,
            "writer": ["residents", "staff", "staff"][:number],
            "stage": ["completed", "rejected", "failed"][:number],
            "reason": ["because, 因为"] * number,
        }
        numbers = {name: list(range(number)) for name in ("period", "votes", "proposed", "settled", "ended")}
        numbers["ask_fen"] = [150, 50, 100][:number]
        numbers["award_fen"] = [100, 0, 100][:number]
        return texts | numbers | {"score": [float("nan")] * number, "benefit": [0.5] * number}

    def _postings(self) -> dict[str, Any]:
        fen = self.monthly["public_fen"].sum(axis=1)
        paid = np.flatnonzero(fen)
        return {
            "month": paid.astype(np.int32),
            "posting": np.arange(paid.size),
            "source": ["purse"] * paid.size,
            "destination": ["project:p0"] * paid.size,
            "fen": fen[paid],
            "purpose": ["award"] * paid.size,
            "project": ["p0"] * paid.size,
            "fund": ["self_governance"] * paid.size,
        }

    def _accounts(self) -> dict[str, Any]:
        posts = self._postings()
        paid = np.cumsum(posts["fen"])
        return {
            "month": posts["month"],
            "account": posts["destination"],
            "kind": ["project"] * paid.size,
            "opening": paid - posts["fen"],
            "money_in": posts["fen"],
            "money_out": np.zeros_like(paid),
            "closing": paid,
        }


def fake_world(scenario: FakeScenario, draws: Draws) -> Any:
    addresses = SimpleNamespace(
        committee_ids=tuple(f"street-{i // 2}-committee-{i}" for i in range(COMMITTEES)),
        subdistrict_ids=("street-0", "street-1"),
        subdistrict_of_committee=np.arange(COMMITTEES, dtype=np.int32) // 2,
        committee_start=np.concatenate(([0], np.cumsum(ADULTS + CHILDREN))),
        estate_type=np.arange(COMMITTEES) % 4,
        building_leader=np.arange(COMMITTEES) % 3,
    )
    place = np.repeat(np.arange(COMMITTEES), ADULTS + CHILDREN)
    inside = np.arange(place.size) - addresses.committee_start[place]
    adult = inside < ADULTS[place]
    columns = {
        "age": np.where(adult, 18 + inside % 60, 9),
        "sex": inside % 2,
        "registration": inside % 3,
        "tenure": inside % 2,
        "needs": ((inside * 7) % 101 / 100.0)[:, None].repeat(2, axis=1),
        "estate": place,
        "building": place,
        "committee": place,
    }
    return SimpleNamespace(addresses=addresses, columns=columns, residents=place.size)


def failing_world(scenario: FakeScenario, draws: Draws) -> Any:
    if draws.replicate == 1:
        raise ValueError("no such place")
    return fake_world(scenario, draws)


ENGINE = Engine(fake_world, FakeModel)
FAILING_WORLD = Engine(failing_world, FakeModel)
