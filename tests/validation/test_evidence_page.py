"""The page about the evidence says what the laboratory finds."""

from __future__ import annotations

import re

import pytest

from commsim.validation.laboratory import run_facts
from tests.shared_data import PROJECT

PAGE = PROJECT / "docs" / "evidence.md"
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|", flags=re.MULTILINE)


@pytest.mark.study
def test_the_page_says_of_every_fact_in_how_many_draws_it_holds() -> None:
    told = {
        int(row): (word.strip(" *") == "yes", draws.strip())
        for row, word, draws in ROW.findall(PAGE.read_text("utf-8"))
    }
    found = {one.fact.id: one for one in run_facts(workers=2).results}
    assert set(told) == set(found)
    for number, (held, draws) in told.items():
        assert held == found[number].held, number
        if draws != "–":
            assert int(draws) == found[number].draws_held, number
