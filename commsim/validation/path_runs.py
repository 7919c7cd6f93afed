"""The runs that the path's facts are read from: families of arms on the same residents with the same luck.

A family is a scenario at a stated size. Its world is built once a seed, since no parameter that is drawn enters it, and
all draws and arms of that seed live in it. Many facts read the same runs.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import mesa

from commsim.behaviour.acts import Channel
from commsim.i18n import Text, _
from commsim.model import CommunityModel
from commsim.processes import MONTH
from commsim.randomness import Draws
from commsim.scenario.loading import load_scenario
from commsim.study.simulation import ENGINE, resolve_catalogue, rule_of_fund
from commsim.validation.path_doors import ASK_MONTH, FOLLOWED, drawn_by_lot, month_with_visits
from commsim.validation.path_watch import Watched, watched

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario.schema import Scenario
    from commsim.world.records import World


@dataclass(frozen=True)
class Visits:
    """Residents drawn by lot are asked through `channel` in one month; None: nobody asks them."""

    channel: Channel | None


@dataclass(frozen=True)
class Arm:
    """How one arm differs from its family: the rule of the fund under comparison (None: the scenario's own), lines of
    the scenario as `--set` takes them, parameters that are not drawn in it, and visits if it is an experiment."""

    rule: str | None = None
    overrides: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    visits: Visits | None = None


@dataclass(frozen=True)
class Family:
    """Arms in the same world: `size` in words, the scenario and what differs from it, how many months, the arms."""

    id: str
    size: Text
    scenario: str
    overrides: tuple[str, ...]
    months: int
    arms: Mapping[str, Arm]


_FUND = "funds.self_governance"
_COMMITTEES = (
    ("north", "millrow", 300, "former_public"),
    ("north", "railyard", 220, "lanes"),
    ("south", "planetree", 260, "commercial"),
    ("south", "oldmarket", 240, "lanes"),
)
"""Of tutorial: place, committee, households, type of estate."""


def _larger(times: int) -> tuple[str, ...]:
    """Lines by which tutorial has so many times the households."""
    return tuple(
        f"population.places.{place}.committee_list.{committee}.households={times * households}"
        for place, committee, households, _estate in _COMMITTEES
    )


def _copied(times: int, copies: int) -> tuple[str, ...]:
    """Lines by which tutorial has so many committees in the place of each of its own, with so many times its
    households."""
    of_place: dict[str, list[str]] = {}
    for place, committee, households, estate in _COMMITTEES:
        of_place.setdefault(place, []).extend(
            f"{{id: {committee}{copy}, name: {{en: {committee} {copy}, zh: {committee} {copy}}}, "
            f"households: {times * households}, estate_type: {estate}}}"
            for copy in range(1, copies + 1)
        )
    return tuple(f"population.places.{place}.committee_list=[{', '.join(made)}]" for place, made in of_place.items())


_BALLOT = "basic.call_only:ballot=approval"

DISTRICT = Family(
    "district",
    _(
        "jingan-pilot, one committee in forty: 7 committees that decide together, 27,500 residents, 48 months, the "
        "fund open everywhere"
    ),
    "jingan-pilot",
    ("population.one_in=40", f"{_FUND}.starts=2015-01", f"{_FUND}.coverage=[]", f"{_FUND}.pool=district"),
    48,
    {
        "none": Arm("basic.none"),
        "fund": Arm(),
        "double": Arm(overrides=(f"{_FUND}.budget_per_committee_yuan=40000",)),
        "tenfold": Arm(overrides=(f"{_FUND}.budget_per_committee_yuan=200000",)),
        "match": Arm("match.linear:rate=1,counts=cash+hours+goods"),
        "stopped": Arm(overrides=(f"{_FUND}.ends=2017-01",), parameters={"groups.of_project": 0.0}),
    },
)
_STEADY = ("months=240", f"{_FUND}.budget_per_committee_yuan=16000", f"{_FUND}.project_cap_yuan=null")
YEARS = Family(
    "years",
    _(
        "tutorial with twelve committees of four times the households: 29,400 residents, 240 months, the same money a "
        "resident"
    ),
    "tutorial",
    (*_copied(4, 3), *_STEADY),
    240,
    {"fund": Arm()},
)
FEWER_YEARS = Family(
    "fewer-years",
    _("tutorial with four times the households: 4 committees, 9,800 residents, 240 months, the same money a resident"),
    "tutorial",
    (*_larger(4), *_STEADY),
    240,
    {"fund": Arm()},
)
"""A third of `YEARS`, on which points of the parameters are tried."""
CALL = Family(
    "call",
    _("tutorial: 4 committees, 2,450 residents, 24 months"),
    "tutorial",
    (),
    24,
    {
        "none": Arm("basic.none"),
        "zero": Arm(overrides=(f"{_FUND}.budget_per_committee_yuan=0",)),
        "call": Arm(_BALLOT, parameters={"mobilisation.call": 1.0}),
    },
)
DOORS = Family(
    "doors",
    _("tutorial with sixteen times the households: about 8,000 adults drawn by lot, asked in the fourth month"),
    "tutorial",
    _larger(16),
    ASK_MONTH + FOLLOWED + 1,
    {
        "unasked": Arm(_BALLOT, visits=Visits(None)),
        "door": Arm(_BALLOT, visits=Visits(Channel.STAFF)),
        "notice": Arm(_BALLOT, visits=Visits(Channel.MEDIA)),
    },
)
WITHOUT_A_FUND = Family(
    "without",
    _("jingan-pilot, one committee in forty: 7 committees, 27,500 residents, 36 months"),
    "jingan-pilot",
    DISTRICT.overrides,
    36,
    {"none": Arm("basic.none")},
)
"""On which points of the parameters are tried."""
FAMILIES = (DISTRICT, YEARS, CALL, DOORS)

Runs = Mapping[str, Watched]
"""Runs of a family's arms, by arm."""


class Player(Protocol):
    """What plays arms; `Stage` is the one that is there, tests may have another."""

    def play(self, arms: Collection[str], parameters: Mapping[str, float]) -> Runs:
        """The runs of some arms under drawn parameters."""


class Stage:
    """A family's world for one seed, in which its arms are played."""

    def __init__(self, family: Family, seed: int) -> None:
        self.family = family
        self.draws = Draws(seed, 0)
        self.catalogue: Catalogue = resolve_catalogue(None)
        self.world: World = ENGINE.build_world(load_scenario(family.scenario, family.overrides), self.draws)

    def play(self, arms: Collection[str], parameters: Mapping[str, float]) -> Runs:
        """The runs of some arms under drawn `parameters`, in the order in which the family has them."""
        return {name: self._run(arm, parameters) for name, arm in self.family.arms.items() if name in arms}

    def _run(self, arm: Arm, parameters: Mapping[str, float]) -> Watched:
        scenario = _scenario(self.family, arm, parameters)
        rules = {fund.id: rule_of_fund(fund, self.catalogue) for fund in scenario.funds}
        if arm.rule is not None:
            rules[scenario.fund_under_comparison.id] = copy.deepcopy(self.catalogue.make_written(arm.rule))
        processes = MONTH
        if arm.visits is not None:
            processes = month_with_visits(drawn_by_lot(self.world, self.draws), arm.visits.channel)
        model = CommunityModel(self.world, scenario, rules, self.draws, processes=processes)
        run = watched(model, self.family.months)
        # Mesa before 3.5 counts agents by model in a dictionary of the class, which would keep every model for good.
        getattr(mesa.Agent, "_ids", {}).pop(model, None)
        return run


def _scenario(family: Family, arm: Arm, parameters: Mapping[str, float]) -> Scenario:
    """The scenario of an arm: the family's, with the arm's lines, and drawn parameters but for those the arm fixes."""
    loaded = load_scenario(family.scenario, (*family.overrides, *arm.overrides))
    given = {**loaded.parameter_overrides, **parameters, **arm.parameters}
    return loaded.model_copy(update={"parameter_overrides": given})
