"""The indicators that commsim ships, after the plan's goals (plan-to-model.md, P-11, P-20, P-40 to P-44).

Totals of money and hours run from the first month of the fund under comparison to the end of the run, because what a
fund sets off may come after it ends. "Public cash" is what that fund paid to projects or services; other purses are
the same in every arm unless residents' behaviour moves them, and are recorded apart. Non-public resources are cash
of residents and of local units, and volunteers' hours at the rate `money.hour_rate_yuan` (the all-in figures).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Bilingual, Text, _
from commsim.money import FEN_PER_YUAN
from commsim.record.formulas import (
    MINUTES_PER_HOUR,
    active_residents,
    added_participant_parts,
    administration,
    committee_money,
    committee_shares,
    hours,
    mean_level,
    mean_of_months,
    monthly_share,
    monthly_sum,
    net_cash_leverage_parts,
    net_leverage_parts,
    private_cash,
    private_resources,
    public_cash,
    ratio,
)
from commsim.record.indicators import Better, Indicator
from commsim.record.inequality import gini
from commsim.record.run_record import RunResult

_AGE_GROUPS = {"18_39": "18–39", "40_59": "40–59", "60_plus": "60+"}
_AWARDED_STAGES = ("awarded", "running", "completed", "failed")

_NO_REASON = _("it is always defined")
_NO_PUBLIC_MONEY = _("no public money was paid, so there is nothing to divide by")
_NO_ADULTS = _("nobody belongs to this group")
_NO_PROPOSALS = _("no proposals were written for the fund under comparison")
_NO_ELECTION = _("no residents' committee election was held from the fund's first month on")
_NOTHING_TO_DIVIDE = _("there was nothing to be divided among the committees")
_SAME_PUBLIC_MONEY = _("the baseline spent as much public money or more, so there is nothing to divide by")
_NOBODY_ADDED = _("nobody was added to the active residents, so no cost per added participant exists")


def _indicator(
    id: str,
    label: tuple[str, str],
    unit: str,
    doc: tuple[str, str],
    compute: Callable[[RunResult], float | None] | None,
    clause: str,
    better: Better = "neither",
    undefined: Text = _NO_REASON,
    parts: Callable[[RunResult, RunResult], tuple[float, float]] | None = None,
    monthly: Callable[[RunResult], NDArray[np.float64]] | None = None,
) -> Indicator:
    words = Bilingual(en=label[0], zh=label[1]), Bilingual(en=doc[0], zh=doc[1])
    return Indicator(id, words[0], unit, words[1], better, clause, undefined, compute, parts, monthly)


def _participation() -> tuple[Indicator, ...]:
    share = monthly_share("active_12m", "adults")
    groups = tuple(
        _indicator(
            f"participation_{key}",
            (f"Participation, age {words}", f"{words} 岁参与率"),
            "share",
            (
                f"Adults aged {words} with at least one act in the last 12 months, as a share of them, at the end.",
                f"期末 {words} 岁成年居民中近 12 个月至少有一次参与行为的比例。",
            ),
            lambda run, key=key: ratio(run.at_end(f"active_12m_{key}"), run.at_end(f"adults_{key}")),  # type: ignore[misc]
            "P-40",
            "higher",
            _NO_ADULTS,
            monthly=monthly_share(f"active_12m_{key}", f"adults_{key}"),
        )
        for key, words in _AGE_GROUPS.items()
    )
    return (
        _indicator(
            "active_share",
            ("Active residents, share of adults", "活跃居民占成年居民比例"),
            "share",
            (
                "Adults with at least one act in the last 12 months, as a share of adults, in the last month.",
                "期末近 12 个月至少有一次参与行为的成年居民占全部成年居民的比例。",
            ),
            lambda run: ratio(active_residents(run), run.at_end("adults")),
            "P-40",
            "higher",
            _NO_ADULTS,
            monthly=share,
        ),
        _indicator(
            "active_share_mean",
            ("Active residents, mean over the fund's months", "活跃居民比例(资金期均值)"),
            "share",
            (
                "The share of active adults, averaged over the months in which the fund under comparison runs.",
                "活跃居民比例在被比较资金运行各月的平均值。",
            ),
            mean_of_months(share),
            "P-40",
            "higher",
            _NO_ADULTS,
        ),
        _indicator(
            "active_residents",
            ("Active residents", "活跃居民人数"),
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
        *groups,
        _indicator(
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


def _resources() -> tuple[Indicator, ...]:
    return (
        _indicator(
            "volunteer_hours",
            ("Volunteers' hours", "志愿服务时数"),
            "hours",
            (
                "Hours that residents gave since the fund's first month.",
                "资金启动以来居民投入的小时数。",
            ),
            hours,
            "P-20",
            "higher",
            monthly=monthly_sum(MINUTES_PER_HOUR, "volunteer_minutes"),
        ),
        _indicator(
            "resident_cash",
            ("Residents' cash", "居民出资"),
            "yuan",
            (
                "Residents' gifts that reached projects since the fund's first month; refunds are not counted.",
                "资金启动以来居民捐资中实际到达项目的金额,不含退款。",
            ),
            lambda run: run.total("gifts_fen") / FEN_PER_YUAN,
            "P-20",
            "higher",
            monthly=monthly_sum(FEN_PER_YUAN, "gifts_fen"),
        ),
        _indicator(
            "partner_cash",
            ("Local units' cash", "驻区单位出资"),
            "yuan",
            (
                "Cash that local units gave to projects since the fund's first month.",
                "资金启动以来驻区单位向项目的出资。",
            ),
            lambda run: run.total("partner_fen") / FEN_PER_YUAN,
            "P-20",
            "higher",
            monthly=monthly_sum(FEN_PER_YUAN, "partner_fen"),
        ),
        _indicator(
            "public_money",
            ("Public cash of the fund", "公共资金支出"),
            "yuan",
            (
                "What the fund under comparison paid to projects or services.",
                "被比较资金拨付给项目或服务的金额。",
            ),
            public_cash,
            "P-37",
            monthly=monthly_sum(FEN_PER_YUAN, "public_fen"),
        ),
        _indicator(
            "administration_cost",
            ("Administration of the fund", "资金管理成本"),
            "yuan",
            (
                "Staff time on fund work at its cost, since the fund's first month.",
                "资金启动以来工作人员用于资金管理的时间成本。",
            ),
            administration,
            "P-43",
            "lower",
            monthly=monthly_sum(FEN_PER_YUAN, "administration_fen"),
        ),
    )


def _leverage() -> tuple[Indicator, ...]:
    return (
        _indicator(
            "cash_leverage",
            ("Cash leverage", "现金撬动比"),
            "ratio",
            (
                "Residents' and local units' cash ÷ public cash of the fund. Gross: no counterfactual is taken off.",
                "居民与驻区单位现金 ÷ 该资金的公共支出(毛值,未扣除反事实)。",
            ),
            lambda run: ratio(private_cash(run), public_cash(run)),
            "P-20",
            "higher",
            _NO_PUBLIC_MONEY,
        ),
        _indicator(
            "all_in_leverage",
            ("All-in leverage", "综合撬动比"),
            "ratio",
            (
                "(Cash of residents and local units + hours × hourly rate) ÷ public cash of the fund. Gross.",
                "(居民与驻区单位现金 + 志愿时数 × 小时价)÷ 该资金的公共支出(毛值)。",
            ),
            lambda run: ratio(private_resources(run), public_cash(run)),
            "P-20",
            "higher",
            _NO_PUBLIC_MONEY,
        ),
        _indicator(
            "net_leverage",
            ("Net leverage", "净撬动比"),
            "ratio",
            (
                "(Non-public resources, cash and hours, − the baseline's) ÷ (public cash − the baseline's), on the "
                "same residents and draws.",
                "(现金与工时等非公共资源 − 基准情形)÷(公共支出 − 基准情形),使用相同居民与随机数配对。",
            ),
            None,
            "P-20",
            "higher",
            _SAME_PUBLIC_MONEY,
            parts=net_leverage_parts,
        ),
        _indicator(
            "net_cash_leverage",
            ("Net cash leverage", "净现金撬动比"),
            "ratio",
            (
                "(Cash of residents and local units − the baseline's) ÷ (public cash − the baseline's), on the same "
                "residents and draws.",
                "(居民与驻区单位现金 − 基准情形)÷(公共支出 − 基准情形),使用相同居民与随机数配对。",
            ),
            None,
            "P-20",
            "higher",
            _SAME_PUBLIC_MONEY,
            parts=net_cash_leverage_parts,
        ),
        _indicator(
            "cost_per_added_participant",
            ("Cost per added participant", "每新增一名参与者的成本"),
            "yuan per participant",
            (
                "(Public cash and administration − the baseline's) ÷ (active residents at the end − the baseline's).",
                "(公共支出与管理成本 − 基准情形)÷(期末活跃居民 − 基准情形)。",
            ),
            None,
            "P-43",
            "lower",
            _NOBODY_ADDED,
            parts=added_participant_parts,
        ),
    )


def _projects() -> tuple[Indicator, ...]:
    stages = (
        ("written", ("Projects written", "提出的项目"), ("proposed", "rejected", *_AWARDED_STAGES), "neither"),
        ("awarded", ("Projects awarded", "获资助的项目"), _AWARDED_STAGES, "neither"),
        ("completed", ("Projects completed", "完成的项目"), ("completed",), "higher"),
        ("failed", ("Projects failed", "失败的项目"), ("failed",), "lower"),
    )
    return (
        *(
            _indicator(
                f"projects_{key}",
                label,
                "projects",
                (
                    f"{label[0]} under the fund under comparison, over the whole run.",
                    f"整个运行期内被比较资金下{label[1]}数量。",
                ),
                lambda run, wanted=wanted: float(run.count_projects(wanted)),  # type: ignore[misc]
                "P-11",
                better,  # type: ignore[arg-type]
            )
            for key, label, wanted, better in stages
        ),
        _indicator(
            "proposals_by_residents_share",
            ("Proposals written by residents", "居民撰写的项目比例"),
            "share",
            (
                "Share of the fund's proposals that residents, not staff, wrote.",
                "该资金下由居民(而非工作人员)撰写的项目书所占比例。",
            ),
            lambda run: ratio(run.count_projects(writer="residents"), run.count_projects()),
            "P-11",
            "neither",
            _NO_PROPOSALS,
        ),
    )


def _equality() -> tuple[Indicator, ...]:
    return (
        _indicator(
            "gini_public_money",
            ("Inequality of public money over committees", "居委会间公共资金不平等"),
            "gini",
            (
                "Gini of the fund's public cash per resident over committees, each counted by its residents.",
                "各居委会人均公共资金的基尼系数,按居民人数加权。",
            ),
            lambda run: gini(committee_money(run), run.columns["residents"][run.window].mean(axis=0)),
            "P-40",
            "lower",
            _NOTHING_TO_DIVIDE,
        ),
        _indicator(
            "gini_participation",
            ("Inequality of participation over committees", "居委会间参与不平等"),
            "gini",
            (
                "Gini of the share of active adults over committees, each counted by its adults, in the last month.",
                "期末各居委会活跃居民比例的基尼系数,按成年居民人数加权。",
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
        _indicator(
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
    *_participation(),
    *_resources(),
    *_leverage(),
    *_projects(),
    *_equality(),
    *_attitudes(),
)
"""Every shipped indicator, in the order in which tables show them."""
