"""The table of needs is the one place where a word of `needs` stands: a row more is a word more, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from commsim.authoring.guide_tables import table_of_needs
from commsim.authoring.sample_rounds import made_round
from commsim.calling.call import call_rule
from commsim.calling.partial_views import seen_by
from commsim.calling.view_digest import view_digest
from commsim.contracts import Award, Choices, RoundView, Rule, Table
from commsim.contracts.needs import NEEDS, TABLE, meaning_of_need
from commsim.contracts.openings import Column, Need, Part, opened_parts
from commsim.contracts.parts import kept_part, no_choices
from commsim.contracts.view import _TypesOfParts
from commsim.errors import BrokenInvariant, InvalidInput, RuleError
from commsim.evaluation.evaluate import evaluate
from commsim.i18n import Bilingual
from commsim.plugin_host.own_rules import own_rule
from tests.plugins.rounds import a_round

THREE = np.array([0, 2], dtype=np.int64)
SHADE = Need(
    "shade",
    Bilingual(en="shade and who asks for it", zh="树荫与诉求"),
    (
        Column("proposals.shade", np.int16, "square metres of shade", lambda ground: np.arange(ground.proposals) + 1),
        Part(
            "calls",
            "rows (below)",
            "who called for shade, and how often",
            no_choices,
            cut=kept_part,
            made=lambda ground: Choices(
                np.array([0, ground.proposals]), np.arange(ground.proposals, dtype=np.int32), np.ones(ground.proposals)
            ),
        ),
    ),
    plain=("shade",),
)
CALLS = Choices(np.array([0, 3]), np.array([0, 1, 2], np.int32), np.array([5, 6, 7]))


class Blind(Rule):
    id = "test.blind"
    title = Bilingual(en="Blind", zh="不看")

    def settle(self, view: RoundView) -> Award:
        return Award(paid=np.zeros(len(view.proposals), np.int64), reasons=("-",) * len(view.proposals))


class Shaded(Blind):
    id = "test.shaded"
    needs = frozenset({"shade"})

    def settle(self, view: RoundView) -> Award:
        best = view.proposals.shade == max(view.proposals.shade, default=0)
        paid = np.where(best, np.minimum(view.proposals.ask, view.budget // max(best.sum(), 1)), 0)
        return Award(paid=paid.astype(np.int64), reasons=("-",) * len(paid))


@pytest.fixture(autouse=True)
def _a_made_up_need(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(TABLE, "shade", SHADE)
    yield


def shaded_round(rule: type[Rule] = Shaded) -> Any:
    proposals = {"id": ("a", "b", "c"), "area": [0] * 3, "ask": [1, 2, 3], "minimum_viable": [0] * 3}
    return a_round(rule, proposals={**proposals, "shade": [10, 20, 30]}, calls=CALLS)


def test_a_row_more_reaches_the_view() -> None:
    view = shaded_round()
    assert view.proposals.shade.dtype == np.int16 and view.proposals.shade.tolist() == [10, 20, 30]
    assert view.calls.totals(3).tolist() == [5, 6, 7]
    assert a_round(Shaded, proposals={"id": (), "area": [], "ask": [], "minimum_viable": []}).calls.rows == 0
    for read in (lambda view: view.calls, lambda view: view.proposals.shade):
        with pytest.raises(RuleError, match="has to list 'shade' in its `needs`"):
            read(shaded_round(Blind))
    with pytest.raises(RuleError, match="write view.proposals.shade or view.calls"):
        _ = view.shade


def test_a_row_more_reaches_what_is_seen_of_a_part_of_the_proposals() -> None:
    part: Any = seen_by(shaded_round(), {"shade"}, THREE)
    assert part.proposals.shade.tolist() == [10, 30]
    assert part.calls.totals(2).tolist() == [5, 7] and part.calls.rows == 1
    with pytest.raises(RuleError, match="has to list 'shade'"):
        _ = seen_by(shaded_round(), set(), THREE).calls  # type: ignore[attr-defined]


def test_a_row_more_reaches_the_digest() -> None:
    view = shaded_round()
    before = view_digest(view)
    for array in (view.proposals.shade, view.calls.amount):
        assert written_into(view, array) != before
    assert view_digest(view) == before


def test_a_row_more_reaches_made_rounds() -> None:
    view: Any = made_round(Shaded(), 3)
    n = len(view.proposals)
    assert n and view.proposals.shade.tolist() == list(range(1, n + 1))
    assert view.calls.totals(n).tolist() == [1] * n
    turned: Any = made_round(Shaded(), 3, order=np.arange(n)[::-1])
    assert turned.proposals.shade.tolist() == list(range(n, 0, -1))


def test_a_row_more_changes_nothing_that_other_needs_open_in_a_made_round(monkeypatch: pytest.MonkeyPatch) -> None:
    every = type("Every", (Blind,), {"needs": frozenset(NEEDS) - {"shade"}})
    before = view_digest(made_round(every(), 5))
    monkeypatch.delitem(TABLE, "shade")
    assert view_digest(made_round(every(), 5)) == before


def test_a_row_more_reaches_plain_inputs_and_what_they_lack() -> None:
    plain = {"budget": 10, "projects": {"a": 20, "b": 20}}
    assert evaluate(Shaded(), {**plain, "shade": [1, 2]}) == {"a": 0.0, "b": 10.0}
    with pytest.raises(InvalidInput, match="needs 'shade' in its input"):
        evaluate(Shaded(), plain)
    with pytest.raises(InvalidInput, match="shade holds .* expected 2 values, as many as projects"):
        evaluate(Shaded(), {**plain, "shade": [1, 2, 3]})


def test_a_row_more_reaches_the_check_of_plugins_and_the_words() -> None:
    assert own_rule(Shaded).needs == {"shade"}
    assert meaning_of_need("shade").to("zh") == "树荫与诉求"
    with pytest.raises(RuleError, match="which views do not have. Did you mean 'shade'"):
        own_rule(type("Misspelt", (Shaded,), {"needs": frozenset({"shades"})}))


def test_a_row_more_reaches_the_guide() -> None:
    assert (
        "| `shade` | `view.proposals.shade`, `view.calls` | `shade` int16: square metres of shade; `calls` rows "
        "(below): who called for shade, and how often |"
    ) in table_of_needs()


def test_a_part_that_no_row_opens_is_refused_as_a_fault_of_the_caller() -> None:
    with pytest.raises(BrokenInvariant, match="a view has no parts wishes"):
        a_round(Shaded, wishes=1)


def test_a_hidden_part_cannot_be_replaced() -> None:
    assert shaded_round().with_parts(calls=Choices.empty()).calls.rows == 0
    with pytest.raises(RuleError, match="has to list 'pledges'"):
        shaded_round().with_parts(pledges=Choices.empty())


def test_type_checkers_know_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    import inspect

    monkeypatch.delitem(TABLE, "shade")
    source = inspect.getsource(_TypesOfParts)
    declared = [line.strip().partition(":")[0] for line in source.split("if TYPE_CHECKING:")[1].splitlines() if line]
    assert set(declared) - {""} == {part.name for _need, part in opened_parts()}


def arrays_of(value: Any) -> Iterator[np.ndarray]:
    """Every array of a part of a view."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Table):
        yield from (getattr(value, name) for name in value.columns if name != "id")
    else:
        yield from (array for array in vars(value).values() if isinstance(array, np.ndarray))


