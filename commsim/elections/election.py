"""An election as a `.pb` file tells it: shown to a rule as a round, and who wins in what the rule awards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commsim.calling.views import make_view
from commsim.contracts import Award, Choices, Modifier, RoundKey, RoundView, Rule, Terms
from commsim.elections.meta import OFFICIAL, Cap
from commsim.elections.numbers import decimal_of
from commsim.i18n import Text
from commsim.randomness import Draws

HELD = frozenset({"ballots", "submitted_at", "population", "history"})
"""What of a round's view a `.pb` file holds or has by definition: votes, an order, one place, no earlier rounds."""


@dataclass(frozen=True)
class PbElection:
    """An election as a `.pb` file tells it.

    `meta` by key; `ids`, `names`, `cost` (fen of its currency) and `selected` by project ("1" won, "0" did not, "2"
    and "3" are paid from elsewhere, "" where the file does not say); `budget` in fen; `ballots`, a row per voter
    (points by place for rankings); `vote_type`; `notes`, what the file says of itself and does not keep, or what of it
    is not applied.
    """

    path: Path
    meta: Mapping[str, str]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    cost: NDArray[np.int64]
    selected: tuple[str, ...]
    budget: int
    vote_type: str
    ballots: Choices
    notes: tuple[Text, ...] = ()
    unit: int = 1
    """How much a whole point counts in `ballots`: 1, or a power of ten where some points have decimals."""
    undecided: tuple[Text, ...] = ()
    """What the file says that bears on who wins and that is not applied; among `notes` as well."""
    caps: tuple[Cap, ...] = ()
    """What winners of each category or neighbourhood may cost together."""

    @property
    def rule(self) -> str:
        """The rule that the file says was used; "unknown" where it does not say."""
        return self.meta.get("rule", "").strip().lower() or "unknown"

    @property
    def threshold(self) -> int:
        """Votes (or points, as `ballots` count them) that a project needed, 0 where the file names none."""
        word = self.meta.get("min_project_score_threshold", "").strip()
        return math.ceil(decimal_of(word) * self.unit) if word else 0

    @property
    def has_official(self) -> bool:
        """Whether the file says who won."""
        return any(word not in ("", "0") for word in self.selected)

    def official(self, at: int) -> bool | None:
        """Whether the project at `at` won officially under the rule itself; None where the file does not say."""
        return self.selected[at] == OFFICIAL if self.selected[at] else None

    def lacks(self, rule: Rule | Modifier) -> list[str]:
        """What a rule or modifier decides by and a `.pb` file does not hold, such as pledges or judges' scores."""
        return sorted(set(rule.needs) - HELD)

    def view(self, rule: Rule, terms: Terms | None = None, ids: tuple[str, ...] | None = None) -> RoundView:
        """The round that `rule` is shown. `ids` may rename projects (which decides ties). One fen is 1/100 unit."""
        n = len(self.ids)
        return make_view(
            rule,
            round=RoundKey("election", self.path.stem, 0),
            month=0,
            date="2000-01",
            budget=self.budget,
            proposals={
                "id": self.ids if ids is None else ids,
                "area": np.zeros(n, dtype=np.int32),
                "ask": self.cost,
                "minimum_viable": np.zeros(n, dtype=np.int64),
                "submitted_at": np.arange(n),
            },
            areas={"id": ("election",), "population": [max(self.ballots.rows, 1)]},
            terms=terms,
            ballots=self.ballots,
            draws=Draws(0),
        )


def winners_of(election: PbElection, award: Award, ids: tuple[str, ...] | None = None) -> list[str]:
    """Ids of projects that are funded, in the file's order: those paid, and those with votes that won for nothing.

    `ids`: what the projects were called in the view, if they were renamed.
    """
    voted = election.ballots.totals(len(election.ids)) > 0
    won = (award.paid > 0) | (np.isin(election.ids if ids is None else ids, award.free) & voted)
    return [project for project, yes in zip(election.ids, won.tolist(), strict=True) if yes]
