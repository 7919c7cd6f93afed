"""What is counted in the runs of the district and of the call, for the path's facts: names to numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commsim.behaviour.acts import Channel
from commsim.community.people import GIVING_OR_STARTING, acted_since
from commsim.community.procedures import Stage
from commsim.community.projects import Initiator, Project
from commsim.money import FEN_PER_YUAN
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.scenario.project_kinds import REFERENCE_YUAN
from commsim.validation.path_runs import Runs
from commsim.validation.path_statistics import Measures
from commsim.validation.path_watch import Mask, Watched
from commsim.world.records import Sex, Tenure

APPLICANTS = (Initiator.RESIDENT, Initiator.GROUP, Initiator.ORGANISATION)
"""Initiators that are counted as groups and people who apply; a committee's staff and the street are none."""
TOP_TENTH = 0.9
HALF = 0.5
NOT_ASKED = (Channel.RECALLED, Channel.OWN)
INSIDE = (Channel.LEADER, Channel.STAFF, Channel.GROUP, Channel.PROJECT)
FRIENDS = (Channel.NEIGHBOUR, Channel.HOUSEHOLD)


def level(runs: Runs) -> Measures:
    """P0: adults who gave or started something in the last twelve months without a fund."""
    run = runs["none"]
    return {"gave": float(_gave(run).sum()), "adults": float(run.adults.sum())}


def no_yuan(runs: Runs) -> Measures:
    """P1: columns in which a fund of 0 yuan differs from none, its projects, and by how many the call moves givers."""
    none, zero, call = (runs[name].model.monthly for name in ("none", "zero", "call"))
    differ = sum(not np.array_equal(none[name], zero[name]) for name in none)
    return {
        "columns": float(differ),
        "projects": float(len(runs["zero"].awarded)),
        "givers": float(np.abs(call["gave_12m"] - none["gave_12m"]).sum()),
    }


def density(runs: Runs) -> Measures:
    """P2: funded projects, thousands of residents × years, and committee-years without a proposal's award."""
    run = runs["fund"]
    committees = run.model.world.addresses.committees
    funded = {(project.committee, project.period) for project in run.awarded}
    return {
        "projects": float(len(run.awarded)),
        "thousand_years": run.model.world.residents / 1000.0 * run.years,
        "empty": committees * run.years - len(funded),
        "committee_years": committees * run.years,
    }


def twice_the_money(runs: Runs) -> Measures:
    """P3: projects, those who are funded for the first time, and yuan awarded, at the money and at twice the money."""
    return {
        f"{name}_{arm}": value
        for arm in ("fund", "double")
        for name, value in (
            ("projects", float(len(runs[arm].awarded))),
            ("new", float(len(_applicants(runs[arm])))),
            ("yuan", sum(project.award_fen for project in runs[arm].awarded) / FEN_PER_YUAN),
        )
    }


def asks(runs: Runs) -> Measures:
    """P4: proposals, and those that ask for at least nine tenths of the cap."""
    run = runs["fund"]
    cap = run.model.scenario.project_cap_fen(run.model.scenario.fund_under_comparison)
    heaped = [project for project in run.projects if project.ask_fen >= TOP_TENTH * cap]
    return {"heaped": float(len(heaped)), "asks": float(len(run.projects))}


def starters(runs: Runs) -> Measures:
    """P5: residents who start something: how many, active before, women, owners, long here; the same of adults."""
    run = runs["fund"]
    residents, adults, started = run.residents, run.adults, run.watch.starters
    long_years = run.model.scenario.parameters["initiating.long_years"]
    return {
        "starters": float(len(started)),
        "active": float(sum(starter.active for starter in started)),
        "women": float(sum(starter.woman for starter in started)),
        "owners": float(sum(starter.owner for starter in started)),
        "long": float(sum(starter.long_here for starter in started)),
        "adults": float(adults.sum()),
        "adult_women": float((adults & (residents.sex == Sex.FEMALE)).sum()),
        "adult_owners": float((adults & (residents.tenure == Tenure.OWNED)).sum()),
        "adult_long": float((adults & (residents.years_here >= long_years)).sum()),
    }


