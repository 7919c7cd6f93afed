"""State has one owner: a step can write its own columns and no others; steps do not call each other."""

import ast
from pathlib import Path

import numpy as np
import pytest

import commsim.processes
from commsim.agents.residents import OWNERS, Residents
from commsim.processes import MONTH
from tests.processes.runs import run, small_world

FOLDER = Path(commsim.processes.__file__).parent


def test_every_owner_is_a_step_of_the_month() -> None:
    assert set(OWNERS.values()) <= {process.name for process in MONTH}


@pytest.mark.parametrize("process", MONTH, ids=lambda one: one.name)
def test_a_step_writes_its_own_columns_only(process: type) -> None:
    residents = Residents(small_world(), 0.5)
    view = residents.seen_by(process.name)
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
