"""Rules that decide by votes on projects with costs, and committees: the classes that are registered."""

from __future__ import annotations

from commsim.contracts import Rule
from commsim.plugins.committees.approval import LeximaxPhragmen, ProportionalApproval
from commsim.plugins.committees.coverage import ChamberlinCourant, Monroe, SatisfactionApproval
from commsim.plugins.committees.greedy_monroe import GreedyMonroe
from commsim.plugins.equal_shares.bounded import BoundedOverspending
from commsim.plugins.budgeting.cumulative import CumulativeTransfer
from commsim.plugins.equal_shares.rule import MethodOfEqualShares
from commsim.plugins.budgeting.greedy import GreedyNoSkip, GreedyThreshold, GreedyVotesPerCost
from commsim.plugins.budgeting.optimal import Knapsack, MaxMin
from commsim.plugins.budgeting.phragmen import MaximinSupport, SequentialPhragmen

RULES: tuple[type[Rule], ...] = (
    GreedyNoSkip,
    GreedyThreshold,
    GreedyVotesPerCost,
    SequentialPhragmen,
    MaximinSupport,
    MethodOfEqualShares,
    BoundedOverspending,
    CumulativeTransfer,
    Knapsack,
    MaxMin,
    ProportionalApproval,
    LeximaxPhragmen,
    ChamberlinCourant,
    Monroe,
    GreedyMonroe,
    SatisfactionApproval,
)
