"""What a fund's rule is shown of a round: the purse, the unit's areas, its proposals, and what its `needs` ask for.

Shared by the steps that call a rule (rounds, settlement). Nothing of it has a row per resident, and a rule knows no
more than the people who decide would: surveyed needs, marks by judges, who gave and voted so far. Parts that cost work
are made only for rules that list them. Numbers of panels and deprivation are assumptions (registry, `panel`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.calling.views import make_view
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.procedures import Stage
from commsim.community.projects import Project, Writer
from commsim.community.rounds import Area, OpenRound, Unit, owed_fen
from commsim.contracts import Choices, RoundKey, RoundView
from commsim.contracts.needs import INDICATOR, NEEDS
from commsim.processes.applicants import applicants_of
from commsim.processes.budget_splits import splits_of
from commsim.processes.influence import coverage_of, influence_of
from commsim.world.records import EstateType


@dataclass(frozen=True)
class _Shown:
    """A round of which a rule is shown something: whose, which projects of which areas, and how far it has come."""

    community: Community
    fund: Fund
    unit: Unit
    areas: Sequence[Area]
    key: RoundKey
    projects: Sequence[Project]
    open_round: OpenRound | None = None

    @cached_property
    def area_of_project(self) -> NDArray[np.int32]:
        """The area of each project, by position."""
        position_of = {area.index: position for position, area in enumerate(self.areas)}
        return np.array([position_of[project.area_index] for project in self.projects], dtype=np.int32)

    @cached_property
    def marks(self) -> NDArray[np.float64]:
        """Judges' marks, shape (judges, projects)."""
        return _marks(self.community, self.key, self.projects)

    @cached_property
    def applicants(self) -> tuple[dict[str, Any], NDArray[np.int32]]:
        """The applicants by column, and which of them each project is from."""
        return applicants_of(self.community, self.fund, self.projects)

    @cached_property
    def deprivation(self) -> dict[str, NDArray[np.float64]]:
        """Counts by area for formula grants."""
        return _deprivation(self.community, self.areas)

    def votes(self, *, vouchers: bool) -> Choices | None:
        """What residents voted, or assigned with vouchers where the terms gave them any; None before they could."""
        if self.open_round is None or (self.open_round.terms.vouchers > 0) != vouchers:
            return None
        return votes_as_choices(self.open_round)

    def of_open_round(self, made: Callable[[Community, OpenRound], Any]) -> Any:
        """What is made of a round under way; None before it is, when nobody has given or voted."""
        return None if self.open_round is None else made(self.community, self.open_round)


GIVES: dict[str, Callable[[_Shown], Any]] = {
    "pledges": lambda shown: shown.of_open_round(lambda _community, open_round: pledges_as_choices(open_round)),
    "ballots": lambda shown: shown.votes(vouchers=False),
    "vouchers": lambda shown: shown.votes(vouchers=True),
    "splits": lambda shown: shown.of_open_round(
        lambda community, open_round: splits_of(community, open_round.areas, open_round)
    ),
    "clusters": lambda shown: shown.of_open_round(lambda community, open_round: _clusters(community, open_round)),
    "marks": lambda shown: shown.marks,
    "applicants": lambda shown: shown.applicants[0],
    "running": lambda shown: len(shown.unit.running()),
    "history": lambda shown: _history(shown.unit, shown.community.year),
    "coverage": lambda shown: coverage_of(shown.community, shown.projects),
    "influence": lambda shown: influence_of(shown.community, shown.areas, shown.area_of_project),
    "proposals.scores": lambda shown: shown.marks.mean(axis=0),
    "proposals.category": lambda shown: [project.domain for project in shown.projects],
    "proposals.submitted_at": lambda shown: [project.proposed for project in shown.projects],
    "proposals.readiness": lambda shown: [project.readiness for project in shown.projects],
    "proposals.beneficiaries": lambda shown: [project.concerned for project in shown.projects],
    "proposals.writer": lambda shown: [project.writer is Writer.STAFF for project in shown.projects],
    "proposals.hours": lambda shown: [project.pledged_hours for project in shown.projects],
    "proposals.pledged_hours": lambda shown: [project.pledged_hours for project in shown.projects],
    "proposals.pledged_goods": lambda shown: [project.goods_fen for project in shown.projects],
    "proposals.response": lambda shown: _response(shown.community, shown.projects),
    "proposals.applicant": lambda shown: shown.applicants[1],
    "areas.population": lambda shown: [area.last - area.first for area in shown.areas],
    # Those that the committee surveyed, so that a rule knows no more than the committee does.
    "areas.need": lambda shown: [
        shown.community.places.committees[area.committee].estimated_needs.mean() for area in shown.areas
    ],
    "areas.last_award": lambda shown: [shown.unit.last_award.get(area.index, 0) for area in shown.areas],
    "areas.performance": lambda shown: [_performance(shown.unit, area) for area in shown.areas],
    "areas.poverty": lambda shown: shown.deprivation["poverty"],
    "areas.overcrowding": lambda shown: shown.deprivation["overcrowding"],
    "areas.growth_lag": lambda shown: shown.deprivation["growth_lag"],
    "areas.old_housing": lambda shown: shown.deprivation["old_housing"],
}
"""What the model puts where a need opens a view, by place: a maker for each, called only where a rule needs it."""

