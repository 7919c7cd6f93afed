"""Indicators of who takes part: who gave or started something, whom a rule drew in, and light acts apart from these.

What counts as an act of giving or starting, in these and in every headline: hours given; money that stayed (a pledge
that went home is none); something started (a project applied for, a group founded). Ballots and meetings are light.
"""

from __future__ import annotations

from commsim.i18n import _
from commsim.record.drawn_in import displaced, drawn_in, net_drawn_in, retention_parts
from commsim.record.formulas import mean_of_months, monthly_share, ratio
from commsim.record.indicator_declaration import declared
from commsim.record.indicators import Indicator
from commsim.record.run_record import RunRecord

AGE_GROUPS = {"18_39": ("18–39", "18–39 岁"), "40_59": ("40–59", "40–59 岁"), "60_plus": ("60+", "60 岁及以上")}
_SHARE = monthly_share("gave_12m", "adults")

_NO_ADULTS = _("nobody belongs to this group")
_NO_ELECTION = _("no residents' committee election was held from the fund's first month on")
_NOBODY_GAVE = _("nobody gave or started anything in the fund's months")
_NOT_KEPT = _("who took part was not kept resident by resident")
_NOBODY_TO_RETAIN = _("nobody was drawn in in the year before the last, or the run has no two whole years")


def _new_faces(run: RunRecord) -> float | None:
    new, everybody = (float(run.columns[name][run.fund_months].sum()) for name in ("gave_new_faces", "gave_month"))
    return ratio(new, everybody)


HEADLINE: tuple[Indicator, ...] = (
    declared(
        "giving_or_starting_share",
        ("Gave or started something, share of adults", "有实际投入的居民占成年居民比例"),
        "share",
        (
            "Adults who gave hours, or money that stayed, or started something (a project, a group) in the last 12 "
            "months, as a share of adults, in the last month. A pledge that is refunded is no act of giving; ballots "
            "and meetings are light acts and do not count.",
            "期末近 12 个月内出过力（投入工时）、捐过款（已退还的认捐不计）或发起过项目、团队的成年居民"
            "占全部成年居民的比例。投票和参加会议属于轻度参与，不计入。",
        ),
        lambda run: ratio(run.at_end("gave_12m"), run.at_end("adults")),
        "P-40",
        "higher",
        _NO_ADULTS,
        monthly=_SHARE,
    ),
    declared(
        "giving_or_starting_share_mean",
        ("Gave or started something, mean over the fund's months", "有实际投入的居民比例（资金期均值）"),
        "share",
        (
            "The share of adults who gave or started something, averaged over the months in which the fund under "
            "comparison runs.",
            "有实际投入的居民比例在被比较资金运行各月的平均值。",
        ),
        mean_of_months(_SHARE),
        "P-40",
        "higher",
        _NO_ADULTS,
    ),
    *(
        declared(
            f"giving_or_starting_share_{key}",
            (f"Gave or started something, age {words}", f"{zh}有实际投入的居民比例"),
            "share",
            (
                f"Adults aged {words} who gave hours or money or started something in the last 12 months, as a share "
                "of them, at the end.",
                f"期末{zh}成年居民中近 12 个月内出过力、捐过款或发起过项目、团队者的比例。",
            ),
            lambda run, key=key: ratio(run.at_end(f"gave_12m_{key}"), run.at_end(f"adults_{key}")),  # type: ignore[misc]
            "P-40",
            "higher",
            _NO_ADULTS,
            monthly=monthly_share(f"gave_12m_{key}", f"adults_{key}"),
        )
        for key, (words, zh) in AGE_GROUPS.items()
    ),
)
"""The share that heads every table, over time and by age."""

DRAWN_IN: tuple[Indicator, ...] = (
    declared(
        "net_drawn_in",
        ("Net drawn in", "净新增参与者"),
        "residents",
        (
            "Drawn in less displaced: adults who gave or started something in the last 12 months with the rule, less "
            "those who did in the paired run.",
            "新增参与者减去被替代者：同样的居民和随机条件下，期末近 12 个月有实际投入的成年居民，"
            "规则下人数减配对运行人数。",
        ),
        None,
        "P-40",
        "higher",
        against=net_drawn_in,
    ),
    declared(
        "drawn_in",
        ("Drawn in", "新增参与者"),
        "residents",
        (
            "Adults who gave or started something in the last 12 months, and did not in the paired run on the same "
            "residents and luck.",
            "期末近 12 个月有实际投入、而在同样居民和随机条件的配对运行中没有的成年居民。",
        ),
        None,
        "P-40",
        "higher",
        _NOT_KEPT,
        against=drawn_in,
    ),
    declared(
        "displaced",
        ("Displaced", "被替代者"),
        "residents",
        (
            "The reverse: adults who gave or started something in the paired run, and not with the rule. Askers have "
            "finite hours: who turns to one neighbour leaves another.",
            "反过来：在配对运行中有实际投入、在该规则下却没有的成年居民。动员者的时间有限，顾此则失彼。",
        ),
        None,
        "P-40",
        "lower",
        _NOT_KEPT,
        against=displaced,
    ),
    declared(
        "retention_12m",
        ("Stayed a year after being drawn in", "新增参与者一年后的留存率"),
        "share",
        (
            "Of those drawn in in the year before the last: the share that gave or started something again in the "
            "last year, less the share of the same people in the paired run.",
            "上上年度的新增参与者中，最近一年再次有实际投入者的比例，减去同一批人在配对运行中的比例。",
        ),
        None,
        "P-40",
        "higher",
        _NOBODY_TO_RETAIN,
        parts=retention_parts,
    ),
    declared(
        "new_face_share",
        ("New faces", "首次投入者占比"),
        "share",
        (
            "Of the people who gave or started something in the fund's months, each counted once in every month, the "
            "share for whom it was the first such act.",
            "资金运行各月中有实际投入的居民（每月各计一次），属首次投入者所占的比例。",
        ),
        _new_faces,
        "P-40",
        "higher",
        _NOBODY_GAVE,
    ),
)
"""Whom the rule drew in against the paired run, whom it displaced, and who stayed."""

LIGHT: tuple[Indicator, ...] = (
    declared(
        "light_share",
        ("Took part lightly, share of adults", "轻度参与居民占成年居民比例"),
        "share",
        (
            "Adults who cast a ballot in the fund or came to a meeting in the last 12 months, as a share of adults, in "
            "the last month.",
            "期末近 12 个月内参加过自治金投票或会议的成年居民占全部成年居民的比例。",
        ),
        lambda run: ratio(run.at_end("light_12m"), run.at_end("adults")),
        "P-40",
        "higher",
        _NO_ADULTS,
        monthly=monthly_share("light_12m", "adults"),
    ),
    declared(
        "active_share",
        (
            "Any act at all, ballots included (the old measure), share of adults",
            "有任何参与行为（含投票，旧口径）的居民比例",
        ),
        "share",
        (
            "Adults with at least one act of any kind in the last 12 months, a ballot included, as a share of adults, "
            "in the last month. It headed the tables before acts were told apart: where there is a vote, it rises "
            "by definition.",
            "期末近 12 个月至少有一次任何参与行为（含投票）的成年居民占全部成年居民的比例。"
            "此为区分参与行为之前的主指标：只要有投票，按定义就会上升。",
        ),
        lambda run: ratio(run.at_end("active_12m"), run.at_end("adults")),
        "P-40",
        "higher",
        _NO_ADULTS,
        monthly=monthly_share("active_12m", "adults"),
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
"""Ballots and meetings, any act at all, and elections."""
