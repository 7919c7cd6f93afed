"""What the tables of a comparison read of it: its arms, its runs by arm, and each run beside its baseline's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from commsim.record import RunResult
from commsim.study.arms import Arm
from commsim.study.pairwise import Pairwise

Pair = tuple[RunResult, RunResult]
"""A run, and its baseline's run of the same replicate."""


class ComparedRuns(ABC):
    """Runs of several arms on the same residents and the same luck; `arms` has the baseline first."""

    arms: Sequence[Arm]
    replicates: int

    @property
    @abstractmethod
    def baseline(self) -> str:
        """Label of the arm that all others are compared with."""

    @abstractmethod
    def runs(self, rule: str) -> list[RunResult]:
        """The runs of one arm that succeeded, by replicate."""

    @abstractmethod
    def pairs(self, rule: str) -> list[Pair]:
        """(run, baseline's run) of each replicate in which both succeeded."""

    @abstractmethod
    def tested_pairs(self, indicator: str) -> Pairwise:
        """Rules against each other in one indicator, by the places of the arms."""
