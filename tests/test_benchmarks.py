"""What `make bench` offers: every name stands for something that can be run."""

from __future__ import annotations

import importlib

import pytest

from benchmarks import run


def test_every_part_of_the_benchmark_is_a_module_that_can_be_started() -> None:
    assert {"kernel", "voting"} <= run.PARTS.keys()
    assert all(callable(importlib.import_module(module).main) for module in run.PARTS.values())


def test_a_benchmark_that_does_not_exist_is_refused_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["kernle"]) == 2
    told = capsys.readouterr().err
    assert "kernle" in told and "kernel" in told and "voting" in told


def test_a_command_is_measured_and_its_failure_counts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run.COMMANDS, "help", ("no-such-command",))
    assert run.main(["help"]) == 1
    assert "failed with 2" in capsys.readouterr().out