def written_into(view: RoundView, array: np.ndarray) -> bytes:
    """The digest of `view` after something was written into one of its arrays, which is then put back."""
    kept = array.copy()
    owner = array
    while owner.base is not None:
        owner = owner.base
    owner.flags.writeable = True
    whole = owner.copy()
    owner[...] = owner + 1
    digest = view_digest(view)
    assert not np.array_equal(array, kept)
    owner[...] = whole
    return digest


def test_no_array_that_any_need_opens_escapes_the_digest() -> None:
    every = type("Every", (Blind,), {"needs": frozenset(NEEDS)})
    view = made_round(every(), 3)
    before = view_digest(view)
    arrays = [
        (name, array)
        for name in ("proposals", "areas", "order", *(part.name for _need, part in opened_parts()))
        if name not in ("running", "history")
        for array in arrays_of(getattr(view, name))
        if array.size
    ]
    assert {"clusters", "influence", "coverage", "applicants"} <= {name for name, _array in arrays}
    for name, array in arrays:
        assert written_into(view, array) != before, name
        assert view_digest(view) == before


@pytest.mark.parametrize("part", ["history", "terms"])
def test_a_rule_that_writes_into_the_history_or_its_terms_is_found(part: str) -> None:
    class Writes(Blind):
        needs = frozenset({"history"})

        def settle(self, view: RoundView) -> Award:
            if part == "history":
                view.history[0]["paid"] = ()  # type: ignore[index]
            else:
                view.terms.expected_award[0] += 1  # type: ignore[index, union-attr]
            return super().settle(view)

    from commsim.contracts import Terms

    view = a_round(Writes, history=[{"paid": (1,)}], terms=Terms(expected_award=np.zeros(3, np.int64)))
    with pytest.raises(RuleError, match="settle changed the view"):
        call_rule(Writes(), "settle", view)
