"""What becomes of residents' pledges when a round settles, and of what a project has not spent when it ends.

Part of settlement (step 7). Each donor gets back what the rule said for that donor; what a project leaves over goes
back to where it came from, in proportion. Public money of an earlier year's award returns to the treasury, since
fiscal purses lapse on 31 December (plan P-37). Residents who get money back are told through an event, so that what
they can still give this year is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.behaviour.acts import Act
from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.given import Positions
from commsim.community.ledger import PARTNERS, TREASURY
from commsim.community.month import Acts
from commsim.community.people import LONG_AGO, Columns, never_gave
from commsim.community.procedures import ProjectEvent, Stage
from commsim.community.projects import Project
from commsim.community.purposes import Purpose
from commsim.community.rounds import OpenRound, Pledge
from commsim.community.story import StoryKey
from commsim.contracts import Choices
from commsim.money import FEN_PER_YUAN, largest_remainder
from commsim.ownership import lock


@dataclass(frozen=True, eq=False)
class Donors:
    """Donors of a project in address order, each once: how many fen each pledged, and how each was asked at first."""

    residents: Positions
    fen: NDArray[np.int64]
    channel: NDArray[np.intp]


def donors_by_project(open_round: OpenRound) -> dict[int, Donors]:
    """Donors of every project of a round that has any, by project number."""
    pledges: dict[int, list[Pledge]] = {}
    for pledge in open_round.pledges:
        pledges.setdefault(pledge.project.number, []).append(pledge)
    return {number: _donors_of(given) for number, given in pledges.items()}


def _donors_of(pledges: list[Pledge]) -> Donors:
    everybody = np.concatenate([pledge.residents for pledge in pledges])
    who, first, row = np.unique(everybody, return_index=True, return_inverse=True)
    fen = np.zeros(len(who), dtype=np.int64)
    np.add.at(fen, row, np.concatenate([pledge.fen for pledge in pledges]))
    return Donors(who, fen, np.concatenate([pledge.channel for pledge in pledges])[first])


def by_donor(of_pledge: NDArray[np.int64] | None, choices: Choices, index: int) -> NDArray[np.int64] | None:
    """The part of a rule's figures by pledge (refunds, bonuses) that belongs to proposal `index`, by donor.

    `choices` are the pledges as the rule saw them: donors in address order, as in `donors_by_project`.
    """
    return None if of_pledge is None else of_pledge[choices.proposal == index]


def settle_pledges(
    community: Community, residents: Columns, project: Project, donors: Donors | None, back: NDArray[np.int64] | None
) -> None:
    """Pledges become gifts where the project starts; what the rule gives back to each donor, or all else, goes home."""
    if donors is None:
        return
    who, fen = donors.residents, donors.fen
    rejected = project.stage is Stage.REJECTED
    home = fen if rejected else (np.zeros_like(fen) if back is None else np.minimum(back, fen))
    kept = fen - home
    place = community.places.committees[project.committee].id
    gift, refund = int(kept.sum()), int(home.sum())
    post, month, notebook = community.money.post, community.month, f"notebook:{place}"
    event = ProjectEvent.REFUND if rejected else ProjectEvent.TAKE_GIFTS
    purpose = Purpose.REFUND if rejected else Purpose.REBATE
    post(month, project, event, purpose, fen=refund, source=notebook, to=f"residents:{place}")
    if gift:
        post(month, project, event, Purpose.GIFT, fen=gift, source=notebook, to=project.account)
        lock(who, kept)
        _tell_of_gifts(community, residents, project, donors, kept)
        project.kept_gifts = (who, kept)
        _remember_gifts(community, residents, project, donors, kept)
    if refund:
        project.tell(month, StoryKey.REFUNDED, refund / FEN_PER_YUAN)
    residents.given_fen[who] += kept
    project.gifts_fen += gift
    community.now.add("gifts", project, gift)
    _tell(community, project, who, home)


def _tell_of_gifts(
    community: Community, residents: Columns, project: Project, donors: Donors, kept: NDArray[np.int64]
) -> None:
    """How much became the project's, from how many, who of them are new, and who had asked them."""
    stayed = kept > 0
    who, month = donors.residents[stayed], community.month
    project.tell(month, StoryKey.GIFTS, int(kept.sum()) / FEN_PER_YUAN)
    project.tell(month, StoryKey.DONORS, len(who))
    project.tell_who_joined(month, who, donors.channel[stayed], never_gave(residents, who))


