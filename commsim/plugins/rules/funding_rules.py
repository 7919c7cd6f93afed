"""Rules under which public money follows what residents bring, lasting support, or what was learned; and benchmarks."""

from __future__ import annotations

from commsim.plugins.rules.bandit import EpsilonGreedy, SequentialHalving, Thompson, UpperConfidence
from commsim.plugins.rules.conviction import Conviction
from commsim.plugins.rules.match_conditional import RequiredRatio, TieredMatch
from commsim.plugins.rules.optimal import ExpectedParticipation, InfluenceSeeding, MaximumCoverage
from commsim.plugins.rules.quadratic import ConnectionOriented, PairwiseQuadraticFunding, QuadraticFunding
from commsim.plugins.rules.seed_kinds import LeadGift, RefundBonus, ThresholdThenMatch

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
