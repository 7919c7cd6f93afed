"""Claims about registries: in order, each name once, and who asks for an unknown one is told the nearest."""

from __future__ import annotations

import pytest

from commsim.errors import InvalidInput
from commsim.i18n import Text
from commsim.registry import Registry


def words(*items: str) -> Registry[str]:
    return Registry(Text("word"), Text("words"), str.lower, items)


def test_items_come_in_the_order_in_which_they_were_registered() -> None:
    known = words("Rule", "Fund")
    assert known.register("Area") == "Area"
    assert list(known) == ["Rule", "Fund", "Area"] and known.names == ("rule", "fund", "area") and len(known) == 3
    assert known["fund"] == "Fund" and "Fund" not in known


def test_a_name_that_is_taken_is_refused_and_the_first_stays() -> None:
    known = words("Rule")
    with pytest.raises(InvalidInput, match="there are two words called 'rule'; give one of them another name"):
        known.register("RULE")
    assert list(known) == ["Rule"]


def test_an_unknown_name_is_told_with_the_nearest_or_with_all() -> None:
    known = words("rule", "fund")
    with pytest.raises(InvalidInput, match=r"there is no word 'rulle'; did you mean 'rule'\? There are: rule, fund"):
        known["rulle"]
    with pytest.raises(InvalidInput, match="there is no word 'zzz'; there are: rule, fund"):
        known["zzz"]