def resources(runs: Runs) -> Measures:
    """P10: hours of ended projects against their size; cash and hours against public cash where all is matched."""
    ended = _ended(runs["fund"])
    matched = _ended(runs["match"])
    rate = runs["match"].model.scenario.parameters["money.hour_rate_yuan"]
    cash = sum(project.gifts_fen + project.partner_fen for project in matched) / FEN_PER_YUAN
    goods = sum(project.goods_fen for project in matched) / FEN_PER_YUAN
    time = sum(project.hours_given for project in matched) * rate
    return {
        "hours": sum(project.hours_given for project in ended),
        "sizes": sum(project.award_fen for project in ended) / FEN_PER_YUAN / REFERENCE_YUAN,
        "cash": cash,
        "public": sum(project.paid_fen for project in matched) / FEN_PER_YUAN,
        "time": time,
        "all": cash + goods + time,
    }


def first_acts(runs: Runs) -> Measures:
    """P11: first acts of the last year by how they came about."""
    by_channel = {channel: runs["fund"].last_year(f"gave_first_{channel.name.lower()}") for channel in Channel}
    first = sum(by_channel.values())
    return {
        "first": first,
        "asked": first - sum(by_channel[channel] for channel in NOT_ASKED),
        "inside": sum(by_channel[channel] for channel in INSIDE),
        "friends": sum(by_channel[channel] for channel in FRIENDS),
    }


def leak(runs: Runs) -> Measures:
    """P15: who gave hours in a year and still lives there, and who of them gave none in the next; without a fund."""
    run = runs["none"]
    arrived = run.residents.arrived
    gave = stopped = 0
    # The first year is the memory that the run begins with.
    for year in range(1, len(run.watch.gave_hours) - 1):
        stays = arrived < (year + 1) * MONTHS_A_YEAR
        now, then = run.watch.gave_hours[year] & stays, run.watch.gave_hours[year + 1]
        gave += int(now.sum())
        stopped += int((now & ~then).sum())
    return {"gave": float(gave), "stopped": float(stopped)}


def unfinished(runs: Runs) -> Measures:
    """P17: ended projects that were late, failed or less than half carried out; on common ground, and activities."""
    run = runs["fund"]
    common = {kind.id for kind in run.model.scenario.project_kinds if kind.common_ground}
    ended = _ended(run)
    on_common = [project for project in ended if project.kind in common]
    others = [project for project in ended if project.kind not in common]
    return {
        "ended": float(len(ended)),
        "unfinished": float(sum(map(_is_unfinished, ended))),
        "common": float(len(on_common)),
        "common_unfinished": float(sum(map(_is_unfinished, on_common))),
        "others": float(len(others)),
        "others_unfinished": float(sum(map(_is_unfinished, others))),
    }


def awareness(runs: Runs) -> Measures:
    """P18: adults who came to know of a project in the last year, at the money and at ten times the money."""
    return {
        "adults": float(runs["fund"].adults.sum()),
        "aware": float(runs["fund"].did("saw").sum()),
        "aware_tenfold": float(runs["tenfold"].did("saw").sum()),
    }


def funnel(runs: Runs) -> Measures:
    """P19: adults who know of a project, of them those who came to a meeting, of them those who raised a matter, of
    them those who started something, in a year."""
    run = runs["fund"]
    meets = run.did("last_meeting")
    aware = run.did("saw")
    attend = aware & meets
    speak = attend & run.watch.raised
    propose = speak & run.did("last_organise")
    stages = {"aware": aware, "attend": attend, "speak": speak, "propose": propose}
    return {name: float(who.sum()) for name, who in stages.items()}


def afterwards(runs: Runs) -> Measures:
    """P20: adults who did something unrelated to any project in the last year: where a fund has ended, and in twins."""
    return {
        "adults": float(runs["none"].adults.sum()),
        "stopped": float((runs["stopped"].watch.unrelated & runs["stopped"].adults).sum()),
        "never": float((runs["none"].watch.unrelated & runs["none"].adults).sum()),
    }


def _applicants(run: Watched) -> set[str]:
    """Residents, groups and organisations that were awarded money."""
    return {project.applicant for project in run.awarded if project.initiator in APPLICANTS}


def _gave(run: Watched) -> Mask:
    return np.asarray(run.adults & acted_since(run.residents, GIVING_OR_STARTING, run.months - MONTHS_A_YEAR))


def _ended(run: Watched) -> Sequence[Project]:
    """Projects that were awarded money and whose delivery has ended."""
    return [project for project in run.awarded if project.stage in (Stage.COMPLETED, Stage.FAILED)]


def _is_unfinished(project: Project) -> bool:
    return project.late or project.stage is Stage.FAILED or project.scope < HALF
