"""Indicators of what a fund draws and what it costs: hours, cash, use of the fund, leverage, cost per participant.

"Public cash" is what the fund under comparison paid; other purses are the same in every arm unless residents' behaviour
moves them, and are recorded apart. Non-public resources are cash of residents and of local units, and volunteers'
hours at the rate `money.hour_rate_yuan` (the all-in figures).
"""

from __future__ import annotations

from commsim.agents.hours import MINUTES_PER_HOUR
from commsim.i18n import _
from commsim.money import FEN_PER_YUAN
from commsim.record.formulas import (
    added_participant_parts,
    administration,
    fund_used,
    hours,
    monthly_sum,
    net_cash_leverage_parts,
    net_leverage_parts,
    private_cash,
    private_resources,
    public_cash,
    ratio,
)
from commsim.record.indicator_declaration import declared
from commsim.record.indicators import Indicator

_NO_PUBLIC_MONEY = _("no public money was paid, so there is nothing to divide by")
_SAME_PUBLIC_MONEY = _("the baseline spent as much public money or more, so there is nothing to divide by")
_NOBODY_ADDED = _("nobody was drawn in on balance, so no cost per added participant exists")
_NOTHING_APPROPRIATED = _("no money was appropriated to the fund, or the record does not say how much")

RESOURCES: tuple[Indicator, ...] = (
    declared(
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
    declared(
        "resident_cash",
        ("Residents' cash", "居民出资"),
        "yuan",
        (
            "Residents' gifts that reached projects since the fund's first month; refunds are not counted.",
            "资金启动以来居民捐款中实际到达项目的金额，不含退款。",
        ),
        lambda run: run.total("gifts_fen") / FEN_PER_YUAN,
        "P-20",
        "higher",
        monthly=monthly_sum(FEN_PER_YUAN, "gifts_fen"),
    ),
    declared(
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
    declared(
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
    declared(
        "administration_cost",
        ("Administration of the fund", "工作人员投入折算成本"),
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
"""Volunteers' hours, cash by giver, and what the fund paid and cost to run."""

LEVERAGE: tuple[Indicator, ...] = (
    declared(
        "cash_leverage",
        ("Cash leverage", "资金带动比（仅现金）"),
        "ratio",
        (
            "Residents' and local units' cash ÷ public cash of the fund. Gross: no counterfactual is taken off.",
            "居民与驻区单位现金 ÷ 该资金的公共支出（毛值，未扣除对照情形）。",
        ),
        lambda run: ratio(private_cash(run), public_cash(run)),
        "P-20",
        "higher",
        _NO_PUBLIC_MONEY,
    ),
    declared(
        "all_in_leverage",
        ("All-in leverage", "资金带动比（含工时）"),
        "ratio",
        (
            "(Cash of residents and local units + hours × hourly rate) ÷ public cash of the fund. Gross.",
            "（居民与驻区单位现金 + 志愿时数 × 小时价）÷ 该资金的公共支出（毛值）。",
        ),
        lambda run: ratio(private_resources(run), public_cash(run)),
        "P-20",
        "higher",
        _NO_PUBLIC_MONEY,
    ),
    declared(
        "net_leverage",
        ("Net leverage", "资金带动比（净值）"),
        "ratio",
        (
            "(Non-public resources, cash and hours, − the baseline's) ÷ (public cash − the baseline's), on the "
            "same residents and draws.",
            "（现金与工时等非公共资源 − 基准情形）÷（公共支出 − 基准情形），在同样的居民、同样的随机条件下配对。",
        ),
        None,
        "P-20",
        "higher",
        _SAME_PUBLIC_MONEY,
        parts=net_leverage_parts,
    ),
    declared(
        "net_cash_leverage",
        ("Net cash leverage", "资金带动比（净值，仅现金）"),
        "ratio",
        (
            "(Cash of residents and local units − the baseline's) ÷ (public cash − the baseline's), on the same "
            "residents and draws.",
            "（居民与驻区单位现金 − 基准情形）÷（公共支出 − 基准情形），在同样的居民、同样的随机条件下配对。",
        ),
        None,
        "P-20",
        "higher",
        _SAME_PUBLIC_MONEY,
        parts=net_cash_leverage_parts,
    ),
    declared(
        "hours_per_yuan",
        ("Volunteers' hours per yuan of public cash", "每元公共资金对应的志愿服务时数"),
        "hours per yuan",
        (
            "Hours that residents gave since the fund's first month ÷ public cash of the fund. Gross: hours that would "
            "have come without it are not taken off.",
            "资金启动以来居民投入的小时数 ÷ 该资金的公共支出（毛值，未扣除没有资金时也会投入的工时）。",
        ),
        lambda run: ratio(hours(run), public_cash(run)),
        "P-20",
        "higher",
        _NO_PUBLIC_MONEY,
    ),
    declared(
        "fund_used",
        ("Share of the fund that was paid out", "资金使用率"),
        "share",
        (
            "Public cash of the fund ÷ the money appropriated to it, over the fund's months. A fund that pays little "
            "costs little, whatever its leverage.",
            "资金运行各月内该资金的公共支出 ÷ 拨入该资金的金额。拨付少的资金，无论资金带动比高低，花费都少。",
        ),
        fund_used,
        "P-37",
        undefined=_NOTHING_APPROPRIATED,
    ),
    declared(
        "cost_per_added_participant",
        ("Cost per added participant", "每新增一名参与者的成本"),
        "yuan per participant",
        (
            "(Public cash and administration − the baseline's) ÷ residents drawn in, net of those displaced.",
            "（公共支出与工作人员投入折算成本 − 基准情形）÷ 净新增参与者。",
        ),
        None,
        "P-43",
        "lower",
        _NOBODY_ADDED,
        parts=added_participant_parts,
    ),
)
"""What the fund drew for what it paid, alone and against the baseline, and how much of it was used."""
