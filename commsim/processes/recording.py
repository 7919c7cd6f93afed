"""Step 11, record: the month's measures by committee, before the page is turned.

Reads everything, changes nothing but the record. Each measure is a sum or a mean over the residents of a committee,
so that district figures are sums or weighted means of these rows. Plan: P-40 to P-45 (indicators).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.organisation import ActivityGroup
from commsim.behaviour.acts import Act
from commsim.community.community import Community
from commsim.community.people import Columns
from commsim.community.procedures import Stage
from commsim.community.projects import Writer
from commsim.money import FEN_PER_YUAN
from commsim.ownership import parts
from commsim.processes.monthly_columns import BANDS, MEANS, RUNGS

YEAR = 12
NEW_FACE_MONTHS = 24  # a new face has not been active in the two years before (district.md E)


class Recording:
    """Writes one row per committee and month."""

    name: ClassVar[str] = "recording"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults meets_neighbours parameters world",
        people="age committee efficacy last_act previous_act rung satisfaction sense_of_gain trust_committee "
        "trust_fund",
        places="hours",
        institutions="groups",
        projects="award book stage",
        month="acts asked election ended money page proposed public_issues raised settled",
    )
    writes: ClassVar[frozenset[str]] = parts(measured="rows")
    plan: ClassVar[tuple[str, ...]] = ("P-40", "P-41", "P-42", "P-43", "P-44", "P-45")
    source: ClassVar[str] = "definitions of the indicators: district.md E"

    def step(self, community: Community, residents: Columns) -> None:
        """Measure the month."""
        row: dict[str, NDArray[Any]] = {}
        row |= self._people(community, residents)
        row |= self._acts(community, residents)
        row |= self._money(community)
        row |= self._projects(community)
        row |= self._feelings(community, residents)
        community.measured.add(row)

    @staticmethod
    def _people(community: Community, residents: Columns) -> dict[str, NDArray[Any]]:
        adults = community.given.adults
        active = adults & (residents.last_act > community.month - YEAR)
        row = {
            "residents": community.given.sums_by_committee(np.ones(len(residents), dtype=np.int64)),
            "adults": community.given.sums_by_committee(adults),
            "active_12m": community.given.sums_by_committee(active),
            "meets_neighbours": community.given.sums_by_committee(adults & community.given.meets_neighbours),
        }
        for band, (low, high) in BANDS.items():
            inside = adults & (residents.age >= low) & (residents.age <= high)
            row[f"adults_{band}"] = community.given.sums_by_committee(inside)
            row[f"active_12m_{band}"] = community.given.sums_by_committee(active & inside)
        now = adults & (residents.last_act == community.month)
        new = now & (residents.previous_act < community.month - NEW_FACE_MONTHS)
        row["active_month"] = community.given.sums_by_committee(now)
        row["new_faces"] = community.given.sums_by_committee(new)
        for rung in RUNGS:
            row[f"rung_{rung.name.lower()}"] = community.given.sums_by_committee(adults & (residents.rung == rung))
        row |= _election(community)
        return row

    @staticmethod
    def _acts(community: Community, residents: Columns) -> dict[str, NDArray[Any]]:
        committees = len(community.places.committees)
        row: dict[str, NDArray[Any]] = {}
        minutes = np.zeros(committees, dtype=np.int64)
        for kind in Act:
            who = [acts.residents for acts in community.now.acts_of(kind)]
            people = np.unique(np.concatenate(who)) if who else np.zeros(0, dtype=np.intp)
            row[f"acts_{kind.name.lower()}"] = np.bincount(residents.committee[people], minlength=committees)
        for acts in community.now.acts:
            if acts.kind is not Act.VOTE:
                np.add.at(minutes, residents.committee[acts.residents], acts.minutes)
        row["volunteer_minutes"] = minutes
        asked = community.now.asked
        who_asked = asked.residents if asked is not None else np.zeros(0, dtype=np.intp)
        row["asked"] = np.bincount(residents.committee[who_asked], minlength=committees)
        return row

    @staticmethod
    def _money(community: Community) -> dict[str, NDArray[Any]]:
        committees, fund = len(community.places.committees), community.money.comparison_fund.id
        place = community.people.residents.seen_by("recording").committee
        pledged = np.zeros(committees, dtype=np.int64)
        of_fund = np.array([project.fund == fund for project in community.money.projects.projects], dtype=np.bool_)
        for acts in community.now.acts_of(Act.MONEY):
            mine = of_fund[acts.project]
            np.add.at(pledged, place[acts.residents[mine]], acts.fen[mine])
        own: dict[str, NDArray[np.int64]] = {}
        other: dict[str, NDArray[np.int64]] = {}
        for what in ("public", "appropriated", "gifts", "refunded", "partner"):
            own[what], other[what] = (np.zeros(committees, dtype=np.int64) for _ in range(2))
        for (what, of, committee), fen in community.now.money.items():
            (own if of == fund else other)[what][committee] += fen
        hours = np.array(community.agents(Committee).map(lambda committee: committee.hours.on_fund(fund)))
        cost = community.given.parameters["money.staff_hour_yuan"] * FEN_PER_YUAN
        return {
            "pledged_fen": pledged,
            **{f"{what}_fen": values for what, values in own.items()},
            "other_public_fen": other["public"],
            "other_gifts_fen": other["gifts"] + other["partner"],
            "administration_fen": np.rint(hours * cost).astype(np.int64),
            "staff_minutes": np.rint(hours * 60.0).astype(np.int64),
        }

    @staticmethod
    def _projects(community: Community) -> dict[str, NDArray[Any]]:
        committees = len(community.places.committees)
        none = np.zeros(committees, dtype=np.int64)
        fund = community.money.comparison_fund.id
        counted: dict[str, list[int]] = {
            name: [] for name in ("proposals", "proposals_by_residents", "awarded", "started", "completed", "failed")
        }
        for project in community.now.proposed:
            if project.fund == fund and not project.is_service:
                counted["proposals"].append(project.committee)
                if project.writer is Writer.RESIDENTS:
                    counted["proposals_by_residents"].append(project.committee)
        for settled in community.now.settled:
            for project in settled.round.projects if settled.fund.id == fund else []:
                if project.award_fen:
                    counted["awarded"].append(project.committee)
                if project.started == community.month:
                    counted["started"].append(project.committee)
        for project in community.now.ended:
            if project.fund == fund:
                counted["completed" if project.stage is Stage.COMPLETED else "failed"].append(project.committee)
        row = {
            name: np.bincount(np.array(places, dtype=np.int64), minlength=committees)
            for name, places in counted.items()
        }
        row["issues_raised"] = none if community.now.raised is None else community.now.raised
        row["public_issues"] = none if community.now.public_issues is None else community.now.public_issues
        alive = np.array(community.agents(ActivityGroup).get("committee"), dtype=np.int64)
        row["groups_alive"] = np.bincount(alive, minlength=committees)
        return row

    @staticmethod
    def _feelings(community: Community, residents: Columns) -> dict[str, NDArray[Any]]:
        adults = community.given.adults
        count = np.maximum(community.given.sums_by_committee(adults), 1)
        means = {}
        for name in MEANS:
            column = np.where(adults, getattr(residents, name), 0.0)
            means[name] = (community.given.sums_by_committee(column) / count).astype(np.float32)
        return means


def _election(community: Community) -> dict[str, NDArray[Any]]:
    election = community.now.election
    none = np.zeros(len(community.places.committees), dtype=np.int64)
    if election is None:
        return {"election_voters": none, "election_eligible": none}
    return {
        "election_voters": community.given.sums_by_committee(election.voted),
        "election_eligible": community.given.sums_by_committee(election.eligible),
    }