_FOR_THE_ORDER = ("ballots", "proposals.submitted_at", "proposals.readiness")
"""Places that the fund's order inside an area may go by, whatever the rule sees."""


def view_of_new_round(
    community: Community, fund: Fund, unit: Unit, key: RoundKey, projects: Sequence[Project]
) -> RoundView:
    """The view with which a rule opens a round: nobody has given or voted yet."""
    return _view(_Shown(community, fund, unit, fund.covered_areas(unit), key, projects))


def view_of_open_round(community: Community, fund: Fund, unit: Unit, open_round: OpenRound) -> RoundView:
    """The view of a round under way: with its terms, and the pledges and votes so far."""
    return _view(_Shown(community, fund, unit, open_round.areas, open_round.key, open_round.projects, open_round))


def view_of_review(community: Community, fund: Fund, unit: Unit) -> RoundView:
    """The view of the unit's last settled round, for the review at the year's end; what was paid is in its history."""
    period, projects = unit.history[-1]
    named = {project.area_index for project in projects}
    areas = [fund.areas[index] for index in unit.areas if index in named]
    return _view(_Shown(community, fund, unit, areas, RoundKey(fund.id, unit.id, period), projects))


def _view(shown: _Shown) -> RoundView:
    community, fund, unit, projects = shown.community, shown.fund, shown.unit, shown.projects
    tables: dict[str, dict[str, Any]] = {"proposals": {}, "areas": _indicators(shown), "": {}}
    for place in _places(fund.rule.needs):
        table, _dot, name = place.rpartition(".")
        tables[table][name] = GIVES[place](shown)
    owed = sum(owed_fen(project) for project in unit.running())
    return make_view(
        fund.rule,
        round=shown.key,
        month=community.month,
        date=community.given.scenario.month_date(community.month),
        budget=community.money.ledger.balance(unit.account) - owed,
        carried=unit.carried_fen,
        proposals={
            "id": tuple(project.id for project in projects),
            "area": shown.area_of_project,
            "ask": [project.ask_fen for project in projects],
            "minimum_viable": [project.minimum_viable_fen for project in projects],
            **tables["proposals"],
        },
        areas={"id": tuple(area.id for area in shown.areas), **tables["areas"]},
        terms=None if shown.open_round is None else shown.open_round.terms,
        within_area=fund.spec.within_area,
        draws=community.given.draws,
        **tables[""],
    )


def _places(needs: Collection[str]) -> Iterator[str]:
    """Where in the view something has to stand for a rule with these needs."""
    opened = [place for need, places in NEEDS.items() if need in needs for place in places]
    return iter(dict.fromkeys((*_FOR_THE_ORDER, *opened)))


def _indicators(shown: _Shown) -> dict[str, NDArray[np.float64]]:
    """The network indicators that the rule needs, by area."""
    names = [need.removeprefix(INDICATOR) for need in shown.fund.rule.needs if need.startswith(INDICATOR)]
    return {name: _indicator(shown.community, name, shown.areas) for name in names}


def _response(community: Community, projects: Sequence[Project]) -> NDArray[np.float64]:
    """Participants at most, and fen at which half of them come: those concerned who act as people do there now."""
    active = np.isin(np.arange(len(community.people.residents)), community.people.acted_last_month)
    rates = [active[project.first : project.last].mean() for project in projects]
    most = [project.concerned * rate for project, rate in zip(projects, rates, strict=True)]
    return np.array([most, [float(project.minimum_viable_fen) for project in projects]]).T


def _indicator(community: Community, name: str, areas: Sequence[Area]) -> NDArray[np.float64]:
    """A network indicator of each area's committee; NaN where the plugin gives it none."""
    values = community.institutions.indicator(name, community.month)
    return np.array(
        [values.get(community.places.committees[area.committee].id, np.nan) for area in areas], dtype=np.float64
    )


def _performance(unit: Unit, area: Area) -> float:
    """Share of the money last awarded in the area that went into projects which were completed; NaN without any."""
    last = unit.history[-1][1] if unit.history else ()
    awarded = [project for project in last if project.area_index == area.index and project.award_fen]
    total = sum(project.award_fen for project in awarded)
    done = sum(project.award_fen for project in awarded if project.stage is Stage.COMPLETED)
    return done / total if total else float("nan")


