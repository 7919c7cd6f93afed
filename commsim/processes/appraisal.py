"""Step 10, appraisal: what residents take from what happened: trust, efficacy, belief, habit, satisfaction, gain.

Reads: settled rounds, projects that ended, hearings, relief of needs. Writes: columns `belief`, `trust_committee`,
`trust_fund`, `efficacy`, `habit`, `expectation`, `sense_of_gain`, `satisfaction`; projects' scores. Plan: P-10
(appraisal meeting), P-44 (sense of gain, satisfaction). Beliefs: Fischbacher and Gächter 2010. No source pins the
speeds; they are assumptions whose range includes zero, so that persistence is never built in.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.agents.committee import Committee
from commsim.behaviour.acts import Act
from commsim.behaviour.learning import moved_towards, updated_belief
from commsim.community.community import Community
from commsim.community.given import Positions
from commsim.community.people import HABITS, Columns
from commsim.community.procedures import Stage
from commsim.community.projects import Project
from commsim.community.rounds import OpenRound
from commsim.community.story import StoryKey
from commsim.ownership import parts
from commsim.scenario.months import MONTHS_A_YEAR, monthly_chance

LEARNED = ("belief", "trust_committee", "trust_fund", "efficacy")


class Appraisal:
    """Moves what residents believe and feel, each by its own experience."""

    name: ClassVar[str] = "appraisal"
    reads: ClassVar[frozenset[str]] = parts(
        given="draws needs_in_all parameters world",
        people="arrived committee habit needs saw",
        places="relief skill",
        projects="delivery participation pledged stage",
        rounds="pledges",
        month="acts ended gifts movers page settled",
    )
    writes: ClassVar[frozenset[str]] = parts(
        people="belief trust_committee trust_fund efficacy habit_vote habit_meeting habit_time habit_money expectation "
        "sense_of_gain satisfaction",
        projects="score story",
    )
    plan: ClassVar[tuple[str, ...]] = ("P-10", "P-44")
    source: ClassVar[str] = "beliefs: Fischbacher and Gächter 2010; speeds: assumptions whose range includes zero"

    def step(self, community: Community, residents: Columns) -> None:
        """Newcomers start afresh; then rounds, hearings, projects and everyday acts leave their mark."""
        self._begin_newcomers(community, residents)
        for settled in community.now.settled:
            self._learn_what_others_gave(community, residents, settled.round)
            self._hear_reasons(community, residents, settled.round)
        self._take_hearings_home(community, residents)
        for project in community.now.ended:
            self._judge(community, residents, project)
        self._form_habits(community, residents)
        self._feel_gain(community, residents)

    @staticmethod
    def _begin_newcomers(community: Community, residents: Columns) -> None:
        """Who moves in begins where a like resident began, without a history here."""
        movers = community.now.movers
        for name in LEARNED:
            getattr(residents, name)[movers] = community.given.world.columns[name][movers]
        for name in HABITS.values():
            getattr(residents, name)[movers] = residents.habit[movers]
        residents.satisfaction[movers] = community.given.parameters["appraisal.satisfaction_at_start"]
        residents.expectation[movers] = 0.0

    def _learn_what_others_gave(self, community: Community, residents: Columns, open_round: OpenRound) -> None:
        """Donors see the posted list of their project and update what they believe of each other (once a round)."""
        p = community.given.parameters
        by_project: dict[int, list[tuple[Positions, NDArray[np.float64]]]] = {}
        for pledge in open_round.pledges:
            by_project.setdefault(pledge.project.number, []).append((pledge.residents, pledge.share))
        for pledges in by_project.values():
            who = np.concatenate([donors for donors, _share in pledges])
            gave = np.concatenate([share for _donors, share in pledges])
            if len(who) < 2:
                continue  # nobody else on the list, nothing learned
            others = (gave.sum() - gave) / (len(gave) - 1)
            residents.belief[who] = updated_belief(
                residents.belief[who], others, p["belief.constant"], p["belief.own_lag"], p["belief.others"]
            )
        for project in open_round.projects:
            self._hear_of_givers(community, residents, project, by_project.get(project.number, []))

    @staticmethod
    def _hear_of_givers(
        community: Community,
        residents: Columns,
        project: Project,
        pledges: list[tuple[Positions, NDArray[np.float64]]],
    ) -> None:
        """Those in its place who give nothing themselves learn of what others gave, if they know of the project."""
        if not pledges:
            return
        p = community.given.parameters
        place = np.arange(project.first, project.last)
        knowing = place[residents.saw[place] > community.month - MONTHS_A_YEAR]
        knowing = np.setdiff1d(knowing, np.concatenate([donors for donors, _share in pledges]))
        mean = float(np.concatenate([share for _donors, share in pledges]).mean())
        residents.belief[knowing] = moved_towards(residents.belief[knowing], mean, p["belief.hearsay"])

    @staticmethod
    def _hear_reasons(community: Community, residents: Columns, open_round: OpenRound) -> None:
        """Those who backed a proposal hear what became of it, and why."""
        p = community.given.parameters
        for project in open_round.projects:
            who = community.people.participants_of(project)
            started = project.stage is not Stage.REJECTED
            target = p["appraisal.after_award"] if started else p["appraisal.after_refusal"]
            residents.efficacy[who] = moved_towards(residents.efficacy[who], target, p["appraisal.speed_reasons"])

    @staticmethod
    def _take_hearings_home(community: Community, residents: Columns) -> None:
        """Who spoke at a hearing trusts the committee more or less, as it was run."""
        p = community.given.parameters
        for acts in community.now.acts_of(Act.MEETING):
            who = acts.residents
            skill = np.array(community.agents(Committee).get("skill"))[residents.committee[who]]
            luck = community.given.draws.uniforms_of("heard", who, month=community.month)
            heard = np.where(luck < p["appraisal.heard_base"] + p["appraisal.heard_skill"] * skill, 1.0, 0.0)
            residents.trust_committee[who] = moved_towards(
                residents.trust_committee[who], heard, p["appraisal.speed_hearing"]
            )

    def _judge(self, community: Community, residents: Columns, project: Project) -> None:
        """The appraisal meeting scores a project; those who took part, and those concerned who hear of it, learn."""
        p = community.given.parameters
        outcome = project.benefit if project.stage is Stage.COMPLETED else 0.0
        if project.late:
            outcome *= p["appraisal.worth_of_late"]
        target = min(1.0, outcome / p["appraisal.benefit_that_satisfies"])
        project.score = 1.0 + 4.0 * target  # marks from 1 to 5, as appraisal meetings give
        project.tell(community.month, StoryKey.SCORE, project.score)
        took_part = community.people.participants_of(project)
        aware = np.setdiff1d(self._aware(community, residents, project), took_part)
        for who, weight in ((took_part, 1.0), (aware, p["appraisal.weight_of_hearsay"])):
            self._move(residents, who, target, weight, community)
        self._leave_behind(community, residents, project)

    @staticmethod
    def _leave_behind(community: Community, residents: Columns, project: Project) -> None:
        """An offer that ends may leave those who worked on it readier than before, or less; by default neither."""
        change = community.given.parameters["appraisal.after_offer"]
        workers = [who for _month, who in project.workers]
        if change and workers:
            who = np.intersect1d(np.concatenate(workers), community.people.team_of(project))
            residents.habit_time[who] = np.clip(residents.habit_time[who] + change, 0.0, 1.0)

    @staticmethod
    def _move(residents: Columns, who: Positions, target: float, weight: float, community: Community) -> None:
        p = community.given.parameters
        for name in ("trust_fund", "trust_committee", "efficacy", "satisfaction"):
            column = getattr(residents, name)
            column[who] = moved_towards(column[who], target, p[f"appraisal.speed_{name}"] * weight)

    @staticmethod
    def _aware(community: Community, residents: Columns, project: Project) -> Positions:
        """Those concerned by the project who have come to know of projects here in the last year."""
        p = community.given.parameters
        place = np.arange(project.first, project.last)
        needing = place[residents.needs[place, int(project.domain)] > p["bidding.need_that_concerns"]]
        if project.is_service:  # nobody looks out for the office's services: a share notices
            luck = community.given.draws.uniforms_of("notices", needing, month=community.month, item=project.id)
            return np.asarray(needing[luck < p["appraisal.awareness"]])
        return np.asarray(needing[residents.saw[needing] > community.month - MONTHS_A_YEAR])

    @staticmethod
    def _form_habits(community: Community, residents: Columns) -> None:
        """Acting makes the same kind of act easier next time; without it the habit fades to one's own disposition."""
        p = community.given.parameters
        fading = monthly_chance(p["habit.decay_year"])
        for kind, name in HABITS.items():
            habit = getattr(residents, name)
            habit[:] = moved_towards(habit, residents.habit, fading)
            done = community.now.gifts if kind is Act.MONEY else community.now.acts_of(kind)
            for acts in done:
                speed = p[f"habit.speed_{kind.name.lower()}"]
                habit[acts.residents] = moved_towards(habit[acts.residents], 1.0, speed)

    @staticmethod
    def _feel_gain(community: Community, residents: Columns) -> None:
        """Gain is benefit received minus benefit expected, weighted by own need; expectations follow with a lag (E)."""
        sizes = np.diff(community.given.world.addresses.building_start)
        relief = np.repeat(community.places.relief.astype(np.float32), sizes, axis=0)
        received = np.einsum("nd,nd->n", residents.needs, relief) / community.given.needs_in_all
        residents.sense_of_gain[:] = received - residents.expectation
        residents.expectation[:] = moved_towards(
            residents.expectation, received, community.given.parameters["appraisal.speed_expectation"]
        )
