"""State has one owner: a step can write its own columns and no others; steps do not call each other."""

import ast
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import commsim.processes
from commsim.community.community import PAGE
from commsim.community.given import Given
from commsim.community.ledger import LEDGER
from commsim.community.measured import LOOKS, ROWS
from commsim.community.people import COLUMN, COLUMNS_THAT_CHANGE, Residents
from commsim.community.projects import BOOK
from commsim.model import CommunityModel
from commsim.ownership import Owned
from commsim.plugin_host.loader import load_catalogue
from commsim.processes import MONTH
from commsim.randomness import Draws
from tests.processes.runs import run, scenario_of, small_world

FOLDER = Path(commsim.processes.__file__).parent


OWNERS = {
    part.removeprefix(COLUMN): process.name for process in MONTH for part in process.writes if part.startswith(COLUMN)
}
"""Which step declares that it writes which column."""

SHARED = {
    "places.hours": "staff hours are finite: whoever's work takes staff spends some",
    "places.estimated_needs": "surveys (analysis) and hearings (deliberation) both tell of needs",
    "institutions.local_money": "renewed by the calendar, given as goods in contribution and as money in settlement",
    "money.ledger": "every step that moves money posts it; for projects as their table allows",
    "projects.story": "whoever does something to a project enters a line of its story",
    "projects.stage": "moved by the table of projects, which names who may",
    "rounds.stage": "moved by the table of rounds, which names who may",
    "rounds.quotes": "made by the steps that call the rule of a round that is open",
    "rounds.carried": "said by the award, and lapsed in December",
    "rounds.skipped": "entered by the step whose call of a rule failed",
    "month.acts": "who writes a bid acts in deliberation, who was asked in contribution",
    "month.money": "counted by the step that moves it",
}
"""Parts of the state that several steps write, and why; each of the others has one owner."""


def test_every_owner_is_a_step_of_the_month() -> None:
    assert set(OWNERS.values()) <= {process.name for process in MONTH}
    assert set(COLUMNS_THAT_CHANGE) == set(OWNERS) - {"acted_last_month", "met_last_month", "voted_last_month"}


def test_every_part_of_the_state_has_one_owner_or_a_reason() -> None:
    writers = Counter(part for process in MONTH for part in process.writes)
    assert {part for part, count in writers.items() if count > 1} == set(SHARED)


def test_every_part_that_can_change_is_written_by_a_step_or_by_the_turn_of_the_page() -> None:
    declared = {part for process in MONTH for part in process.writes}
    parts = {part for kind in kinds_with_parts() for part in kind.PARTS.values() if not part.startswith("given.")}
    verbs = {LEDGER, BOOK, ROWS, LOOKS, *(COLUMN + name for name in COLUMNS_THAT_CHANGE)}
    assert parts | verbs == declared | {PAGE}


def test_reads_name_parts_that_there_are() -> None:
    given = set(Given.PARTS.values())
    columns = {COLUMN + name for name in Residents(small_world(), 0.5).columns}
    declared = {part for process in MONTH for part in process.writes}
    for process in MONTH:
        assert process.reads <= given | columns | declared | {PAGE}, process.name
        assert not process.reads & process.writes, process.name


def kinds_with_parts() -> list[type[Owned]]:
    found, waiting = [], [Owned]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("process", MONTH, ids=lambda one: one.name)
def test_a_step_writes_its_own_columns_only(process: type) -> None:
    residents = Residents(small_world(), 0.5)
    view = residents.seen_by(process.name, process.writes)
    for column in residents.columns:
        array = getattr(view, column)
        assert array.flags.writeable == (OWNERS.get(column) == process.name), column
    with pytest.raises(AttributeError, match="never replaced"):
        view.age = np.zeros(3)


def test_a_run_leaves_the_shared_world_as_it_was() -> None:
    world = small_world()
    before = {name: array.copy() for name, array in world.columns.items()}
    run("match.linear")
    for name, array in world.columns.items():
        assert np.array_equal(array, before[name]), name


def test_steps_import_no_other_step() -> None:
    """Shared parts of a step (menu, bidding, …) are modules without a step of their own."""
    steps = {process.__module__ for process in MONTH}
    for process in MONTH:
        path = FOLDER / f"{process.__module__.rsplit('.', 1)[1]}.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in steps:
                imported = {alias.name for alias in node.names}
                assert not any(name[0].isupper() and not name.isupper() for name in imported), (path.name, imported)


def test_a_resident_can_be_looked_at() -> None:
    model = run()
    someone = model.residents[17]
    assert someone.age == int(small_world().columns["age"][17])
    assert "age=" in repr(someone)
    with pytest.raises(AttributeError, match="no column"):
        _ = someone.shoe_size
    with pytest.raises(IndexError):
        _ = model.residents[10**9]


def test_the_model_is_born_whole() -> None:
    """Everything it needs comes through its constructor: no attribute of it or of a book appears or goes in a run."""
    catalogue, scenario = load_catalogue(), scenario_of(months=3)
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    model = CommunityModel(small_world(), scenario, rules, Draws(1))

    def books() -> tuple[object, ...]:
        of = model.community
        return of, of.given, of.people, of.places, of.institutions, of.money, of.measured

    born, attributes = books(), [sorted(vars(thing)) for thing in (model, *books())]
    model.run()
    assert all(now is then for now, then in zip(books(), born, strict=True))
    assert [sorted(vars(thing)) for thing in (model, *books())] == attributes
