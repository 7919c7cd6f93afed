"""What a rule that fails in mid-run leads to: the run ends, or its round is skipped and recorded."""

from __future__ import annotations

from collections.abc import Sequence

from commsim.agents.fund import Fund
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.projects import Project, Stage


def skip_or_raise(fund: Fund, projects: Sequence[Project], month: int, error: RuleError) -> None:
    """End the run with `error`, or, where the scenario says `on_rule_failure: skip_round`, refuse all its proposals.

    The reason of each proposal carries the error, so that the record tells which rounds were skipped and why.
    """
    if fund.spec.on_rule_failure != "skip_round":
        raise error
    for project in projects:
        project.stage = Stage.REJECTED
        project.settled = month
        project.reason = _("the round was skipped because the rule failed: {error}").format(error=error.text)
