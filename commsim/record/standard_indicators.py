"""The indicators that commsim ships, after the plan's goals (plan-to-model.md, P-11, P-20, P-40 to P-44).

Totals of money and hours run from the first month of the fund under comparison to the end of the run, because what a
fund sets off may come after it ends. Who takes part is declared in `participation_indicators.py`, money and hours in
`money_indicators.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from commsim.i18n import _
from commsim.record.formulas import (
    asks_met,
    committee_money,
    committee_shares,
    mean_level,
    people_per_project,
    ratio,
)
from commsim.record.indicator_declaration import declared
from commsim.record.indicators import Better, Indicator, IndicatorRegistry
from commsim.record.inequality import gini
from commsim.record.money_indicators import LEVERAGE, RESOURCES
from commsim.record.participation_indicators import DRAWN_IN, HEADLINE, LIGHT

_NO_ADULTS = _("nobody belongs to this group")
_NO_PROPOSALS = _("no proposals were written for the fund under comparison")
_NONE_COMPLETED = _("no project of the fund was completed")
_NOTHING_SETTLED = _("no round of the fund was settled, or nothing was asked for in any")
_NOTHING_TO_DIVIDE = _("there was nothing to be divided among the committees")


Counting = dict[str, Any]
"""Arguments of `RunRecord.count_projects`."""


def _project_counts() -> tuple[Indicator, ...]:
    stages: tuple[tuple[str, tuple[str, str], Counting, Better], ...] = (
        ("written", ("Projects written", "申报项目"), {}, "neither"),
        ("awarded", ("Projects awarded", "立项项目"), {"awarded": True}, "neither"),
        ("completed", ("Projects completed", "完成项目"), {"stages": ("completed",)}, "higher"),
        ("failed", ("Projects failed", "未完成项目"), {"stages": ("failed",)}, "lower"),
    )
    return tuple(
        declared(
            f"projects_{key}",
            label,
            "projects",
            (
                f"{label[0]} under the fund under comparison, over the whole run.",
                f"整个运行期内被比较资金下{label[1]}数量。",
            ),
            lambda run, counted=counted: float(run.count_projects(**counted)),  # type: ignore[misc]
            "P-11",
            better,
        )
        for key, label, counted, better in stages
    )


def _project_shares() -> tuple[Indicator, ...]:
    return (
        declared(
            "proposals_by_residents_share",
            ("Proposals written by residents", "居民撰写的项目比例"),
            "share",
            (
                "Share of the fund's proposals that residents, not staff, wrote.",
                "该资金下由居民（而非工作人员）撰写的项目书所占比例。",
            ),
            lambda run: ratio(run.count_projects(writer="residents"), run.count_projects()),
            "P-11",
            "neither",
            _NO_PROPOSALS,
        ),
        declared(
            "asks_met",
            ("Share of what was asked that was awarded", "申请金额满足率"),
            "share",
            (
                "Awarded ÷ asked, of the proposals of the fund under comparison whose round was settled. Close to "
                "100% money is not scarce, and rules that divide it cannot be told apart.",
                "被比较资金已评定各轮中，立项金额 ÷ 申请金额。接近 100% 时资金并不紧缺，各种分配规则无从区分。",
            ),
            asks_met,
            "P-37",
            "neither",
            _NOTHING_SETTLED,
        ),
        declared(
            "people_per_project",
            ("People who gave hours, per completed project", "每个完成项目的出力人数"),
            "people per project",
            (
                "Residents who gave hours to a completed project of the fund, each once a project, ÷ these projects.",
                "为该资金的完成项目出过力的居民人数（每个项目每人计一次）÷ 完成项目数。",
            ),
            people_per_project,
            "P-11",
            "neither",
            _NONE_COMPLETED,
        ),
    )


def _equality() -> tuple[Indicator, ...]:
    return (
        declared(
            "gini_public_money",
            ("Inequality of public money over committees", "居委会间公共资金不平等"),
            "gini",
            (
                "Gini of the fund's public cash per resident over committees, each counted by its residents.",
                "各居委会人均公共资金的基尼系数，按居民人数加权。",
            ),
            lambda run: gini(committee_money(run), run.columns["residents"][run.window].mean(axis=0)),
            "P-40",
            "lower",
            _NOTHING_TO_DIVIDE,
        ),
        declared(
            "gini_participation",
            ("Inequality of participation over committees", "居委会间参与不平等"),
            "gini",
            (
                "Gini over committees of the share of adults who gave or started something, each counted by its "
                "adults, in the last month.",
                "期末各居委会有实际投入的居民比例的基尼系数，按成年居民人数加权。",
            ),
            lambda run: gini(committee_shares(run), run.columns["adults"][-1]),
            "P-40",
            "lower",
            _NOTHING_TO_DIVIDE,
        ),
    )


def _attitudes() -> tuple[Indicator, ...]:
    levels = (
        ("trust_committee", ("Trust in the committee", "对居委会的信任"), "P-44"),
        ("trust_fund", ("Trust in the fund", "对资金的信任"), "P-44"),
        ("sense_of_gain", ("Sense of gain", "获得感"), "P-44"),
        ("satisfaction", ("Satisfaction", "满意度"), "P-44"),
        ("efficacy", ("Sense that acting helps", "效能感"), "P-45"),
    )
    return tuple(
        declared(
            name,
            label,
            "scale",
            (f"{label[0]}: mean over adults in the last month.", f"期末成年居民{label[1]}均值。"),
            mean_level(name)[0],
            clause,
            "higher",
            _NO_ADULTS,
            monthly=mean_level(name)[1],
        )
        for name, label, clause in levels
    )


STANDARD: tuple[Indicator, ...] = (
    *HEADLINE,
    *DRAWN_IN,
    *LIGHT,
    *RESOURCES,
    *LEVERAGE,
    *_project_counts(),
    *_project_shares(),
    *_equality(),
    *_attitudes(),
)
"""Every shipped indicator, in the order in which tables show them."""


@cache
def standard_indicators() -> IndicatorRegistry:
    """The registry that commsim ships, and to which `register` adds more."""
    return IndicatorRegistry(STANDARD)