def _remember_gifts(
    community: Community, residents: Columns, project: Project, donors: Donors, kept: NDArray[np.int64]
) -> None:
    """A gift that stays is an act of giving; a pledge that goes home in full is none."""
    stayed = kept > 0
    who = donors.residents[stayed]
    gifts = Acts(
        kind=Act.MONEY,
        residents=who,
        project=np.full(len(who), project.number, dtype=np.int64),
        minutes=np.zeros(len(who), dtype=np.int64),
        fen=kept[stayed],
        share=np.ones(len(who)),
        channel=donors.channel[stayed],
        first=residents.last_money[who] == LONG_AGO,
    )
    community.now.gifts = (*community.now.gifts, gifts)
    residents.last_money[who] = community.month


def pay_bonus(community: Community, account: str, project: Project, donors: Donors, bonus: NDArray[np.int64]) -> None:
    """Public money that the rule pays donors on top of a refund, from the purse to residents' own account."""
    place = community.places.committees[project.committee].id
    fen = int(bonus.sum())
    community.money.post(
        community.month, project, ProjectEvent.BONUS, Purpose.BONUS, fen=fen, source=account, to=f"residents:{place}"
    )
    if fen:
        project.tell(community.month, StoryKey.BONUS, fen / FEN_PER_YUAN)
    community.now.add("public", project, fen)
    community.now.returned = (*community.now.returned, (donors.residents, bonus))


def give_back(community: Community, residents: Columns, fund: Fund, project: Project) -> None:
    """What a project has not spent goes back to where it came from, in proportion to what each source had put in."""
    left = community.money.ledger.balance(project.account)
    sources = np.array([project.paid_fen, project.gifts_fen, project.partner_fen])
    public, gifts, partners = (int(part) for part in largest_remainder(left, sources))
    lapsed = fund.spec.fiscal and community.given.scenario.year(project.settled) != community.year
    purse = TREASURY if lapsed else fund.unit_of(project).account
    place = community.places.committees[project.committee].id
    for account, fen in ((purse, public), (f"residents:{place}", gifts), (PARTNERS, partners)):
        community.money.post(
            community.month,
            project,
            ProjectEvent.GIVE_BACK,
            Purpose.RETURN,
            fen=fen,
            source=project.account,
            to=account,
        )
    project.returned_fen += left
    _tell_what_went_back(community, project, public, gifts, partners)
    if gifts:
        assert project.kept_gifts is not None  # gifts come from donors, who are kept with them
        who, kept = project.kept_gifts
        home = largest_remainder(gifts, kept)
        left_over = kept - home
        lock(left_over)
        project.kept_gifts = (who, left_over)
        residents.given_fen[who] -= home
        _forget_gifts(community, residents, who[home == kept])
        project.gifts_fen -= gifts
        community.now.add("gifts", project, -gifts)
        _tell(community, project, who, home)


def _tell_what_went_back(community: Community, project: Project, public: int, gifts: int, partners: int) -> None:
    """Fen of what was left over that went back to the fund, to residents and to local units."""
    for key, fen in (
        (StoryKey.RETURNED, public),
        (StoryKey.GIFTS_RETURNED, gifts),
        (StoryKey.PARTNERS_RETURNED, partners),
    ):
        if fen:
            project.tell(community.month, key, fen / FEN_PER_YUAN)


def _forget_gifts(community: Community, residents: Columns, who: Positions) -> None:
    """Whose whole gift came back has not given, but for what they gave to other projects that hold it still."""
    last = np.full(len(who), LONG_AGO, dtype=residents.last_money.dtype)
    for project in community.money.projects.projects:
        if project.kept_gifts is not None:
            donors, fen = project.kept_gifts
            np.maximum(last, np.where(np.isin(who, donors[fen > 0]), project.settled, LONG_AGO), out=last)
    residents.last_money[who] = np.where(residents.arrived[who] > last, LONG_AGO, last)


def _tell(community: Community, project: Project, who: Positions, home: NDArray[np.int64]) -> None:
    """Count a refund, and leave the event from which contribution learns what donors can give again."""
    fen = int(home.sum())
    if fen:
        lock(who, home)
        project.refunded_fen += fen
        community.now.add("refunded", project, fen)
        community.now.returned = (*community.now.returned, (who, home))
