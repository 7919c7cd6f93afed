"""What META of a `.pb` file decides: keys of the form, groups of projects, and what is said and cannot be applied.

Source of the keys: Pabulib's description of the form (optional and non-standard fields of META).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commsim.elections.numbers import decimal_of, money_of
from commsim.i18n import Text, _, cut
from commsim.suggestions import nearest

OFFICIAL = "1"
"""The word in the column `selected` of a project that won under the rule itself (2 and 3 are paid from elsewhere)."""

_TELLING = (
    "description country unit subunit district instance edition language currency date_begin date_end comment "
    "acknowledgments num_projects num_votes fully_funded experimental subdistricts categories neighborhoods"
).split()
_DECIDING = (
    "budget budget_per_category budget_per_neighborhood leftover_budget vote_type rule scoring_fn default_score "
    "min_project_score_threshold min_project_cost max_project_cost min_length max_length min_sum_cost max_sum_cost "
    "min_points max_points min_sum_points max_sum_points min_length_per_category max_length_per_category "
    "min_sum_cost_per_category max_sum_cost_per_category"
).split()
KEYS = frozenset((*_TELLING, *_DECIDING))
"""Keys of META that Pabulib's form has."""

SCORING = ("borda", "plurality")
"""How places of a ranking become points: falling by one a place, or one point to the first alone."""

_MOST_STRANGE = 5
"""How many unknown keys are named."""

_WEIGHTS = ("weight", "multiplicit", "count", "copies")
"""In names of columns of VOTES that give a ballot more voices; the form has none, and every ballot counts once here."""


@dataclass(frozen=True)
class Grouping:
    """Projects by group: the `names` of the groups in the order of META, and for each project its group (−1: none).

    `known` tells whether META lists the groups and every project is in exactly one of them.
    """

    names: tuple[str, ...]
    of: NDArray[np.int64]

    @property
    def known(self) -> bool:
        """Whether every project stands in exactly one group that META lists."""
        return bool(self.names) and not (self.of < 0).any()


@dataclass(frozen=True)
class Cap:
    """The most (`limit`, fen) that winners of one group may cost together; `group` by name, `members` by position."""

    key: str
    group: str
    limit: int
    members: frozenset[int]


@dataclass(frozen=True)
class Meta:
    """META as it stands: `value` by key, and the `line` of each."""

    value: Mapping[str, str]
    line: Mapping[str, int]

    def said(self, key: str) -> str:
        """What the file says of `key`, "" where nothing."""
        return self.value.get(key, "").strip()

    def about(self, key: str, text: Text) -> Text:
        """`text`, which names {key}, {value} and {line}, of this key."""
        return text.format(key=key, value=cut(self.said(key)), line=self.line[key])


def in_american(key: str) -> str:
    """A key or column as Pabulib spells it: files also have `neighbourhood`."""
    return key.replace("neighbourhood", "neighborhood")


def grouped(meta: Meta, names_key: str, column: Sequence[str]) -> Grouping:
    """Projects by the groups that META lists under `names_key`; `column`, the word of each project."""
    names = tuple(name for name in map(str.strip, meta.said(names_key).split(",")) if name)
    at = {name: place for place, name in enumerate(names)}
    return Grouping(names, np.array([at.get(word.strip(), -1) for word in column], dtype=np.int64))


def caps_of(meta: Meta, key: str, grouping: Grouping) -> tuple[Cap, ...] | None:
    """The caps of `key`, one a group, in their order; None where META does not say which amount is whose.

    Raises Unreadable for what is no amount.
    """
    words = meta.said(key).split(",")
    if not grouping.known or len(words) != len(grouping.names):
        return None
    return tuple(
        Cap(key, name, money_of(word), frozenset(np.flatnonzero(grouping.of == place).tolist()))
        for place, (name, word) in enumerate(zip(grouping.names, words, strict=True))
    )


def undecided(meta: Meta, vote_type: str, columns: Sequence[str], voters_line: int) -> Iterator[Text]:
    """A sentence for each thing that the file says, that bears on who wins, and that is not applied.

    `columns`, the heading of VOTES on line `voters_line`.
    """
    fn = meta.said("scoring_fn")
    if fn and (vote_type != "ordinal" or fn.lower() not in SCORING):
        text = _("scoring_fn in line {line} is {value!r}, which is not applied (known for ordinal ballots: {known})")
        yield meta.about("scoring_fn", text).format(known=", ".join(SCORING))
    if meta.said("leftover_budget"):
        yield meta.about("leftover_budget", _("{key} in line {line} is {value!r}, which is not applied"))
    if _not_zero(meta.said("default_score")):
        text = _(
            "default_score in line {line} is {value}, and projects that a ballot does not name count as 0 all the same"
        )
        yield meta.about("default_score", text)
    for column in columns:
        if any(word in column for word in _WEIGHTS) and column != "country":
            text = _("VOTES has a column {column!r} (line {line}), which is not read: every ballot counts once")
            yield text.format(column=column, line=voters_line)


def _not_zero(word: str) -> bool:
    return bool(word) and decimal_of(word) != 0


def cost_limits(meta: Meta, cost: Sequence[int], lines: Sequence[int]) -> Iterator[Text]:
    """A sentence for each limit of a project's cost that some do not keep to. Raises Unreadable for no amount."""
    for key, sign in (("max_project_cost", 1), ("min_project_cost", -1)):
        if not meta.said(key):
            continue
        limit = money_of(meta.said(key))
        beyond = [place for place, fen in enumerate(cost) if sign * fen > sign * limit]
        if beyond:
            yield _(
                "{key} is {limit}, and projects that do not keep to it stand on the ballot all the same: {count}, the "
                "first in line {line}"
            ).format(key=key, limit=meta.said(key), count=len(beyond), line=lines[beyond[0]])


def unknown_keys(meta: Meta) -> Iterator[Text]:
    """A sentence for each key that Pabulib's form does not have, such as a misspelt limit; a few of many."""
    strange = [key for key in meta.value if key not in KEYS]
    for key in strange[:_MOST_STRANGE]:
        near = nearest(cut(key), sorted(KEYS))
        text = (
            _("the key {key!r} of META in line {line} is not known and not read; the nearest that is known is {near!r}")
            if near
            else _("the key {key!r} of META in line {line} is not known and not read")
        )
        yield text.format(key=cut(key), line=meta.line[key], near="".join(near))
    if len(strange) > _MOST_STRANGE:
        yield _("keys of META that are not known and not read: {n} in all").format(n=len(strange))
