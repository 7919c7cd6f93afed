"""Notebook manners: a cell shows the headline and not the whole, figures show themselves, names are at hand."""

from __future__ import annotations

import ast
import copy
import pickle
from contextvars import copy_context
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from matplotlib.figure import Figure

import commsim
from commsim.contracts import Award, Bilingual, Rule
from commsim.errors import Cancelled, InvalidInput
from commsim.i18n import use_language
from commsim.randomness import Draws
from commsim.service.results import RuleComparison, Run
from tests.report.fake import fake_comparison
from tests.shared_data import PROJECT

PNG = b"\x89PNG"
MOST_CHARACTERS = 20_000
"""More in a cell and nobody reads it; it was 886,167."""


class Even(Rule):
    """Each proposal gets the same, up to its ask."""

    id = "mine.even"
    title = Bilingual(en="Even parts", zh="平均分配（自编）")

    def settle(self, view: Any) -> Award:
        """Pay."""
        ask = view.proposals.ask
        return Award(paid=ask.clip(max=view.budget // max(len(ask), 1)), reasons=("the same",) * len(ask))


@pytest.fixture(scope="module")
def scenario() -> Any:
    """The small scenario, a year and a bit."""
    return commsim.load_scenario("tutorial", ["months=14"])


@pytest.fixture(scope="module")
def ran(scenario: Any) -> Run:
    """One run of it."""
    return commsim.simulate(scenario, "match.linear", seed=1)


@pytest.fixture(scope="module")
def compared() -> RuleComparison:
    """Eight rules, invented runs."""
    return RuleComparison(fake_comparison(replicates=5, committees=6, months=30))


def shown(found: Any) -> tuple[str, str]:
    """What a prompt and what a cell show."""
    line, cell = repr(found), found._repr_html_()
    assert 0 < len(line) < MOST_CHARACTERS and 0 < len(cell) < MOST_CHARACTERS
    return line, cell


def test_a_cell_with_a_scenario_says_which_how_long_and_for_how_many(scenario: Any) -> None:
    for words in shown(scenario):
        assert "tutorial" in words and "14" in words and f"{scenario.population.people:,}" in words


def test_a_cell_with_a_run_says_the_headline(ran: Run) -> None:
    for words in shown(ran):
        assert "match.linear" in words and f"{100 * ran.values['giving_or_starting_share']:.1f}" in words


def test_a_cell_with_a_comparison_says_each_rules_difference_with_its_interval(compared: RuleComparison) -> None:
    table = compared.table().set_index(["rule", "indicator"])
    for words in shown(compared):
        for label, _rule_id, _title in compared.rules[1:]:
            row = table.loc[(label, "giving_or_starting_share")]
            assert label in words and f"{100 * row['low']:.1f}".replace("-", "−") in words
    assert "No study measures the causal effect" in compared._repr_html_()


def test_a_cell_with_the_whole_library_stays_short(compared: RuleComparison) -> None:
    small = compared.record
    copies = tuple(type(small.arms[1])(**{**vars(small.arms[1]), "label": f"match.linear:rate={n}"}) for n in range(60))
    many = type(small)(small.scenario, (*small.arms, *copies), 5, 1, small.results)
    for words in shown(RuleComparison(many)):
        assert f"… and {len(many.arms) - 1 - 15} more" in words


def test_cells_speak_the_readers_language(ran: Run, compared: RuleComparison) -> None:
    def in_chinese() -> str:
        use_language("zh")
        return ran._repr_html_() + compared._repr_html_()

    assert "参与居民" in copy_context().run(in_chinese) and "参与居民" not in ran._repr_html_()


def test_titles_are_escaped_in_a_cell(compared: RuleComparison) -> None:
    small = compared.record
    arm = type(small.arms[1])(**{**vars(small.arms[1]), "title": Bilingual(en="<script>", zh="<script>")})
    changed = type(small)(small.scenario, (small.arms[0], arm), 5, 1, small.results)
    assert "<script>" not in RuleComparison(changed)._repr_html_()


def test_the_worlds_residents_are_not_printed_one_by_one(scenario: Any) -> None:
    world = commsim.build_world(scenario, Draws(1))
    assert f"{world.residents:,}" in repr(world) and len(repr(world)) < 300


def test_figures_show_themselves(ran: Run, compared: RuleComparison) -> None:
    for figure in (ran.plot(), *map(compared.plot, ("differences", "trajectories", "committees"))):
        assert isinstance(figure, Figure)
        assert figure._repr_png_().startswith(PNG)  # type: ignore[attr-defined]


def test_chinese_in_figures_has_a_font_that_holds_it(ran: Run, recwarn: pytest.WarningsRecorder) -> None:
    def drawn() -> bytes:
        use_language("zh")
        figure: Any = ran.plot()
        assert any("居民" in axes.get_title(loc="left") for axes in figure.axes)
        return figure._repr_png_()

    assert copy_context().run(drawn).startswith(PNG)
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_a_figure_that_is_not_there_is_refused_with_those_that_are(compared: RuleComparison) -> None:
    with pytest.raises(InvalidInput, match="trajectories"):
        compared.plot("pie")


def test_tables_and_all_that_was_recorded_are_at_hand(ran: Run, compared: RuleComparison) -> None:
    assert ran.table().equals(ran.summary) and ran.monthly is ran.record.monthly
    assert {"projects", "ledger", "accounts", "plot", "write", "values"} <= set(dir(ran))
    assert compared.baseline == "basic.none" and len(compared.runs("match.linear")) == 5
    for frame in (compared.table(), compared.differences(), compared.pairwise("net_drawn_in"), compared.by_committee()):
        assert isinstance(frame, pd.DataFrame) and len(frame)
    with pytest.raises(AttributeError):
        ran.no_such_name  # noqa: B018


def test_results_can_be_copied_and_sent(ran: Run) -> None:
    assert copy.copy(ran).rule == pickle.loads(pickle.dumps(ran)).rule == "match.linear"


@pytest.mark.study
def test_a_workbook_is_that_of_the_results_folder(ran: Run, compared: RuleComparison, tmp_path: Path) -> None:
    for found in (ran, compared):
        book = found.to_excel(tmp_path / "book.xlsx")
        folder = found.write(tmp_path / type(found).__name__)
        assert book.read_bytes() == (folder / "summary.xlsx").read_bytes()
        assert openpyxl.load_workbook(book).worksheets and (folder / "index.html").exists()


def test_a_workbook_of_another_ending_is_refused_and_what_was_there_stays(ran: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"\.xlsx"):
        ran.to_excel(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("rule", [Even, Even(), "basic.equal_split"])
def test_a_rule_is_taken_as_a_class_an_object_or_an_id(scenario: Any, rule: Any) -> None:
    named = rule if isinstance(rule, str) else "mine.even"
    assert commsim.simulate(scenario, rule).rule == named
    compared = commsim.compare(scenario, rule, replicates=1, workers=1, counterfactuals=False)
    assert [label for label, _rule_id, _title in compared.rules] == ["basic.none", named]


def test_a_run_in_python_can_be_called_off(scenario: Any) -> None:
    with pytest.raises(Cancelled):
        commsim.simulate(scenario, cancel=lambda: True)


def test_the_face_is_a_table_of_contents_of_what_it_gives() -> None:
    source = ast.parse((PROJECT / "commsim" / "__init__.py").read_text(encoding="utf-8"))
    (typed,) = [node for node in source.body if isinstance(node, ast.If)]
    imported = {alias.name for node in typed.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == set(commsim.__all__) - {"__version__"}
    for name in commsim.__all__:
        assert getattr(commsim, name) is not None and (name.startswith("_") or f"    {name} " in str(commsim.__doc__))
    assert set(commsim.__all__) <= set(dir(commsim))
