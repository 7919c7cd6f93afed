"""What a rule may ask to see of a round: one table, a row a word of `needs`.

A row says what the word means, what of the view it opens, of which type, what stands there where nobody gave anything,
how it is cut to some of the proposals, what a made round holds there, and by which words a plain input gives it. Views,
their parts, made rounds, plain inputs and the guide's table are made from these rows: a new word is a row here, and
what the model puts there (`processes/round_view.py`). Digests need no row: they take in whatever is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from commsim.contracts import made_values as made
from commsim.contracts import parts
from commsim.contracts.openings import INDICATOR, TABLE, Column, Need, Part
from commsim.contracts.tables import Influence
from commsim.i18n import Bilingual, Text, _


def _column(word: str, meaning: Text, table: str, dtype: Any, says: str, made_of: Any, **more: Any) -> Need:
    """The row of a need that opens one column of its own name, which a plain input gives by the same word."""
    plain, asked = more.pop("plain", (word,)), more.pop("asked", True)
    return Need(word, meaning, (Column(f"{table}.{word}", dtype, says, made_of, **more),), plain, asked)


def _part(meaning: Text, part: Part, plain: tuple[str, ...] = ()) -> Need:
    """The row of a need that opens one part of the view of its own name."""
    return Need(part.name, meaning, (part,), plain)


_VOTES = (
    _part(
        _("what residents pledged"),
        parts.rows("pledges", "gifts that residents pledged so far, fen", made.gifts, made.more_gifts),
        plain=("pledges",),
    ),
    _part(
        _("how residents voted"),
        parts.rows("ballots", "marks of those who voted, on the ballot that the terms announce", made.approvals),
        plain=("approvals", "points"),
    ),
    _part(
        _("what residents assigned with vouchers"),
        parts.rows(
            "vouchers",
            "public money, fen, that residents assigned; the terms have to announce `vouchers`",
            made.gifts,
            made.more_gifts,
        ),
    ),
    _part(
        _("how residents would divide the budget"),
        Part(
            "splits",
            "splits",
            'how residents would divide the budget (the terms announce a ballot of kind "split"): `.options` (names of '
            "areas or domains), `.of_proposal` (int32, the option of each proposal, −1 for none), `.share` (float64, "
            "shape (rows, options), each row sums to 1), `.count` (int64, residents who propose each row)",
            parts.no_splits,
            cut=parts.kept_part,
            made=made.splits,
        ),
    ),
)

_OF_PROPOSALS = (
    Need(
        "scores",
        _("marks that judges gave"),
        (
            Column("proposals.scores", np.float64, "mean mark of each proposal", made.normal),
            Part(
                "marks",
                "float64, shape (judges, n)",
                "each judge's mark, 0–1 in the model, higher is better, NaN where a judge gave none",
                parts.marks_of_one_judge,
                parts.marks,
                parts.marks_of_kept,
            ),
        ),
        plain=("scores",),
    ),
    _column(
        "category",
        _("category of each proposal"),
        "proposals",
        np.int8,
        "the need item, 0 property and owners' committee, 1 public facilities, 2 repair, 3 surroundings, "
        "4 information, 5 culture and sport, 6 waste sorting, 7 health, 8 elders, 9 children (`commsim.rules.Domain`)",
        made.whole(0, 10),
    ),
    _column(
        "submitted_at",
        _("when each proposal came in"),
        "proposals",
        np.int32,
        "month in which it came in, counted like `view.month`",
        made.whole(0, 4),
        asked=False,
    ),
    _column("readiness", _("how ready each proposal is"), "proposals", np.float64, "0–1", made.between(0.0, 1.0)),
    _column(
        "beneficiaries",
        _("how many residents each proposal concerns"),
        "proposals",
        np.int64,
        "residents whom it concerns",
        made.whole(1, 500),
    ),
    _column(
        "writer",
        _("whether residents or staff wrote each proposal"),
        "proposals",
        np.uint8,
        "who wrote it, 0 residents, 1 staff",
        made.whole(0, 2),
    ),
    _column(
        "hours",
        _("volunteer hours promised to each proposal"),
        "proposals",
        np.float64,
        "volunteer hours promised so far (the older word for `pledged_hours`)",
        made.between(0.0, 40.0),
    ),
    _column(
        "pledged_hours",
        _("hours that residents promised to each proposal"),
        "proposals",
        np.float64,
        "hours that residents promised so far",
        made.between(0.0, 40.0),
        asked=False,
        default=parts.hours_or_none,
    ),
    _column(
        "pledged_goods",
        _("goods and rooms promised to each proposal"),
        "proposals",
        np.int64,
        "fen: what the goods and rooms are worth that residents and local units promised so far",
        made.whole(0, 100_000),
        asked=False,
        money=True,
        default=parts.nothing,
    ),
    _column(
        "response",
        _("how many would take part in each proposal, by the money it gets"),
        "proposals",
        np.float64,
        "most and half of a fitted response, x fen ↦ most · x / (half + x) participants",
        made.response,
        shape=(2,),
        as_times=made.dearer_response,
        plain=(),
    ),
)

_OF_AREAS = (
    _column("population", _("residents of each area"), "areas", np.int64, "residents", made.whole(100, 9_000, "areas")),
    _column(
        "need",
        _("need of each area, as surveyed"),
        "areas",
        np.float64,
        "mean need as surveyed, above 0",
        made.between(0.05, 1.0, "areas"),
    ),
    _column(
        "last_award",
        _("what each area got last"),
        "areas",
        np.int64,
        "fen that the area got in the round before",
        made.whole(0, 100_000, "areas"),
        money=True,
    ),
    _column(
        "performance",
        _("how much of its last award each area delivered"),
        "areas",
        np.float64,
        "0–1: share of the last award that went into completed projects; NaN where nothing was awarded",
        made.between(0.0, 1.0, "areas"),
        plain=(),
    ),
    Need(
        "deprivation",
        _("poverty, crowding, slow growth and old housing of each area"),
        tuple(
            Column(f"areas.{name}", np.float64, says, made.whole(0, 900, "areas"))
            for name, says in (
                ("poverty", "poor residents"),
                ("overcrowding", "residents in crowded households"),
                ("growth_lag", "residents whom growth fell short of"),
                ("old_housing", "residents in old dwellings"),
            )
        ),
    ),
)

_RECORDS = (
    Need(
        "applicants",
        _("who applies, with their record"),
        (
            Part(
                "applicants",
                "a table",
                "a row for each applicant; NaN where not on record",
                parts.own_applicants,
                made=made.applicants,
                times=made.past_awards_multiplied,
                columns=parts.APPLICANT,
            ),
            Column(
                "proposals.applicant",
                np.int32,
                "the row of each proposal's applicant",
                default=lambda given: np.arange(given.n),
            ),
        ),
    ),
    _part(
        _("how many projects are being built"),
        Part(
            "running",
            "int",
            "how many projects of this fund and unit are being built",
            lambda given: 0,
            lambda count, given: int(count),
            made=made.running,
        ),
    ),
    _part(
        _("earlier rounds"),
        Part(
            "history",
            "a tuple of mappings (below)",
            "earlier rounds of this fund and unit, oldest first",
            lambda given: (),
            lambda earlier, given: tuple(earlier),
            made=made.history,
            times=made.dearer_history,
        ),
    ),
)

_TIES = (
    _part(
        _("to which clusters of residents donors belong"),
        Part(
            "clusters",
            "float64, shape (rows of `view.pledges`, clusters)",
            "how far each donor belongs to each cluster, 0–1; no columns where nothing is known of clusters",
            parts.no_clusters,
            parts.numbers,
            made=made.clusters,
        ),
    ),
    _part(
        _("which residents each proposal reaches"),
        parts.rows(
            "coverage",
            "one for each group of residents whom the same proposals reach; `amount` is the size of the group",
            made.coverage,
        ),
    ),
    _part(
        _("which circles of residents draw in which others"),
        Part(
            "influence",
            "circles and ties",
            "who draws in whom, with `.weight` (residents of each circle), arcs `.source`, `.target`, "
            "`.probability`, and `.start`, the circle of each proposal",
            lambda given: Influence.empty(given.n),
            cut=parts.kept_part,
            made=made.influence,
        ),
    ),
)

TABLE.update((need.word, need) for need in (*_VOTES, *_OF_PROPOSALS, *_OF_AREAS, *_RECORDS, *_TIES))


class _Opened(Mapping[str, tuple[str, ...]]):
    """The table as far as rules are concerned: word → what it opens."""

    def __getitem__(self, word: str) -> tuple[str, ...]:
        return tuple(opening.path for opening in TABLE[word].opens)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLE)

    def __len__(self) -> int:
        return len(TABLE)


NEEDS: Mapping[str, tuple[str, ...]] = _Opened()
"""What a rule may ask for in `needs`, and which parts of the view that opens. All else of the view is always open.

Besides, `indicator.<name>` opens the network indicator of that name, which a plugin offers (`commsim_indicators`).
"""


def meaning_of_need(need: str) -> Text:
    """What a rule that lists `need` is shown, in a few words; empty for a word that is not among `NEEDS`."""
    if need.startswith(INDICATOR):
        return _("a network indicator that a plugin offers")
    return TABLE[need].meaning if need in TABLE else Text("")


def needs_in_words(needs: Iterable[str], between: str = "、") -> Text:
    """Needs as authors write them; in Chinese each with its meaning, which English readers have from the word."""
    listed = sorted(needs)
    zh = between.join(f"{need}（{meaning_of_need(need).to('zh')}）" for need in listed)
    return Bilingual(en=", ".join(listed), zh=zh)


__all__ = ["INDICATOR", "NEEDS", "TABLE", "meaning_of_need", "needs_in_words"]