def _deprivation(community: Community, areas: Sequence[Area]) -> dict[str, NDArray[np.float64]]:
    """Counts by area for formula grants. Growth is not modelled: every area lags alike, by its population."""
    residents, p = community.people.residents.seen_by("reader"), community.given.parameters
    poor = community.given.adults & (residents.income < p["panel.poverty_income_yuan"])
    crowded = residents.household_size >= p["panel.crowded_persons"]
    kind = community.given.world.addresses.estate_type[residents.estate]
    old = (kind == EstateType.LANES) | (kind == EstateType.FORMER_PUBLIC)
    counted = {"poverty": poor, "overcrowding": crowded, "growth_lag": np.ones_like(old), "old_housing": old}
    return {
        name: np.array([float(mask[area.first : area.last].sum()) for area in areas]) for name, mask in counted.items()
    }


def _marks(community: Community, key: RoundKey, projects: Sequence[Project]) -> NDArray[np.float64]:
    """Judges' marks (judges, proposals), 0–1: the bid's quality, the judge's leniency, and noise of each mark."""
    p, draws = community.given.parameters, community.given.draws
    judges = round(p["panel.judges"])
    leniency = draws.normals("leniency", judges, item=str(key)) * p["panel.leniency_sd"]
    noise = (
        np.stack([draws.normals("mark", judges, item=project.id) for project in projects], axis=1) * p["panel.mark_sd"]
    )
    quality = np.array([project.quality for project in projects])
    return np.clip(quality + leniency[:, None] + noise, 0.0, 1.0)


def _history(unit: Unit, year: int) -> tuple[dict[str, Any], ...]:
    """Earlier rounds, oldest first. A proposal for the same need of the same place goes by its present name, so that a
    rule can follow it from year to year."""
    return tuple(
        {
            "period": period,
            "proposals": tuple(f"{project.origin}-{year}" for project in projects),
            "areas": tuple(project.area for project in projects),
            "ask": tuple(project.ask_fen for project in projects),
            "paid": tuple(project.award_fen for project in projects),
            "completed": tuple(project.stage is Stage.COMPLETED for project in projects),
            "readiness": tuple(project.readiness for project in projects),
            "participants": tuple(project.people for project in projects),
        }
        for period, projects in unit.history
    )


def _clusters(community: Community, open_round: OpenRound) -> NDArray[np.float64]:
    """Estate of each donor, one column an estate: neighbours who give together count as one cluster."""
    if not open_round.pledges:
        return np.zeros((0, 0))
    donors = np.unique(np.concatenate([pledge.residents for pledge in open_round.pledges]))
    estates, column = np.unique(community.people.residents.seen_by("reader").estate[donors], return_inverse=True)
    return np.asarray(np.eye(len(estates))[column])


def pledges_as_choices(open_round: OpenRound) -> Choices:
    """A round's pledges as compressed rows: one row a donor in address order, amounts in fen, gifts added up."""
    index = {id(project): position for position, project in enumerate(open_round.projects)}
    if not open_round.pledges:
        return Choices.empty()
    who = np.concatenate([pledge.residents for pledge in open_round.pledges])
    to = np.concatenate([np.full(len(pledge.fen), index[id(pledge.project)]) for pledge in open_round.pledges])
    fen = np.concatenate([pledge.fen for pledge in open_round.pledges])
    return _as_rows(who, to, fen)


def votes_as_choices(open_round: OpenRound) -> Choices:
    """A round's marks as compressed rows: one row a voter in address order."""
    if not open_round.votes:
        return Choices.empty()
    who = np.concatenate([marks.residents for marks in open_round.votes])
    to = np.concatenate([marks.proposals for marks in open_round.votes])
    return _as_rows(who, to, np.concatenate([marks.points for marks in open_round.votes]))


def _as_rows(who: NDArray[np.intp], to: NDArray[np.integer], amount: NDArray[np.int64]) -> Choices:
    if not who.size:  # everybody's ballot had fewer marks than are asked for
        return Choices.empty()
    order = np.lexsort((to, who))
    who, to, amount = who[order], to[order], amount[order]
    first = np.r_[True, (who[1:] != who[:-1]) | (to[1:] != to[:-1])]
    amounts = np.add.reduceat(amount, np.flatnonzero(first))
    donors, to = who[first], to[first]
    new_row = np.r_[True, donors[1:] != donors[:-1]]
    start = np.r_[np.flatnonzero(new_row), len(donors)].astype(np.int64)
    return Choices(start=start, proposal=to.astype(np.int32), amount=amounts.astype(np.int64))


__all__ = ["pledges_as_choices", "view_of_new_round", "view_of_open_round", "view_of_review", "votes_as_choices"]
