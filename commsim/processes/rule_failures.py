"""What a rule that fails in mid-run leads to: the run ends, or its round is skipped and recorded."""

from __future__ import annotations

from collections.abc import Sequence

from commsim.community.community import Community
from commsim.community.funds import Fund
from commsim.community.procedures import ProjectEvent
from commsim.community.projects import Project, SkippedRound
from commsim.contracts import RoundKey
from commsim.errors import RuleError
from commsim.i18n import _

SKIP = "skip_round"


def skip_or_raise(
    community: Community, fund: Fund, key: RoundKey, projects: Sequence[Project], step: str, error: RuleError
) -> None:
    """End the run with `error`, or, where the scenario says `on_rule_failure: skip_round`, refuse all its proposals.

    The reason of each proposal carries the error, and the round goes into the run's record (`step`: what the rule was
    asked), so that nobody takes its silence for a decision.
    """
    note_or_raise(community, fund, key, len(projects), step, error)
    for project in projects:
        project.reason = _("the round was skipped because the rule failed: {error}").format(error=error.text)
        project.move(ProjectEvent.SKIP, community.month)


def note_or_raise(community: Community, fund: Fund, key: RoundKey, proposals: int, step: str, error: RuleError) -> None:
    """End the run with `error`, or enter it into the run's record where the scenario skips rounds."""
    if fund.spec.on_rule_failure != SKIP:
        raise error
    community.money.skip(
        SkippedRound(fund.id, key.unit, key.period, community.month, fund.rule.id, step, proposals, error.text)
    )
