"""A rule sees what it asked for, read-only, in the fund's order, and only keyed luck."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from commsim.calling.call import call_rule
from commsim.calling.view_digest import view_digest
from commsim.calling.views import order_within_area
from commsim.contracts import NEEDS, Award, RoundView, Rule
from commsim.errors import BrokenInvariant, NotInView, RuleError
from commsim.i18n import Bilingual
from commsim.plugin_host.validation import INDICATOR
from commsim.randomness import Draws
from tests.plugins.rounds import a_round


class Plain(Rule):
    id = "test.plain"


def needing(*needs: str) -> type[Rule]:
    return type("Needing", (Plain,), {"needs": frozenset(needs)})


@pytest.mark.parametrize("need", sorted(NEEDS))
def test_each_need_opens_its_part_and_nothing_else(need: str) -> None:
    closed, opened = a_round(Plain), a_round(needing(need))
    for other, path in ((other, path) for other, paths in NEEDS.items() for path in paths):
        holder, _dot, column = path.rpartition(".")

        def read(view: object, holder: str = holder, column: str = column) -> object:
            return getattr(getattr(view, holder) if holder else view, column)

        with pytest.raises(RuleError, match=f"has to list '{other}'"):
            read(closed)
        if other == need:
            assert read(opened) is not None
        else:
            with pytest.raises(RuleError, match=f"has to list '{other}'"):
                read(opened)


def test_what_a_view_lacks_is_told_with_where_it_lies() -> None:
    view: Any = a_round(needing("scores"))
    for word, opened in NEEDS.items():
        if word not in opened:  # else the view has it by that name
            with pytest.raises(NotInView) as caught:
                getattr(view, word)
            assert all(f"view.{part}" in str(caught.value) for part in opened)
    for read, places in (
        (lambda: view.ask, "view has no 'ask': write view.proposals.ask"),
        (lambda: view.id, "view has no 'id': write view.proposals.id or view.areas.id"),
        (lambda: view.scores, "view has no 'scores': write view.proposals.scores or view.marks"),
        (lambda: view.areas.scores, "view.areas has no 'scores': write view.proposals.scores or view.marks"),
        (lambda: view.budgets, "view has no 'budgets'. Did you mean 'budget'? It has round, month, date, budget"),
        (lambda: view.proposals.foo, "view.proposals has no 'foo'. It has id, area, ask, minimum_viable, scores"),
    ):
        with pytest.raises(NotInView, match=f"^{re.escape(places)}"):
            read()
    assert not hasattr(view, "scores") and not hasattr(view.proposals, "foo")


def test_what_a_view_lacks_is_told_in_chinese() -> None:
    class Reads(Plain):
        title = Bilingual(en="Reads", zh="读取")

        def settle(self, view: RoundView) -> Award:
            raise AssertionError(view.proposals.foo)

    with pytest.raises(RuleError) as caught:
        call_rule(Reads(), "settle", a_round(Reads))
    assert "view.proposals 没有 'foo'。现有 id" in caught.value.text.to("zh")


def test_an_indicator_opens_for_the_rule_that_needs_it() -> None:
    areas = {"id": ("a1", "a2"), "closeness": [0.5, 0.75]}
    assert a_round(needing(INDICATOR + "closeness"), areas=areas).areas.closeness.tolist() == [0.5, 0.75]
    with pytest.raises(RuleError, match=r"'indicator\.closeness'"):
        _ = a_round(Plain, areas=areas).areas.closeness


def test_arrays_are_read_only_copies() -> None:
    asks = np.array([600_000, 500_000, 400_000])
    words = {"id": ("x", "y", "z"), "area": [0, 0, 0], "ask": asks, "minimum_viable": [0, 0, 0]}
    view = a_round(needing("pledges"), proposals=words)
    for array in (view.proposals.ask, view.order, view.pledges.amount):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(AttributeError):
        view.proposals.ask = asks
    asks[0] = 1
    assert view.proposals.ask[0] == 600_000


def test_columns_have_the_types_of_the_contract() -> None:
    view = a_round(needing(*NEEDS))
    types = {name: getattr(view.proposals, name).dtype.name for name in view.proposals.columns if name != "id"}
    assert types == {
        "area": "int32",
        "ask": "int64",
        "minimum_viable": "int64",
        "category": "int8",
        "submitted_at": "int32",
        "readiness": "float64",
        "scores": "float64",
        "beneficiaries": "int64",
        "writer": "uint8",
        "hours": "float64",
        "pledged_hours": "float64",
        "pledged_goods": "int64",
        "response": "float64",
        "applicant": "int32",
    }


@pytest.mark.parametrize(
    ("within_area", "expected"),
    [
        ("submitted_at", ["p3", "p2", "p10"]),
        ("votes", ["p3", "p10", "p2"]),
        ("ask", ["p3", "p2", "p10"]),
        ("readiness", ["p2", "p3", "p10"]),
        ("id", ["p2", "p3", "p10"]),
    ],
)
def test_order_follows_the_fund_and_ties_go_by_natural_id(within_area: str, expected: list[str]) -> None:
    view = a_round(Plain, within_area=within_area)
    assert [view.proposals.id[position] for position in view.order] == expected


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(BrokenInvariant, match="within_area"):
        order_within_area("luck", {"id": ("a",)}, None)


@pytest.mark.parametrize(
    "proposals",
    [
        {"id": ("a", "a"), "area": [0, 0], "ask": [1, 1], "minimum_viable": [0, 0]},
        {"id": ("a", "b"), "area": [0, 0], "ask": [1], "minimum_viable": [0, 0]},
        {"id": ("a", "b"), "area": [0, 0], "ask": [1, 1]},
    ],
)
def test_a_view_of_broken_columns_is_not_made(proposals: dict[str, object]) -> None:
    with pytest.raises(BrokenInvariant):
        a_round(Plain, proposals=proposals)


def test_nobody_yet_is_empty_not_hidden() -> None:
    view = a_round(needing("pledges", "ballots", "history"), pledges=None, ballots=None)
    assert view.pledges.rows == view.ballots.rows == 0
    assert view.history == ()


def test_luck_is_keyed_by_seed_round_name_and_id_and_by_nothing_else() -> None:
    view, again = a_round(Plain), a_round(needing("pledges"), month=40, budget=1)
    assert view.draw("tie", ["p2", "p3"]).tolist() == again.draw("tie", ["p3", "p2"])[::-1].tolist()
    assert view.draw("tie", ["p2"]) != view.draw("lottery", ["p2"])
    assert view.draw("tie", ["p2"]) != a_round(Plain, draws=Draws(7, 1)).draw("tie", ["p2"])
    with pytest.raises(RuleError, match="without draws"):
        a_round(Plain, draws=None).draw("tie", ["p2"])


def test_the_digest_sees_a_change_in_any_array() -> None:
    view = a_round(needing(*NEEDS))
    before = view_digest(view)
    for array in (view.proposals.ask, view.areas.need, view.pledges.amount, view.order):
        kept = array.copy()
        writable = array if array.base is None else array.base
        writable.flags.writeable = True
        writable[0] = writable[0] + 1
        assert view_digest(view) != before
        writable[...] = kept
        assert view_digest(view) == before
