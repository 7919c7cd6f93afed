"""Frozen values are complete at birth: converted as they are made, and nothing in the house sets a field afterwards."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import numpy as np
import pytest

from commsim.contracts.tables import Choices

PROJECT = Path(__file__).resolve().parents[1]


def test_nothing_writes_past_a_frozen_object() -> None:
    writing = [path for path in (PROJECT / "commsim").rglob("*.py") if "object.__setattr__" in path.read_text("utf-8")]
    assert not writing


def test_arrays_of_a_view_are_read_only_from_birth_while_the_caller_s_stay_writable() -> None:
    given = np.array([0, 1]), np.array([0], np.int32), np.array([5])
    choices = Choices(*given)
    assert not choices.start.flags.writeable and given[0].flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        choices.start = given[0]  # type: ignore[misc]
    with pytest.raises(TypeError, match="amount"):
        Choices(given[0], given[1])
    moved = dataclasses.replace(choices, amount=np.array([7]))
    assert moved.amount.tolist() == [7] and not moved.amount.flags.writeable
    assert pickle.loads(pickle.dumps(choices)).amount.tolist() == [5]
