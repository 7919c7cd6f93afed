"""Step 12, record: the month's measures by committee, before the page is turned.

Reads everything, changes nothing but the record. Each measure is a sum or a mean over the residents of a committee,
so that district figures are sums or weighted means of these rows. Plan: P-40 to P-45 (indicators).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.agents.hours import MINUTES_PER_HOUR
from commsim.agents.organisation import ActivityGroup
from commsim.behaviour.acts import LIGHT_ACTS, Act, Channel
from commsim.community.community import Community
from commsim.community.month import Acts
from commsim.community.people import GIVING_OR_STARTING, Columns, acted_since
from commsim.community.procedures import Stage
from commsim.community.projects import Writer
from commsim.money import FEN_PER_YUAN
from commsim.ownership import parts
from commsim.processes.monthly_columns import CATEGORIES, MEANS, RUNGS
from commsim.scenario.months import MONTHS_A_YEAR
from commsim.world.ages import BANDS
from commsim.world.records import Registration, Tenure

NEW_FACE_MONTHS = 24  # a new face has not been active in the two years before (district.md E)


class Recording:
    """Writes one row per committee and month."""

    name: ClassVar[str] = "recording"
    reads: ClassVar[frozenset[str]] = parts(
        given="adults meets_neighbours parameters scenario world",
        people="age committee efficacy last_act last_meeting last_money last_organise last_time last_vote previous_act "
        "registration rung satisfaction sense_of_gain sex tenure trust_committee trust_fund",
        places="hours",
        institutions="groups",
        projects="award book stage",
        month="acts asked election ended gifts money page proposed public_issues raised settled",
    )
    writes: ClassVar[frozenset[str]] = parts(measured="rows looks")
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
        active = adults & (residents.last_act > community.month - MONTHS_A_YEAR)
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
        gave = adults & acted_since(residents, GIVING_OR_STARTING, community.month - MONTHS_A_YEAR + 1)
        light = adults & acted_since(residents, LIGHT_ACTS, community.month - MONTHS_A_YEAR + 1)
        row["gave_12m"] = community.given.sums_by_committee(gave)
        row["light_12m"] = community.given.sums_by_committee(light)
        for band, (low, high) in BANDS.items():
            inside = (residents.age >= low) & (residents.age <= high)
            row[f"gave_12m_{band}"] = community.given.sums_by_committee(gave & inside)
        if (community.given.scenario.months - 1 - community.month) % MONTHS_A_YEAR == 0:
            community.measured.look(community.month, gave, light)
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
            row |= _people_who(kind, community, residents)
        row |= _givers_of_month(community, residents)
        for acts in community.now.acts:
            if acts.kind not in LIGHT_ACTS:
                np.add.at(minutes, residents.committee[acts.residents], acts.minutes)
        row["volunteer_minutes"] = minutes
        asked = community.now.asked
        who_asked = asked.residents if asked is not None else np.zeros(0, dtype=np.intp)
        row["asked"] = np.bincount(residents.committee[who_asked], minlength=committees)
        for channel in Channel:
            through = who_asked if asked is None else who_asked[asked.channel == channel]
            row[f"asked_{channel.name.lower()}"] = np.bincount(residents.committee[through], minlength=committees)
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
            "staff_minutes": np.rint(hours * MINUTES_PER_HOUR).astype(np.int64),
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


def _acts_that_count(kind: Act, community: Community) -> Sequence[Acts]:
    """This month's acts of a kind; of money the gifts that stayed, since a pledge that goes home is no act."""
    return community.now.gifts if kind is Act.MONEY else community.now.acts_of(kind)


def _people_who(kind: Act, community: Community, residents: Columns) -> dict[str, NDArray[Any]]:
    """People who did a kind of act this month, by committee: all, and by what acts are told apart (`CATEGORIES`)."""
    name, committees = f"acts_{kind.name.lower()}", len(community.places.committees)
    done = _acts_that_count(kind, community)
    everybody = np.concatenate([acts.residents for acts in done]) if done else np.zeros(0, dtype=np.intp)
    who, first = np.unique(everybody, return_index=True)
    place = residents.committee[who]
    row: dict[str, NDArray[Any]] = {name: np.bincount(place, minlength=committees)}
    channel = np.concatenate([acts.channel for acts in done])[first] if done else everybody
    fresh = np.concatenate([acts.first for acts in done])[first] if done else everybody > 0
    for categories, code in (
        ("channel", channel),
        ("age", np.searchsorted([high for _low, high in BANDS.values()], residents.age[who])),
        ("sex", residents.sex[who]),
        ("registration", residents.registration[who] != Registration.HERE),
        ("tenure", residents.tenure[who] != Tenure.OWNED),
        ("first", ~fresh),
    ):
        for index, category in enumerate(CATEGORIES[categories]):
            row[f"{name}_{category}"] = np.bincount(place[code == index], minlength=committees)
    return row


def _givers_of_month(community: Community, residents: Columns) -> dict[str, NDArray[Any]]:
    """Who gave or started something this month, by committee, and for whom of them it is the first such act."""
    committees = len(community.places.committees)
    done = [acts for kind in GIVING_OR_STARTING for acts in _acts_that_count(kind, community)]
    everybody = np.concatenate([acts.residents for acts in done]) if done else np.zeros(0, dtype=np.intp)
    earlier = np.concatenate([~acts.first for acts in done]) if done else np.zeros(0, dtype=np.bool_)
    acted_before = np.bincount(everybody, weights=earlier, minlength=len(residents))
    who = np.unique(everybody)
    new = who[acted_before[who] == 0]
    channel = np.concatenate([acts.channel for acts in done]) if done else everybody
    _who, at = np.unique(everybody, return_index=True)
    first_by = {
        f"gave_first_{name.name.lower()}": np.bincount(
            residents.committee[who[(acted_before[who] == 0) & (channel[at] == name)]], minlength=committees
        )
        for name in Channel
    }
    return first_by | {
        "gave_month": np.bincount(residents.committee[who], minlength=committees),
        "gave_new_faces": np.bincount(residents.committee[new], minlength=committees),
    }


def _election(community: Community) -> dict[str, NDArray[Any]]:
    election = community.now.election
    none = np.zeros(len(community.places.committees), dtype=np.int64)
    if election is None:
        return {"election_voters": none, "election_eligible": none}
    return {
        "election_voters": community.given.sums_by_committee(election.voted),
        "election_eligible": community.given.sums_by_committee(election.eligible),
    }
