"""Modifiers of admission: who is considered at all. The rule divides the money among the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from commsim.contracts import Modifier, RoundView, Terms, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.residents_part import (
    NEEDS,
    announced,
    brought,
    counts_parameter,
    hour_parameter,
    kinds_counted,
)


@dataclass(frozen=True)
class MinimumVotesParams:
    """Parameters of the minimum of votes."""

    votes: int = parameter(
        1,
        label=Bilingual(en="Votes needed", zh="所需票数"),
        doc=Bilingual(
            en="Votes that a project needs (points, where ballots give points).",
            zh="项目所需最少票数（计分投票为分数）。",
        ),
        unit="votes",
        ge=0,
        sweep=(0, 100),
        reference="Polish participatory budgets: thresholds in 509 elections (Pabulib)",
    )


class MinimumVotes(Modifier):
    """Projects with fewer votes are not considered."""

    id = "modifier.min_votes"
    title = Bilingual(en="Minimum of votes", zh="最低票数")
    summary = Bilingual(en="Projects with fewer votes are not considered.", zh="票数不足者不予考虑。")
    needs = frozenset({"ballots"})
    source = "practice of Polish participatory budgets (Pabulib)"
    Params = MinimumVotesParams

    def announce(self, terms: Terms, view: RoundView) -> Terms:
        """Voters are told."""
        return replace(terms, min_votes=max(terms.min_votes, self.params.votes))

    def keep_out(self, view: RoundView) -> Mapping[int, Text]:
        """Those with too few votes."""
        votes = view.ballots.totals(len(view.proposals))
        text = _("nothing: {votes} votes, {least} are needed")
        few = np.flatnonzero(votes < self.params.votes).tolist()
        return {at: text.format(votes=int(votes[at]), least=self.params.votes) for at in few}


@dataclass(frozen=True)
class MinimumMatchParams:
    """Parameters of the minimum of residents' own part."""

    share: float = parameter(
        0.1,
        label=Bilingual(en="Own share needed", zh="所需自筹比例"),
        doc=Bilingual(en="Own money (and hours) that a project needs.", zh="项目所需自筹（含工时）比例。"),
        unit="share of the ask",
        ge=0.0,
        le=2.0,
        sweep=(0.0, 1.0),
        reference="Seattle Neighborhood Matching Fund: 0.5 or 1",
    )
    counts: str = counts_parameter("cash+hours")
    hour_yuan: float = hour_parameter(0.0, "assumption")

    def __post_init__(self) -> None:
        kinds_counted(self)


class MinimumMatch(Modifier):
    """Projects for which residents pledge less of their own than a share of the ask are not considered.

    Of their own is the cash that they pledged, and as `counts` says also promised hours, each worth `hour_yuan` (0 by
    default, so that hours do not count before a worth is given), and goods. A round has one word for what counts:
    residents are told what counts for the own part where the rule itself has no match, threshold or own part.
    """

    id = "modifier.min_match"
    title = Bilingual(en="Minimum of own money", zh="最低自筹")
    summary = Bilingual(en="Projects with too little of residents' own are not considered.", zh="自筹不足者不予考虑。")
    needs = NEEDS | {"hours"}
    source = "Seattle Neighborhood Matching Fund"
    Params = MinimumMatchParams

    def announce(self, terms: Terms, view: RoundView) -> Terms:
        """Residents are told."""
        rule_counts = terms.match_rate > 0 or terms.quoted or terms.threshold is not None or terms.min_match > 0
        words = {} if rule_counts else announced(self.params)
        return replace(terms, min_match=max(terms.min_match, self.params.share), **words)

    def keep_out(self, view: RoundView) -> Mapping[int, Text]:
        """Those with too little."""
        given = brought(view, self.params)
        own = given.fen
        least = np.ceil(self.params.share * view.proposals.ask).astype(np.int64)
        text = _("nothing: residents bring {own} yuan of their own, {least} are needed")
        few = np.flatnonzero(own < least).tolist()
        return {at: given.told(text.format(own=in_yuan(own[at]), least=in_yuan(least[at])), at) for at in few}


@dataclass(frozen=True)
class ReadinessGateParams:
    """Parameters of the readiness gate."""

    readiness: float = parameter(
        0.5,
        label=Bilingual(en="Readiness needed", zh="所需成熟度"),
        doc=Bilingual(en="Readiness that a project needs.", zh="项目所需成熟度。"),
        unit="0 to 1",
        ge=0.0,
        le=1.0,
        sweep=(0.0, 1.0),
        reference="assumption",
    )


class ReadinessGate(Modifier):
    """Projects that are not ready are not considered."""

    id = "modifier.readiness_gate"
    title = Bilingual(en="Readiness gate", zh="成熟度门槛")
    summary = Bilingual(en="Projects that are not ready are not considered.", zh="未成熟的项目不予考虑。")
    needs = frozenset({"readiness"})
    source = "planning practice: 成熟一个、建设一个 (definition ours)"
    Params = ReadinessGateParams

    def keep_out(self, view: RoundView) -> Mapping[int, Text]:
        """Those not ready."""
        readiness = view.proposals.readiness
        text = _("nothing: readiness {came:.2f}, {least:.2f} is needed")
        unready = np.flatnonzero(readiness < self.params.readiness).tolist()
        return {at: text.format(came=float(readiness[at]), least=self.params.readiness) for at in unready}


@dataclass(frozen=True)
class ExcludeParams:
    """Parameters of exclusion."""

    ids: str = parameter(
        "",
        label=Bilingual(en="Projects", zh="项目编号"),
        doc=Bilingual(en="Ids of projects, with spaces between them.", zh="项目编号，以空格分隔。"),
        reference="manual override by administrators",
    )


class Exclude(Modifier):
    """Named projects are not considered, by decision of administrators. Names that are not in a round do nothing."""

    id = "modifier.exclude"
    title = Bilingual(en="Exclude projects", zh="剔除项目")
    summary = Bilingual(en="Named projects are not considered.", zh="指定项目不予考虑。")
    source = "manual override"
    Params = ExcludeParams
    final = True

    def keep_out(self, view: RoundView) -> Mapping[int, Text]:
        """Those named."""
        named = set(self.params.ids.split())
        reason = _("nothing: excluded by decision, not by the rule")
        return {at: reason for at, proposal in enumerate(view.proposals.id) if proposal in named}
