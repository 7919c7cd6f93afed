"""Procedures move by their tables: what a table allows happens, and whatever else is tried is refused by name."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import commsim
from commsim.community.procedures import (
    PROJECT,
    ROUND,
    Procedure,
    ProjectEvent,
    RoundEvent,
    RoundStage,
    Stage,
)
from commsim.community.project_book import ProjectBook
from commsim.community.projects import BOOK, STAGE, STORY, Initiator, Project
from commsim.community.purposes import Purpose
from commsim.contracts import Domain
from commsim.errors import BrokenInvariant
from commsim.ownership import Permit
from commsim.processes import MONTH

HOUSE = Path(commsim.__file__).parent
STEPS = [step.name for step in MONTH]


def a_project(permit: Permit) -> Project:
    project = Project(
        id="fund-place-health-2017", fund="fund", committee=0, area="place", first=0, last=9, period=2017,
        domain=Domain(0), initiator=Initiator.STAFF, writer_resident=-1, proposed=2, ask_fen=100, minimum_viable_fen=50,
        hours_needed=1.0, months_needed=3, fit=0.5, quality=0.5, readiness=0.5, concerned=4,
    )  # fmt: skip
    with permit.held_by("deliberation", {BOOK}):
        ProjectBook(permit).add(project)
    return project


def standing(state: Stage) -> Project:
    """A project that stands at `state`."""
    project = a_project(Permit())
    project.permit.close()
    with project.permit.held_by("test", {STAGE}):
        project.stage = state
    return project


EVERYTHING_ELSE = [
    (state, event, who)
    for state, event, who in product(Stage, ProjectEvent, STEPS)
    if not any(row.state is state and row.event is event and who in row.who for row in PROJECT.rows)
]


@pytest.mark.parametrize("row", PROJECT.rows, ids=lambda row: f"{row.state.value}: {row.event.value}")
def test_a_move_that_the_table_allows_leads_where_it_says(row: Any) -> None:
    for who in row.who:
        project = standing(row.state)
        with project.permit.held_by(who, {STAGE, STORY}):
            project.move(row.event, 7)
        assert project.stage is row.to
        moved = row.to is not row.state
        assert project.settled == (7 if moved and row.state is Stage.PROPOSED else -1)
        assert project.started == (7 if moved and row.to is Stage.RUNNING else -1)
        assert project.ended == (7 if moved and row.state is Stage.RUNNING else -1)


def test_every_other_move_of_a_project_is_refused_with_its_state_and_event() -> None:
    assert len(EVERYTHING_ELSE) > 800
    for state, event, who in EVERYTHING_ELSE:
        project = standing(state)
        with project.permit.held_by(who, {STAGE}), pytest.raises(BrokenInvariant) as raised:
            project.move(event, 7)
        said = str(raised.value)
        assert project.id in said and state.value in said and event.value in said
        assert project.stage is state


def test_every_other_move_of_a_round_is_refused_with_its_state_and_event() -> None:
    allowed = {(row.state, row.event): row for row in ROUND.rows}
    for state, event, who in product(RoundStage, RoundEvent, STEPS):
        row = allowed.get((state, event))
        if row is not None and who in row.who:
            assert ROUND.row(state, event, who, "fund/unit/2017") is row
            continue
        with pytest.raises(BrokenInvariant) as raised:
            ROUND.row(state, event, who, "fund/unit/2017")
        assert all(word in str(raised.value) for word in ("fund/unit/2017", state.value, event.value))
        if row is not None:
            assert who in str(raised.value) and row.who[0] in str(raised.value)


def test_money_moves_for_no_other_purpose_than_the_table_says() -> None:
    for row, purpose in product(PROJECT.rows, Purpose):
        if purpose in row.posts:
            assert PROJECT.row_that_posts(row.state, row.event, row.who[0], "p", purpose) is row
        else:
            with pytest.raises(BrokenInvariant, match=f"moves no money for '{purpose.value}'"):
                PROJECT.row_that_posts(row.state, row.event, row.who[0], "p", purpose)


@pytest.mark.parametrize("procedure", [PROJECT, ROUND], ids=lambda procedure: procedure.name)
def test_a_table_names_each_move_once_and_every_stage_and_event(procedure: Procedure[Any, Any]) -> None:
    moves = [(row.state, row.event) for row in procedure.rows]
    assert len(moves) == len(set(moves))
    assert {row.event for row in procedure.rows} == set(type(procedure.rows[0].event))
    assert {state for row in procedure.rows for state in (row.state, row.to)} == set(type(procedure.rows[0].state))
    assert {who for row in procedure.rows for who in row.who} <= set(STEPS)


def test_a_stage_changes_in_one_place_of_each_procedure() -> None:
    places = []
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            places += [path.name for target in targets if isinstance(target, ast.Attribute) and target.attr == "stage"]
    assert sorted(places) == ["projects.py", "rounds.py"]


def test_the_page_of_procedures_shows_the_tables_as_they_are() -> None:
    page = (HOUSE.parent / "docs" / "procedures.md").read_text(encoding="utf-8")
    for procedure in (PROJECT, ROUND):
        assert procedure.as_markdown() in page, f"docs/procedures.md: the table of {procedure.name}s is out of date"


def test_a_table_is_read_by_whoever_looks_at_it() -> None:
    table = ROUND.as_markdown().splitlines()
    assert table[0] == "| state | event | next state | said by | money moves for |"
    assert table[2] == "| due | terms are announced | open | rounds | – |"
    assert len(table) == 2 + len(ROUND.rows)


def test_the_open_round_of_a_unit_ends_by_the_table() -> None:
    from commsim.community.rounds import Unit
    from commsim.contracts import RoundKey

    unit = Unit("unit", (0,), "purse:fund:unit")
    unit.permit = Permit()
    due = unit.due(RoundKey("fund", "unit", 2017), (), (3, 5), 0, ())
    with unit.permit.held_by("settlement", {"rounds.stage"}), pytest.raises(BrokenInvariant, match="'due'"):
        due.move(RoundEvent.SETTLE)
    with unit.permit.held_by("rounds", {"rounds.stage"}):
        unit.open(due)
    assert unit.round is due and due.stage is RoundStage.OPEN
    with unit.permit.held_by("settlement", {"rounds.stage"}):
        unit.end(RoundEvent.SETTLE)
    assert unit.round is None and due.stage is RoundStage.SETTLED
