"""What a fund's rule is shown of a round: the purse, the unit's areas, its proposals, and what its `needs` ask for.

Shared by the steps that call a rule (rounds, settlement). Nothing of it has a row per resident, and a rule knows no
more than the people who decide would: surveyed needs, marks by judges, who gave and voted so far. Parts that cost work
are made only for rules that list them. Numbers of panels and deprivation are assumptions (registry, `panel`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.calling.views import make_view
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.procedures import Stage
from commsim.community.projects import Project, Writer
from commsim.community.rounds import Area, OpenRound, Unit, owed_fen
from commsim.contracts import Choices, RoundKey, RoundView, Splits, Terms
from commsim.contracts.needs import INDICATOR
from commsim.processes.applicants import applicants_of
from commsim.processes.reach import coverage_of, influence_of
from commsim.processes.splits import splits_of
from commsim.world.records import EstateType


def view_of_new_round(
    community: Community, fund: Fund, unit: Unit, key: RoundKey, projects: Sequence[Project]
) -> RoundView:
    """The view with which a rule opens a round: nobody has given or voted yet."""
    return _view(community, fund, unit, fund.covered_areas(unit), key, projects)


def view_of_open_round(community: Community, fund: Fund, unit: Unit, open_round: OpenRound) -> RoundView:
    """The view of a round under way: with its terms, and the pledges and votes so far."""
    votes = votes_as_choices(open_round)
    vouchers = open_round.terms.vouchers > 0
    pledges = pledges_as_choices(open_round)
    return _view(
        community,
        fund,
        unit,
        open_round.areas,
        open_round.key,
        open_round.projects,
        terms=open_round.terms,
        pledges=pledges,
        ballots=None if vouchers else votes,
        vouchers=votes if vouchers else None,
        splits=splits_of(community, open_round.areas, open_round) if "splits" in fund.rule.needs else None,
        clusters=_clusters(community, open_round) if "clusters" in fund.rule.needs else None,
    )


def view_of_review(community: Community, fund: Fund, unit: Unit) -> RoundView:
    """The view of the unit's last settled round, for the review at the year's end; what was paid is in its history."""
    period, projects = unit.history[-1]
    places = {(project.first, project.last) for project in projects}
    areas = [fund.areas[index] for index in unit.areas if (fund.areas[index].first, fund.areas[index].last) in places]
    return _view(community, fund, unit, areas, RoundKey(fund.id, unit.id, period), projects)


def _view(
    community: Community,
    fund: Fund,
    unit: Unit,
    areas: Sequence[Area],
    key: RoundKey,
    projects: Sequence[Project],
    *,
    terms: Terms | None = None,
    pledges: Choices | None = None,
    ballots: Choices | None = None,
    vouchers: Choices | None = None,
    splits: Splits | None = None,
    clusters: NDArray[np.float64] | None = None,
) -> RoundView:
    needs = fund.rule.needs
    index_of = {(area.first, area.last): position for position, area in enumerate(areas)}
    marks = _marks(community, key, projects) if "scores" in needs else None
    proposals = _proposal_columns(community, fund, projects, index_of, marks)
    applicants = None
    if "applicants" in needs:
        applicants, proposals["applicant"] = applicants_of(community, fund, projects)
    running = unit.running()
    return make_view(
        fund.rule,
        round=key,
        month=community.month,
        date=community.given.scenario.month_date(community.month),
        budget=community.money.ledger.balance(unit.account) - sum(owed_fen(project) for project in running),
        carried=unit.carried_fen,
        proposals=proposals,
        areas=_area_columns(community, fund, unit, areas),
        terms=terms,
        pledges=pledges,
        ballots=ballots,
        history=_history(unit, community.year) if "history" in needs else None,
        marks=marks,
        splits=splits,
        vouchers=vouchers,
        running=len(running),
        clusters=clusters,
        coverage=coverage_of(community, projects) if "coverage" in needs else None,
        influence=influence_of(community, areas, proposals["area"]) if "influence" in needs else None,
        applicants=applicants,
        within_area=fund.spec.within_area,
        draws=community.given.draws,
    )


def _proposal_columns(
    community: Community,
    fund: Fund,
    projects: Sequence[Project],
    index_of: dict[tuple[int, int], int],
    marks: NDArray[np.float64] | None,
) -> dict[str, Any]:
    columns = {
        "id": tuple(project.id for project in projects),
        "area": np.array([index_of[project.first, project.last] for project in projects], dtype=np.int32),
        "ask": np.array([project.ask_fen for project in projects], dtype=np.int64),
        "minimum_viable": np.array([project.minimum_viable_fen for project in projects], dtype=np.int64),
        "category": np.array([project.domain for project in projects], dtype=np.int8),
        "submitted_at": np.array([project.proposed for project in projects], dtype=np.int32),
        "readiness": np.array([project.readiness for project in projects], dtype=np.float64),
        "beneficiaries": np.array([project.concerned for project in projects], dtype=np.int64),
        "writer": np.array([project.writer is Writer.STAFF for project in projects], dtype=np.uint8),
        "hours": np.array([project.hours_given for project in projects], dtype=np.float64),
    }
    if marks is not None:
        columns["scores"] = marks.mean(axis=0)
    if "response" in fund.rule.needs:
        columns["response"] = _response(community, projects)
    return columns


def _response(community: Community, projects: Sequence[Project]) -> NDArray[np.float64]:
    """Participants at most, and fen at which half of them come: those concerned who act as people do there now."""
    active = np.isin(np.arange(len(community.people.residents)), community.people.acted_last_month)
    rates = [active[project.first : project.last].mean() for project in projects]
    most = [project.concerned * rate for project, rate in zip(projects, rates, strict=True)]
    return np.array([most, [float(project.minimum_viable_fen) for project in projects]]).T


def _area_columns(community: Community, fund: Fund, unit: Unit, areas: Sequence[Area]) -> dict[str, Any]:
    """Needs are those that the committee surveyed, so that a rule knows no more than the committee does."""
    columns: dict[str, Any] = {
        "id": tuple(area.id for area in areas),
        "population": np.array([area.last - area.first for area in areas], dtype=np.int64),
        "need": np.array(
            [community.places.committees[area.committee].estimated_needs.mean() for area in areas], dtype=np.float64
        ),
        "last_award": np.array([unit.last_award.get(area.index, 0) for area in areas], dtype=np.int64),
    }
    if "performance" in fund.rule.needs:
        columns["performance"] = np.array([_performance(unit, area) for area in areas])
    if "deprivation" in fund.rule.needs:
        columns |= _deprivation(community, areas)
    for need in fund.rule.needs:
        if need.startswith(INDICATOR):
            columns[need.removeprefix(INDICATOR)] = _indicator(community, need.removeprefix(INDICATOR), areas)
    return columns


def _indicator(community: Community, name: str, areas: Sequence[Area]) -> NDArray[np.float64]:
    """A network indicator of each area's committee; NaN where the plugin gives it none."""
    values = community.institutions.indicator(name, community.month)
    return np.array(
        [values.get(community.places.committees[area.committee].id, np.nan) for area in areas], dtype=np.float64
    )


def _performance(unit: Unit, area: Area) -> float:
    """Share of the money last awarded in the area that went into projects which were completed; NaN without any."""
    last = unit.history[-1][1] if unit.history else ()
    awarded = [
        project for project in last if (project.first, project.last) == (area.first, area.last) and project.award_fen
    ]
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
