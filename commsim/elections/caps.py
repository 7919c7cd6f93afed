"""What winners of one group may cost together, laid over a rule that goes down a list of projects by votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, Modifier, RoundView
from commsim.elections.meta import Cap
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.natural_order import natural_rank


class GroupCaps(Modifier):
    """Passes over the first winner by votes with whom its group costs more than its cap, and settles again.

    Since all that stand before it on the list are the same with and without it, this is the list gone down once, with
    what does not fit into its group passed over like what does not fit into the budget. Source: Amsterdam's elections
    in Pabulib, whose comment calls `budget_per_neighborhood` an upper bound on the cost of winners in a neighbourhood.
    """

    id = "modifier.group_caps"
    title = Bilingual(en="Caps of groups", zh="分组上限")
    needs = frozenset({"ballots"})

    def __init__(self, caps: Sequence[Cap]) -> None:
        super().__init__()
        self.caps = tuple(caps)

    def strike_out(self, view: RoundView, award: Award, kept: NDArray[np.bool_]) -> Mapping[int, Text]:
        """The first winner by votes, ties by id, that does not fit into its group."""
        votes, rank = view.ballots.totals(len(view.proposals)), natural_rank(view.proposals.id)
        winners = sorted(np.flatnonzero(award.paid > 0).tolist(), key=lambda at: (-votes[at], rank[at]))
        spent = [0] * len(self.caps)
        for at in winners:
            for place, cap in enumerate(self.caps):
                if at not in cap.members:
                    continue
                if spent[place] + int(award.paid[at]) > cap.limit and not kept[at]:
                    return {at: _beyond(cap, spent[place])}
                spent[place] += int(award.paid[at])
        return {}


def _beyond(cap: Cap, spent: int) -> Text:
    return _(
        "nothing: winners of {group} may cost {limit} yuan together ({key}), and those ahead of it cost {spent} yuan"
    ).format(group=cap.group, limit=in_yuan(cap.limit), key=cap.key, spent=in_yuan(spent))
