"""A round made from a plain dictionary, as a rule would be shown it: how `evaluate` tries a rule that has no form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.calling.call import call_rule
from commsim.calling.views import make_view
from commsim.contracts import Choices, RoundKey, RoundView, Rule
from commsim.contracts.needs import TABLE, needs_in_words
from commsim.contracts.openings import Column, Need, opened_columns
from commsim.contracts.plain_inputs import Plain
from commsim.errors import InvalidInput
from commsim.evaluation.plain_checks import Wrong
from commsim.evaluation.votes import VOTES_CAST, ballots_of, exactly
from commsim.i18n import _, cut
from commsim.money import FEN_PER_YUAN, yuan
from commsim.randomness import Draws

OF_ANY_ROUND = "budget|pool projects|asks areas minimum_viable submitted_at seed"
"""Words that every rule reads which is shown a made round."""


def words_read(rule: Rule) -> str:
    """The words of an input that a made round shows to `rule`: those of any round, and what it needs."""
    needed = [need for need in sorted(rule.needs) if need in TABLE and TABLE[need].plain]
    words = [OF_ANY_ROUND, *(VOTES_CAST if need == "ballots" else need for need in needed if need != "submitted_at")]
    return " ".join(words)


def check_needs(rule: Rule, given: Plain) -> None:
    """Raise InvalidInput where `given` lacks what `rule` asks to see, or could not hold it at all."""
    for word in sorted(rule.needs):
        need = TABLE.get(word)
        words = need.plain if need is not None and need.asked else ()
        if words and not any(word in given for word in words):
            raise lacking(rule.id, " / ".join(map(repr, words)), given)
        if need is None or not need.plain and _opens_columns(need):
            raise InvalidInput(
                _(
                    "evaluate: rule {id!r} decides by {needs}, which a plain input does not hold. Try it with commsim "
                    "rules check, or in a model with commsim run"
                ).format(id=rule.id, needs=needs_in_words([word]))
            )


def _opens_columns(need: Need) -> bool:
    """Whether a rule that needs it reads columns that are missing where nobody gives them."""
    return any(isinstance(opening, Column) and opening.default is None for opening in need.opens)


def lacking(rule_id: str, missing: str, given: Plain) -> InvalidInput:
    """The error that says what an input lacks."""
    return InvalidInput(
        _("evaluate: rule {id!r} needs {missing} in its input; it holds {came}").format(
            id=rule_id, missing=cut(str(missing)), came=cut(", ".join(map(str, given))) or "–"
        )
    )


def in_a_round(rule: Rule, known: Plain, **more: Any) -> dict[str, float]:
    """What `rule` awards in a made round, in yuan by project id. `more`: parts of the view that no plain word holds.

    Raises InvalidInput where the input lacks what the rule needs, Wrong for an amount that is no whole fen.
    """
    if not more:
        check_needs(rule, known)
    view = view_of(rule, known).with_parts(**more)
    award = call_rule(rule, "settle", view)
    return {project: float(yuan(paid)) for project, paid in zip(view.proposals.id, award.paid.tolist(), strict=True)}


def view_of(rule: Rule | type[Rule], input: Plain) -> RoundView:
    """A round made from a plain dictionary, as `rule` would be shown it; amounts in yuan become fen.

    `input`: `budget`; `projects` (id → ask) or `asks`; where wanted `areas` (area id by project; without them projects
    share one area, or where values by area are given each has its own), `population`, `need` and `last_award` (by
    area), `approvals` or `points`, `pledges` (id → list of gifts, or one total by project), `scores` (as in
    `_marks`), `minimum_viable`, `submitted_at`, `category`, `readiness`, `beneficiaries`, `writer`, `hours` (by
    project), `seed`.
    """
    asks = input["projects"] if "projects" in input else {f"p{n}": ask for n, ask in enumerate(input["asks"], start=1)}
    ids = tuple(asks)
    by_area = _plain_columns("areas", input)
    of_project = list(input.get("areas", ids if by_area else ("area",) * len(ids)))
    area_ids = tuple(dict.fromkeys(of_project))
    marks = _marks(rule, ids, input["scores"]) if "scores" in input else None
    proposals = {
        "id": ids,
        "area": [area_ids.index(area) for area in of_project],
        "ask": [_fen(asks[project]) for project in ids],
        "minimum_viable": [_fen(least) for least in input.get("minimum_viable", [0] * len(ids))],
        "submitted_at": input.get("submitted_at", range(len(ids))),
        **_plain_columns("proposals", input),
    }
    if marks is not None:
        proposals["scores"] = _means(marks)
    votes = "approvals" in input or "points" in input
    areas = {"id": area_ids, **by_area}
    return make_view(
        rule,
        round=RoundKey("example", "example", 0),
        month=0,
        date="2017-01",
        budget=_fen(input["budget"] if "budget" in input or "pool" not in input else input["pool"]),
        proposals=proposals,
        areas=areas,
        pledges=_gifts(ids, input["pledges"]) if "pledges" in input else None,
        ballots=ballots_of(ids, input) if votes else None,
        marks=marks,
        draws=Draws(int(input.get("seed", 0))),
    )


def _plain_columns(table: str, input: Plain) -> dict[str, Any]:
    """The columns of a table that an input gives by the words that open them, amounts in fen."""
    given = [column for need, column in opened_columns() if column.name in need.plain and column.name in input]
    return {
        column.name: [_fen(amount) for amount in input[column.name]] if column.money else input[column.name]
        for column in given
        if column.table == table
    }


def _fen(amount: Any) -> int:
    """Yuan as whole fen. Raises Wrong: a round is settled in whole fen, which a third of a yuan is not."""
    counted = exactly(amount) * FEN_PER_YUAN
    if counted.denominator != 1:
        raise Wrong(_("yuan with at most two decimals, since this rule settles a round in whole fen"), amount)
    return int(counted)


def _marks(rule: Rule | type[Rule], ids: Sequence[str], scores: Any) -> NDArray[np.float64]:
    """Marks, shape (judges, projects), from one mark or several by project's id, from a list of one mark for each
    project, or from a list for each judge."""
    if isinstance(scores, Mapping):
        missing = [project for project in ids if project not in scores]
        if missing:
            raise lacking(rule.id, f"scores[{missing[0]!r}]", {f"scores[{project!r}]": project for project in scores})
        rows = [np.atleast_1d(np.asarray(scores[project], dtype=np.float64)) for project in ids]
        return np.array(rows).T.reshape(-1, len(ids))
    return np.atleast_2d(np.asarray(scores, dtype=np.float64))


def _means(marks: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean mark of each project among the judges who gave one; NaN without any."""
    given = ~np.isnan(marks)
    count = given.sum(axis=0)
    total = np.where(given, marks, 0.0).sum(axis=0)
    return np.divide(total, count, out=np.full(marks.shape[1], np.nan), where=count > 0)


def _gifts(ids: Sequence[str], pledges: Any) -> Choices:
    by_project = pledges if isinstance(pledges, Mapping) else dict(zip(ids, pledges, strict=True))
    rows = [
        (ids.index(project), _fen(gift))
        for project, gifts in by_project.items()
        for gift in np.atleast_1d(gifts).tolist()
    ]
    project, amount = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return Choices(np.arange(len(rows) + 1), project.astype(np.int32), amount)
