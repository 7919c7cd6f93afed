"""Charts are well-formed, speak both languages, and no text runs into another."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsim.i18n import Bilingual
from commsim.report import charts
from commsim.report.charts import Bar, Interval, Line, Strip
from commsim.report.stacked_chart import Stack, draw_stacks, places
from commsim.report.svg import Canvas, text_width, wrap

LABELS = st.sampled_from(
    [
        Bilingual(en="No fund", zh="不设自治金（对照）"),
        Bilingual(
            en="Seed money with a threshold and a rebate in proportion", zh="带门槛并按比例返还超额的种子资金规则"
        ),
        Bilingual(en="A & B < C", zh="甲和乙"),
    ]
)
VALUES = st.floats(-1e7, 1e7, allow_nan=False)
POINTS = st.floats(-100, 100, allow_nan=False)
DATES = [f"{2015 + month // 12}-{month % 12 + 1:02d}" for month in range(48)]


def interval(label: Bilingual, middle: float, half: float) -> Interval:
    words = f"{middle:+,.0f} [{middle - half:,.0f}, {middle + half:,.0f}]"
    return Interval(label, middle, middle - half, middle + half, words, 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LABELS, VALUES, st.floats(0, 1e6)), min_size=1, max_size=9), st.sampled_from([300.0, 344.0]))
def test_no_text_of_an_interval_chart_runs_into_another(
    rows: list[tuple[Bilingual, float, float]], width: float
) -> None:
    canvas = charts.draw_intervals([interval(*row) for row in rows], "t", "d", width)
    assert canvas.collisions() == []
    ElementTree.fromstring(canvas.render())


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=48), st.integers(0, 47))
def test_no_text_of_a_line_chart_runs_into_another(values: list[float], start: int) -> None:
    mean = np.array(values)
    line = Line("rule", mean, mean - 1, mean + 1, 1)
    canvas = charts.draw_lines(
        [line], (DATES + DATES)[start : start + len(values)], "t", "d", charts.line_axis([line]), 3, 270, 168
    )
    assert canvas.collisions() == []
    ElementTree.fromstring(canvas.render())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(LABELS, st.floats(0, 1e6)), min_size=1, max_size=6))
def test_no_text_of_a_bar_chart_runs_into_another(rows: list[tuple[Bilingual, float]]) -> None:
    bars = [Bar(label, value, f"{value:,.1f}", 1) for label, value in rows]
    canvas = charts.draw_bars(bars, "t", "d", charts.bar_axis(bars), 270)
    assert canvas.collisions() == []


@settings(max_examples=30, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=276), LABELS, st.sampled_from([344.0, 1040.0]))
def test_no_text_of_a_strip_chart_runs_into_another(values: list[float], label: Bilingual, width: float) -> None:
    array = np.array(values)
    canvas = charts.draw_strips([Strip(label, array, array[:3], "median 3", 1)] * 3, "t", "d", width)
    assert canvas.collisions() == []


@given(st.lists(st.floats(0, 1000, allow_nan=False), max_size=200))
def test_dots_of_a_swarm_stay_in_their_row_and_do_not_hide_each_other(places: list[float]) -> None:
    x = np.sort(np.array(places, dtype=np.float64))
    offsets = charts.swarm(x, 4.0, 16.0)
    assert offsets.shape == x.shape
    assert np.all(np.abs(offsets) <= 16.0 + 1e-9)
    cells = set(zip(np.round(x / 4).tolist(), np.round(offsets, 9).tolist(), strict=True))
    assert len(cells) == x.size


def test_colliding_texts_are_found() -> None:
    canvas = Canvas(100, 40, title="t", description="d")
    canvas.text(5, 20, "one")
    canvas.text(10, 22, "two")
    canvas.text(95, 20, "outside")
    assert ("one", "two") in canvas.collisions()
    assert ("outside", "") in canvas.collisions()


def test_the_two_languages_may_stand_in_one_place() -> None:
    canvas = Canvas(200, 40, title="t", description="d")
    canvas.text(5, 20, Bilingual(en="committee", zh="居委会"))
    assert canvas.collisions() == []
    texts = ElementTree.fromstring(canvas.render()).findall("text")
    assert [(text.get("class"), text.text) for text in texts] == [("en", "committee"), ("zh", "居委会")]


def test_a_chart_names_and_describes_itself_to_those_who_do_not_see_it() -> None:
    canvas = Canvas(10, 10, title=Bilingual(en="A & B", zh="甲"), description="what it shows")
    root = ElementTree.fromstring(canvas.render())
    assert root.get("role") == "img"
    assert [child.tag for child in root[:2]] == ["title", "desc"]
    assert root[0].text == "A & B · 甲"


@given(st.text(alphabet="abc de，。居委会资金", max_size=60), st.floats(40, 200))
def test_wrapping_loses_nothing_but_spaces(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    longest = max((text_width(word) for word in text.split(" ")), default=0.0)
    assert all(text_width(line) <= max(width, longest) + 24 for line in lines)


def test_missing_months_leave_a_gap_in_the_line() -> None:
    mean = np.array([1.0, 2.0, np.nan, 3.0, 4.0])
    line = Line("rule", mean, mean, mean, 1)
    root = ElementTree.fromstring(charts.line_chart([line], DATES[:5], title="t", description="d"))
    assert len([path for path in root.iter("path") if path.get("class") == "line c1"]) == 2
    assert "nan" not in ElementTree.tostring(root, encoding="unicode")


def test_a_point_without_an_interval_does_not_squash_the_others() -> None:
    rows = [interval(Bilingual(en="a", zh="甲"), 10.0, 1.0), Interval("b", 1e6, None, None, "1,000,000", 2)]
    root = ElementTree.fromstring(charts.interval_chart(rows, title="t", description="d"))
    ticks = [text.text for text in root.iter("text") if text.get("text-anchor") == "middle"]
    assert ticks[-1] in ("12", "15")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(POINTS, POINTS, POINTS), min_size=1, max_size=9), st.sampled_from([344.0, 1040.0]))
def test_no_text_of_a_stacked_chart_runs_into_another(rows: list[tuple[float, float, float]], width: float) -> None:
    name = Bilingual(en="Participatory budget by votes", zh="按得票数分配的参与式预算")
    stacks = [Stack(name, row, " / ".join(f"{part:+.2f}" for part in row), (2, 3, 1)) for row in rows]
    assert draw_stacks(stacks, "parts", "one bar a rule", width).collisions() == []


@given(st.lists(st.one_of(st.none(), POINTS), max_size=6))
def test_parts_of_one_sign_stand_end_to_end_from_zero(parts: list[float | None]) -> None:
    found = places(parts)
    for above in (True, False):
        mine = [place for place, part in zip(found, parts, strict=True) if part is not None and (part >= 0) is above]
        ends = sorted(sorted(map(abs, place)) for place in mine if place)
        reached = 0.0
        for start, end in ends:
            assert start == pytest.approx(reached)
            reached = end
    assert [place is None for place in found] == [part is None for part in parts]
