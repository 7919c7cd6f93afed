"""Rules under which public money follows what residents bring, lasting support, or what was learned; and benchmarks."""

from __future__ import annotations

from commsim.plugins.learning.bandit import EpsilonGreedy, SequentialHalving, Thompson, UpperConfidence
from commsim.plugins.budgeting.conviction import Conviction
from commsim.plugins.matching.conditional import RequiredRatio, TieredMatch
from commsim.plugins.benchmarks.optimal import ExpectedParticipation, InfluenceSeeding, MaximumCoverage
from commsim.plugins.quadratic.funding import ConnectionOriented, PairwiseQuadraticFunding, QuadraticFunding
from commsim.plugins.matching.seed_kinds import LeadGift, RefundBonus, ThresholdThenMatch

RULES = (
    TieredMatch,
    RequiredRatio,
    LeadGift,
    RefundBonus,
    ThresholdThenMatch,
    QuadraticFunding,
    PairwiseQuadraticFunding,
    ConnectionOriented,
    Conviction,
    EpsilonGreedy,
    UpperConfidence,
    Thompson,
    SequentialHalving,
    MaximumCoverage,
    ExpectedParticipation,
    InfluenceSeeding,
)
