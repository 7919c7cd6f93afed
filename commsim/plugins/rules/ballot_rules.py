"""Rules that decide by votes on projects with costs, and committees: the classes that are registered."""

from __future__ import annotations

from commsim.contracts import Rule
from commsim.plugins.rules.committee import LeximaxPhragmen, ProportionalApproval
from commsim.plugins.rules.committee_coverage import ChamberlinCourant, Monroe, SatisfactionApproval
from commsim.plugins.rules.committee_greedy import GreedyMonroe
from commsim.plugins.rules.pb_bounded import BoundedOverspending
from commsim.plugins.rules.pb_cumulative import CumulativeTransfer
from commsim.plugins.rules.pb_equal_shares import MethodOfEqualShares
from commsim.plugins.rules.pb_greedy import GreedyNoSkip, GreedyThreshold, GreedyVotesPerCost
from commsim.plugins.rules.pb_optimal import Knapsack, MaxMin
from commsim.plugins.rules.pb_phragmen import MaximinSupport, SequentialPhragmen

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
