"""The indicators that commsim ships, after the plan's goals (plan-to-model.md, P-11, P-20, P-40 to P-44).

Totals of money and hours run from the first month of the fund under comparison to the end of the run, because what a
fund sets off may come after it ends. Money and hours are declared in `money_indicators.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from commsim.i18n import _
from commsim.record.formulas import (
    active_residents,
    committee_money,
    committee_shares,
    mean_level,
    mean_of_months,
    monthly_share,
    monthly_sum,
    ratio,
)
from commsim.record.indicator_declaration import declared
from commsim.record.indicators import Better, Indicator, IndicatorRegistry
from commsim.record.inequality import gini
from commsim.record.money_indicators import LEVERAGE, RESOURCES

_AGE_GROUPS = {"18_39": ("18–39", "18–39 岁"), "40_59": ("40–59", "40–59 岁"), "60_plus": ("60+", "60 岁及以上")}
_SHARE = monthly_share("active_12m", "adults")

_NO_ADULTS = _("nobody belongs to this group")
_NO_PROPOSALS = _("no proposals were written for the fund under comparison")
_NO_ELECTION = _("no residents' committee election was held from the fund's first month on")
_NOTHING_TO_DIVIDE = _("there was nothing to be divided among the committees")


PARTICIPATION: tuple[Indicator, ...] = (
    declared(
        "active_share",
        ("Active residents, share of adults", "参与居民占成年居民比例"),
        "share",
        (
            "Adults with at least one act in the last 12 months, as a share of adults, in the last month.",
            "期末近 12 个月至少有一次参与行为的成年居民占全部成年居民的比例。",
        ),
        lambda run: ratio(active_residents(run), run.at_end("adults")),
        "P-40",
        "higher",
        _NO_ADULTS,
        monthly=_SHARE,
    ),
    declared(
        "active_share_mean",
        ("Active residents, mean over the fund's months", "参与居民比例（资金期均值）"),
        "share",
        (
            "The share of active adults, averaged over the months in which the fund under comparison runs.",
            "参与居民比例在被比较资金运行各月的平均值。",
        ),
        mean_of_months(_SHARE),
        "P-40",
        "higher",
        _NO_ADULTS,
    ),
    declared(
        "active_residents",
        ("Active residents", "参与居民人数"),
        "residents",
        (
            "Adults with at least one act in the last 12 months, in the last month.",
            "期末近 12 个月至少有一次参与行为的成年居民人数。",
        ),
        active_residents,
        "P-40",
        "higher",
        monthly=monthly_sum(1, "active_12m"),
    ),
    *(
        declared(
            f"participation_{key}",
            (f"Participation, age {words}", f"{zh}参与率"),
            "share",
            (
                f"Adults aged {words} with at least one act in the last 12 months, as a share of them, at the end.",
                f"期末{zh}成年居民中近 12 个月至少有一次参与行为的比例。",
            ),
            lambda run, key=key: ratio(run.at_end(f"active_12m_{key}"), run.at_end(f"adults_{key}")),  # type: ignore[misc]
            "P-40",
            "higher",
            _NO_ADULTS,
            monthly=monthly_share(f"active_12m_{key}", f"adults_{key}"),
        )
        for key, (words, zh) in _AGE_GROUPS.items()
    ),
    declared(
        "election_turnout",
        ("Turnout in committee elections", "居委会选举投票率"),
        "share",
        (
            "Voters as a share of those entitled, in elections from the fund's first month on.",
            "资金启动以来居委会选举中投票人数占有选举权人数的比例。",
        ),
        lambda run: ratio(run.total("election_voters"), run.total("election_eligible")),
        "P-40",
        "higher",
        _NO_ELECTION,
    ),
)
"""Who takes part, how many of whom, and who votes in committee elections."""


Counting = dict[str, Any]
"""Arguments of `RunRecord.count_projects`."""


def _projects() -> tuple[Indicator, ...]:
    stages: tuple[tuple[str, tuple[str, str], Counting, Better], ...] = (
        ("written", ("Projects written", "申报项目"), {}, "neither"),
        ("awarded", ("Projects awarded", "立项项目"), {"awarded": True}, "neither"),
        ("completed", ("Projects completed", "完成项目"), {"stages": ("completed",)}, "higher"),
        ("failed", ("Projects failed", "未完成项目"), {"stages": ("failed",)}, "lower"),
    )
    return (
        *(
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
        ),
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
                "Gini of the share of active adults over committees, each counted by its adults, in the last month.",
                "期末各居委会参与居民比例的基尼系数，按成年居民人数加权。",
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
    *PARTICIPATION,
    *RESOURCES,
    *LEVERAGE,
    *_projects(),
    *_equality(),
    *_attitudes(),
)
"""Every shipped indicator, in the order in which tables show them."""


@cache
def standard_indicators() -> IndicatorRegistry:
    """The registry that commsim ships, and to which `register` adds more."""
    return IndicatorRegistry(STANDARD)
